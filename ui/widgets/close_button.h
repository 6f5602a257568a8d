// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QToolButton>

namespace a360::ui {

/// A small × that closes or removes something; `tip` says what. A character rather than an icon: icon themes paint it red.
class CloseButton : public QToolButton
{
    Q_OBJECT

public:
    CloseButton(const QString &tip, QWidget *parent) : QToolButton(parent)
    {
        setText(QStringLiteral("×"));
        setToolTip(tip);
        setAccessibleName(tip);
        setFixedSize(22, 22);
        setProperty("role", QStringLiteral("close"));
    }
};

} // namespace a360::ui

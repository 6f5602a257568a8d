// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "theme/icons.h"

#include <QWidget>

class QLabel;

namespace a360::ui {

class IconLabel;

/// How well something goes: a symbol and a word, never a colour alone.
class VerdictLabel : public QWidget
{
    Q_OBJECT

public:
    enum class Kind { Neutral, Good, Warning, Bad };

    explicit VerdictLabel(QWidget *parent = nullptr);
    void setVerdict(Kind kind, const QString &word, const QString &reason = {});
    QString word() const;
    Kind kind() const { return m_kind; }

private:
    IconLabel *m_symbol;
    QLabel *m_word;
    Kind m_kind = Kind::Neutral;
    bool m_shown = false;
};

} // namespace a360::ui

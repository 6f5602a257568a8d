// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "session/session.h"

#include <QTimer>

namespace a360::ui {

/// How far the rebuilding of indexes that an import has left out is, for the status line: "Rebuilding indexes 3 of 12". Looks
/// four times a second at a number in memory; asks no database.
class IndexWatch : public QObject
{
    Q_OBJECT

public:
    explicit IndexWatch(Session &session, QObject *parent = nullptr);

    /// Empty while nothing is being rebuilt.
    QString text() const { return m_text; }

Q_SIGNALS:
    void changed();

private:
    void look();
    Session &m_session;
    QTimer m_timer;
    QString m_text;
};

} // namespace a360::ui

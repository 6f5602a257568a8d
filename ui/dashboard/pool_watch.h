// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "figures/verdict_label.h"
#include "session/session.h"

#include <QTimer>

namespace a360::ui {

/// The pool's state in a word, for the status line: "pool ok". Looks every two seconds at counters in memory; asks no
/// database.
class PoolWatch : public QObject
{
    Q_OBJECT

public:
    explicit PoolWatch(Session &session, QObject *parent = nullptr);

    VerdictLabel::Kind kind() const { return m_kind; }
    /// Empty while no database is open.
    QString text() const { return m_text; }
    QString tip() const { return m_tip; }

Q_SIGNALS:
    void changed();

private:
    void look();
    Session &m_session;
    QTimer m_timer;
    VerdictLabel::Kind m_kind = VerdictLabel::Kind::Neutral;
    QString m_text, m_tip;
};

} // namespace a360::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancel_token.h"
#include "db/database_url.h"

#include <chrono>
#include <memory>

namespace a360::db {

class PooledConnection;

/// Waits for PostgreSQL's notifications on a connection of its own (decision 23), or just waits where there are none: on
/// SQLite, behind a pooler, without a connection. Everything but wake() and stop() belongs to one thread.
class EpochListener
{
public:
    /// `enabled` false: never connects.
    EpochListener(const DatabaseUrl &url, bool enabled);
    ~EpochListener();
    EpochListener(const EpochListener &) = delete;
    EpochListener &operator=(const EpochListener &) = delete;

    /// Connects if that is due; after a failure it is only tried again some seconds later.
    void connectIfDue();
    bool isListening() const { return m_connection != nullptr; }
    /// Until a notification comes (true), wake() is called or the time is over. A negative time: no limit.
    bool wait(std::chrono::milliseconds time);
    /// From any thread: ends the wait that runs, or the next one.
    void wake();
    /// From any thread: also ends an attempt to connect, and all later ones.
    void stop();

private:
    bool takeNotifications();
    void lose();

    const DatabaseUrl m_url;
    bool m_enabled;
    std::unique_ptr<PooledConnection> m_connection;
    std::chrono::steady_clock::time_point m_nextTry;
    CancelSource m_stopping;
    int m_event = -1; // eventfd
};

} // namespace a360::db

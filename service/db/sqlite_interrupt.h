// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancel_token.h"
#include "db/database_error.h"

#include <chrono>
#include <optional>

struct sqlite3;

namespace a360::db {

/// Ends SQLite statements of one connection on cancellation or past their deadline: SQLite asks it every few thousand
/// steps of its machine, and while it waits for a lock. Everything runs in the thread that executes the statement, so
/// no interrupt can hit the next one by mistake.
class SqliteInterrupt
{
public:
    static constexpr std::chrono::milliseconds busyTimeout{5000};

    void install(sqlite3 *handle);
    void arm(CancelToken cancel, std::chrono::milliseconds timeout);
    void disarm();
    Interruption cause() const { return {m_cancel.isCancelled()}; }

private:
    static int onProgress(void *self);
    static int onBusy(void *self, int attempt);
    bool shouldStop() const;

    CancelToken m_cancel;
    std::optional<std::chrono::steady_clock::time_point> m_deadline;
    std::chrono::steady_clock::time_point m_busySince;
};

/// Arms for one scope.
class SqliteInterruptScope
{
public:
    SqliteInterruptScope(SqliteInterrupt &interrupt, CancelToken cancel, std::chrono::milliseconds timeout)
        : m_interrupt(interrupt)
    {
        m_interrupt.arm(std::move(cancel), timeout);
    }
    ~SqliteInterruptScope() { m_interrupt.disarm(); }
    SqliteInterruptScope(const SqliteInterruptScope &) = delete;
    SqliteInterruptScope &operator=(const SqliteInterruptScope &) = delete;

private:
    SqliteInterrupt &m_interrupt;
};

} // namespace a360::db

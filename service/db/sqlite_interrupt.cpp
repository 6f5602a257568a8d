// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/sqlite_interrupt.h"

#include <sqlite3.h>

#include <algorithm>

namespace a360::db {

void SqliteInterrupt::install(sqlite3 *handle)
{
    sqlite3_progress_handler(handle, 4000, &SqliteInterrupt::onProgress, this);
    sqlite3_busy_handler(handle, &SqliteInterrupt::onBusy, this);
}

void SqliteInterrupt::arm(CancelToken cancel, std::chrono::milliseconds timeout)
{
    m_cancel = std::move(cancel);
    m_deadline.reset();
    if (timeout.count() > 0)
        m_deadline = std::chrono::steady_clock::now() + timeout;
}

void SqliteInterrupt::disarm()
{
    m_cancel = {};
    m_deadline.reset();
}

bool SqliteInterrupt::shouldStop() const
{
    return m_cancel.isCancelled() || (m_deadline && std::chrono::steady_clock::now() >= *m_deadline);
}

int SqliteInterrupt::onProgress(void *self)
{
    return static_cast<SqliteInterrupt *>(self)->shouldStop() ? 1 : 0;
}

int SqliteInterrupt::onBusy(void *self, int attempt)
{
    auto *interrupt = static_cast<SqliteInterrupt *>(self);
    const auto now = std::chrono::steady_clock::now();
    if (attempt == 0)
        interrupt->m_busySince = now;
    if (interrupt->shouldStop() || now - interrupt->m_busySince >= busyTimeout)
        return 0;
    sqlite3_sleep(std::min(1 + attempt * 2, 25)); // short first: most locks are held for a moment only
    return 1;
}

} // namespace a360::db

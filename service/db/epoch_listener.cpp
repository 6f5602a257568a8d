// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/epoch_listener.h"

#include "core/logging.h"
#include "db/connection_opener.h"
#include "db/epochs.h"
#include "db/postgres_exchange.h"

#include <libpq-fe.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace a360::db {

namespace {

constexpr std::chrono::seconds retryAfter{10};
constexpr std::chrono::seconds connectLimit{2};

/// A pooler such as PgBouncer makes up the process number it tells its clients; in transaction mode it would take the
/// LISTEN and then deliver nothing.
Result<bool> isBehindPooler(PGconn *connection, const PostgresExchange &exchange)
{
    const Result<PgResult> told = exchange.run("SELECT pg_backend_pid()");
    if (!told.ok())
        return told.error();
    return QByteArray(PQgetvalue(told->get(), 0, 0)).toInt() != PQbackendPID(connection);
}

} // namespace

EpochListener::EpochListener(const DatabaseUrl &url, bool enabled)
    : m_url(url), m_enabled(enabled && url.dialect == Dialect::PostgreSql), m_event(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
{
}

EpochListener::~EpochListener()
{
    m_connection.reset();
    if (m_event >= 0)
        ::close(m_event);
}

void EpochListener::connectIfDue()
{
    if (!m_enabled || m_connection || std::chrono::steady_clock::now() < m_nextTry)
        return;
    m_nextTry = std::chrono::steady_clock::now() + retryAfter;
    PoolSettings settings;
    settings.readOnly = true;
    Result<std::unique_ptr<PooledConnection>> opened = ConnectionOpener::open(m_url, settings, {connectLimit, m_stopping.token()});
    if (!opened.ok())
        return; // polling does without; the pool tells what is wrong
    PGconn *const connection = opened.value()->postgres();
    const PostgresExchange exchange(connection, m_stopping.token(), connectLimit);
    const Result<bool> pooler = isBehindPooler(connection, exchange);
    if (pooler.ok() && pooler.value()) {
        qCInfo(lcDb) << "there is a pooler in front of the database: changes of others are found by polling alone";
        m_enabled = false;
        return;
    }
    const QByteArray listen = QByteArray("LISTEN ") + epochChannel;
    if (pooler.ok() && exchange.run(listen.constData()).ok())
        m_connection = std::move(*opened);
}

bool EpochListener::wait(std::chrono::milliseconds time)
{
    if (m_connection && takeNotifications())
        return true; // they came with an earlier answer
    pollfd watched[2] = {{m_event, POLLIN, 0}, {-1, POLLIN, 0}};
    if (m_connection)
        watched[1].fd = PQsocket(m_connection->postgres());
    if (::poll(watched, m_connection ? 2 : 1, static_cast<int>(time.count())) <= 0)
        return false;
    if (watched[0].revents != 0) {
        quint64 count = 0;
        [[maybe_unused]] const ssize_t read = ::read(m_event, &count, sizeof count);
    }
    return watched[1].revents != 0 && takeNotifications();
}

bool EpochListener::takeNotifications()
{
    PGconn *const connection = m_connection->postgres();
    if (PQconsumeInput(connection) == 0) {
        lose();
        return true; // something may have been missed
    }
    bool any = false;
    while (PGnotify *const one = PQnotifies(connection)) {
        PQfreemem(one);
        any = true;
    }
    return any;
}

void EpochListener::lose()
{
    m_connection->markBroken(QStringLiteral("the listening connection was lost"));
    m_connection.reset();
    m_nextTry = std::chrono::steady_clock::now() + retryAfter;
}

void EpochListener::stop()
{
    m_stopping.cancel();
    wake();
}

void EpochListener::wake()
{
    const quint64 one = 1;
    [[maybe_unused]] const ssize_t written = ::write(m_event, &one, sizeof one);
}

} // namespace a360::db

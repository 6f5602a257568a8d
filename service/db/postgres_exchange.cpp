// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/postgres_exchange.h"

#include "db/link_probe.h"
#include "db/postgres_parameters.h"

#include <poll.h>
#include <sys/socket.h>

namespace a360::db {

namespace {

using Clock = std::chrono::steady_clock;
constexpr int turnMs = 40;                         // how long a cancellation may go unseen
constexpr std::chrono::seconds repeatCancel{1};    // the first request may arrive before the statement has begun
constexpr std::chrono::seconds patience{10};       // with a server that does not react to a cancel request
constexpr std::chrono::seconds cancelProbe{2};     // PQcancel() would wait without end on a way that is cut

} // namespace

Result<PgResult> PostgresExchange::run(const char *script) const
{
    if (m_cancel.isCancelled())
        return cancelledError();
    if (!PQsendQuery(m_connection, script))
        return postgresError(m_connection, nullptr);
    return lastResult();
}

Result<PgResult> PostgresExchange::run(const Sql &statement) const
{
    if (m_cancel.isCancelled())
        return cancelledError();
    for (const Value &value : statement.values()) {
        const auto *text = std::get_if<QByteArray>(&value);
        if (text && text->contains('\0'))
            return makeError(ErrorCode::InvalidArgument, QStringLiteral("A text contains a NUL character, which "
                                                                        "PostgreSQL cannot store."));
    }
    const PostgresParameters parameters(statement);
    constexpr int binary = 1;
    if (!PQsendQueryParams(m_connection, statement.text().constData(), parameters.count(), nullptr, parameters.values(),
                           nullptr, nullptr, binary))
        return postgresError(m_connection, nullptr);
    return lastResult();
}

Result<PgResult> PostgresExchange::lastResult() const
{
    PgResult last;
    PgResult failed;
    for (;;) {
        Result<PgResult> next = nextResult();
        if (!next.ok())
            return next;
        if (!next.value())
            break;
        const ExecStatusType status = PQresultStatus(next.value().get());
        if (status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE)
            failed = std::move(next).value();
        else
            last = std::move(next).value();
        if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH)
            return last; // the copy itself follows; nothing more comes before it
    }
    if (failed)
        return postgresError(m_connection, failed.get(), interruption());
    if (!last)
        return postgresError(m_connection, nullptr);
    return last;
}

Result<PgResult> PostgresExchange::nextResult() const
{
    A360_TRY(flush());
    const Clock::time_point begin = Clock::now();
    std::optional<Clock::time_point> firstCancel, latestCancel;
    SilenceWatch silence(PQsocket(m_connection));
    while (PQisBusy(m_connection)) {
        const Clock::time_point now = Clock::now();
        if (m_limit.count() > 0 && now - begin >= m_limit) {
            giveUp();
            return timeoutError();
        }
        if (m_cancel.isCancelled() && (!latestCancel || now - *latestCancel >= repeatCancel)) {
            if (firstCancel && now - *firstCancel >= patience) {
                giveUp();
                return cancelledError();
            }
            sendCancel();
            if (PQstatus(m_connection) != CONNECTION_OK)
                return cancelledError();
            latestCancel = now;
            firstCancel = firstCancel.value_or(now);
        }
        if (silence.linkIsDead()) {
            giveUp();
            return postgresError(m_connection, nullptr);
        }
        pollfd socket{PQsocket(m_connection), POLLIN, 0};
        const int ready = ::poll(&socket, 1, turnMs);
        if (ready > 0 && !PQconsumeInput(m_connection))
            return postgresError(m_connection, nullptr);
        if (PQstatus(m_connection) != CONNECTION_OK)
            break;
    }
    return PgResult(PQgetResult(m_connection));
}

Result<void> PostgresExchange::flush() const
{
    for (;;) {
        const int left = PQflush(m_connection);
        if (left == 0)
            return {};
        if (left < 0)
            return postgresError(m_connection, nullptr);
        if (!waitForSocket(true))
            return m_cancel.isCancelled() ? cancelledError() : timeoutError();
    }
}

bool PostgresExchange::waitForSocket(bool alsoWritable) const
{
    const Clock::time_point begin = Clock::now();
    SilenceWatch silence(PQsocket(m_connection));
    for (;;) {
        pollfd socket{PQsocket(m_connection), static_cast<short>(POLLIN | (alsoWritable ? POLLOUT : 0)), 0};
        if (::poll(&socket, 1, turnMs) != 0)
            return true;
        if (m_cancel.isCancelled() || (m_limit.count() > 0 && Clock::now() - begin >= m_limit))
            return false;
        if (silence.linkIsDead()) {
            giveUp();
            return true; // for the caller to find the link at its end
        }
    }
}

void PostgresExchange::drain() const
{
    const Clock::time_point begin = Clock::now();
    while (PQstatus(m_connection) == CONNECTION_OK) {
        while (PQisBusy(m_connection)) {
            if (Clock::now() - begin >= patience) {
                giveUp();
                return;
            }
            pollfd socket{PQsocket(m_connection), POLLIN, 0};
            ::poll(&socket, 1, turnMs);
            if (!PQconsumeInput(m_connection))
                return;
        }
        const PgResult result(PQgetResult(m_connection));
        if (!result)
            return;
        const ExecStatusType status = PQresultStatus(result.get());
        if (status == PGRES_COPY_IN)
            PQputCopyEnd(m_connection, "given up");
        if (status != PGRES_COPY_OUT)
            continue;
        char *buffer = nullptr;
        int size = 0;
        while ((size = PQgetCopyData(m_connection, &buffer, 0)) > 0)
            PQfreemem(buffer);
    }
}

void PostgresExchange::giveUp() const
{
    // The protocol has no way out of here but to close the socket; the pool finds the connection dead.
    ::shutdown(PQsocket(m_connection), SHUT_RDWR);
    PQconsumeInput(m_connection);
}

void PostgresExchange::sendCancel() const
{
    if (!LinkProbe(PQsocket(m_connection), cancelProbe).isAlive())
        return giveUp();
    const std::unique_ptr<PGcancel, decltype(&PQfreeCancel)> handle(PQgetCancel(m_connection), &PQfreeCancel);
    char message[256];
    if (handle)
        PQcancel(handle.get(), message, sizeof message);
}

} // namespace a360::db

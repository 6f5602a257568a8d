// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/claim_mark.h"

#include <QCoreApplication>
#include <QFile>
#include <QUuid>

#include <cerrno>
#include <csignal>

namespace a360::db {

namespace {

constexpr qsizetype startFieldAfterName = 19; // of /proc/PID/stat (proc(5): field 22, the name is the second)

/// When a process of this machine began, in ticks since the machine did; empty where that cannot be known.
QByteArray processStart(qint64 pid)
{
    QFile file(QStringLiteral("/proc/%1/stat").arg(pid));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    const QByteArray stat = file.readAll();
    const qsizetype name = stat.lastIndexOf(')'); // it may hold anything
    return name < 0 ? QByteArray() : stat.mid(name + 2).split(' ').value(startFieldAfterName);
}

bool isProcessAlive(qint64 pid, const QByteArray &start)
{
    if (::kill(static_cast<pid_t>(pid), 0) != 0 && errno != EPERM)
        return false;
    const QByteArray now = processStart(pid);
    return start.isEmpty() || now.isEmpty() || start == now;
}

} // namespace

Result<QByteArray> newClaimMark(Lease &lease)
{
    const QByteArray unique = ' ' + QUuid::createUuid().toByteArray(QUuid::Id128);
    if (lease.dialect() == Dialect::Sqlite) {
        const qint64 pid = QCoreApplication::applicationPid();
        return QByteArray(QByteArray::number(pid) + ' ' + processStart(pid) + unique);
    }
    const Sql self(Dialect::PostgreSql, "SELECT pid || ' ' || extract(epoch FROM backend_start) FROM pg_stat_activity "
                                        "WHERE pid = pg_backend_pid()");
    A360_TRY_ASSIGN(const RowBatch rows, lease.query(self, {ColumnType::Text}));
    if (rows.rowCount() != 1)
        return makeError(ErrorCode::Internal, QStringLiteral("The server does not list its own process."));
    const std::string_view text = rows.cell(0, 0).text();
    return QByteArray(QByteArray(text.data(), static_cast<qsizetype>(text.size())) + unique);
}

Result<bool> isClaimantAlive(Lease &lease, const QByteArray &mark)
{
    if (mark.isEmpty())
        return false;
    const QByteArrayList parts = mark.split(' ');
    const qint64 pid = parts.first().toLongLong();
    const QByteArray start = parts.value(1); // marks of earlier versions have none
    if (lease.dialect() == Dialect::Sqlite)
        return isProcessAlive(pid, start);
    // The start of another role's process may not be seen.
    Sql look(Dialect::PostgreSql, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid = ");
    look.bind(pid).raw(" AND (backend_start IS NULL OR extract(epoch FROM backend_start)::text = ").bind(start);
    look.raw(start.isEmpty() ? " OR true)" : ")");
    A360_TRY_ASSIGN(const qint64 count, lease.queryInteger(look));
    return count > 0;
}

} // namespace a360::db

// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/connection_opener.h"

#include "db/awaited_opening.h"
#include "db/driver_thread.h"
#include "db/sqlite_functions.h"

#include <QSqlDriver>
#include <QSqlError>
#include <QSqlQuery>
#include <QVariant>

#include <libpq-fe.h>
#include <sqlite3.h>

#include <atomic>

namespace a360::db {

namespace {

/// The native handle inside a driver. PostgreSQL's type is registered as "pg_conn*" or "PGconn*", by Qt version.
template <typename T>
T *nativeHandle(const QSqlDatabase &database, std::initializer_list<const char *> typeNames)
{
    const QVariant handle = database.driver()->handle();
    for (const char *name : typeNames) {
        if (handle.isValid() && qstrcmp(handle.typeName(), name) == 0)
            return *static_cast<T *const *>(handle.data());
    }
    return nullptr;
}

QString quotedOption(const QString &value)
{
    QString quoted = value;
    quoted.replace(u'\\', QStringLiteral("\\\\")).replace(u'\'', QStringLiteral("\\'"));
    return u'\'' + quoted + u'\'';
}

void ignoreNotice(void *, const char *)
{
}

Error missingPlugin(const QString &plugin)
{
    return makeError(ErrorCode::Unsupported,
                     QStringLiteral("Qt's database plugin %1 is not installed.").arg(plugin));
}

} // namespace

Result<std::unique_ptr<PooledConnection>> ConnectionOpener::open(const DatabaseUrl &url, const PoolSettings &settings,
                                                                 const ConnectAttempt &attempt)
{
    A360_TRY(attempt.cancel.check());
    const auto parked = [](Opened opened) {
        if (opened.ok())
            parkDriver(opened.value()->database());
        return opened;
    };
    if (url.dialect == Dialect::Sqlite)
        return parked(openSqlite(url, settings));
    // Qt's driver connects in one blocking call, the question to the name service included.
    return awaitOpening([parked, url, settings, attempt] { return parked(openPostgres(url, settings, attempt)); },
                        attempt.cancel);
}

std::unique_ptr<PooledConnection> ConnectionOpener::make(const DatabaseUrl &url, const PoolSettings &settings,
                                                         const QString &plugin)
{
    static std::atomic<quint64> number = 0; // names are global in Qt
    std::unique_ptr<PooledConnection> connection(new PooledConnection);
    connection->m_dialect = url.dialect;
    connection->m_readOnly = settings.readOnly;
    connection->m_name = QStringLiteral("a360-%1").arg(++number);
    connection->m_database = QSqlDatabase::addDatabase(plugin, connection->m_name);
    connection->idleSince = PooledConnection::Clock::now();
    return connection;
}

Result<std::unique_ptr<PooledConnection>>
ConnectionOpener::openPostgres(const DatabaseUrl &url, const PoolSettings &settings, const ConnectAttempt &attempt)
{
    const QString plugin = QStringLiteral("QPSQL");
    if (!QSqlDatabase::isDriverAvailable(plugin))
        return missingPlugin(plugin);
    const auto deadline = PooledConnection::Clock::now() + attempt.limit;
    const auto left = [deadline] {
        return std::chrono::duration_cast<std::chrono::milliseconds>(deadline - PooledConnection::Clock::now());
    };
    if (attempt.tryFirst)
        A360_TRY(tryPostgres(url, attempt.limit, attempt.cancel));
    // A server that had just no place left may have one by the time it is asked why (the attempt before may still have been
    // on its way out), and none again when Qt's driver comes back: a few turns tell a full server from a crowded one.
    constexpr int mostTurns = 8;
    for (int turn = 1;; ++turn) {
        Opened opened = connectPostgres(url, settings, left());
        if (opened.ok() || opened.error().code == ErrorCode::Unsupported)
            return opened;
        A360_TRY(tryPostgres(url, left(), attempt.cancel));
        if (turn == mostTurns || left().count() <= 0)
            return opened;
    }
}

/// As Qt's driver does it: blocks, for at least the 2 s that libpq always grants.
Result<std::unique_ptr<PooledConnection>>
ConnectionOpener::connectPostgres(const DatabaseUrl &url, const PoolSettings &settings, std::chrono::milliseconds limit)
{
    std::unique_ptr<PooledConnection> connection = make(url, settings, QStringLiteral("QPSQL"));
    QSqlDatabase &database = connection->m_database;
    database.setHostName(url.host);
    database.setDatabaseName(url.name);
    database.setUserName(url.user);
    database.setPassword(url.password);
    if (url.port > 0)
        database.setPort(url.port);
    QMap<QString, QString> all = postgresOptions(url);
    const qint64 seconds = std::max<qint64>(std::chrono::ceil<std::chrono::seconds>(limit).count(), 2);
    QString &timeout = all[QStringLiteral("connect_timeout")];
    if (timeout.toLongLong() <= 0 || timeout.toLongLong() > seconds)
        timeout = QString::number(seconds);
    QStringList options;
    for (auto it = all.begin(); it != all.end(); ++it)
        options += it.key() + u'=' + quotedOption(it.value());
    database.setConnectOptions(options.join(u';'));
    if (!database.open())
        return makeError(ErrorCode::Unavailable, QStringLiteral("Cannot connect to PostgreSQL."),
                         QStringLiteral("DATABASE_URL"), database.lastError().text());
    connection->m_postgres = nativeHandle<pg_conn>(database, {"pg_conn*", "PGconn*"});
    if (!connection->m_postgres)
        return makeError(ErrorCode::Unsupported, QStringLiteral("Qt's PostgreSQL plugin gives no access to libpq."));
    PQsetNoticeProcessor(connection->m_postgres, &ignoreNotice, nullptr);
    return connection;
}

Result<std::unique_ptr<PooledConnection>> ConnectionOpener::openSqlite(const DatabaseUrl &url,
                                                                       const PoolSettings &settings)
{
    const QString plugin = QStringLiteral("QSQLITE");
    if (!QSqlDatabase::isDriverAvailable(plugin))
        return missingPlugin(plugin);
    A360_TRY(checkSqliteFile(url.path, settings.readOnly));
    std::unique_ptr<PooledConnection> connection = make(url, settings, plugin);
    QSqlDatabase &database = connection->m_database;
    database.setDatabaseName(url.path);
    if (settings.readOnly)
        database.setConnectOptions(QStringLiteral("QSQLITE_OPEN_READONLY"));
    if (!database.open()) {
        const int code = database.lastError().nativeErrorCode().toInt();
        Error error = sqliteError(nullptr, code == SQLITE_OK ? SQLITE_CANTOPEN : code);
        error.message += QStringLiteral(" (%1)").arg(url.path);
        return error;
    }
    A360_TRY(prepareSqlite(*connection, url.path));
    return connection;
}

Result<void> ConnectionOpener::prepareSqlite(PooledConnection &connection, const QString &path)
{
    {
        // Handing the plugin's handle to another copy of SQLite would corrupt memory.
        QSqlQuery query(connection.m_database);
        if (!query.exec(QStringLiteral("SELECT sqlite_source_id()")) || !query.next())
            return makeError(ErrorCode::Database, QStringLiteral("SQLite does not answer."), {}, query.lastError().text());
        if (query.value(0).toByteArray() != sqlite3_sourceid())
            return makeError(ErrorCode::Unsupported,
                             QStringLiteral("Qt's SQLite plugin carries another SQLite library than this program (%1); "
                                            "install the distribution's Qt.")
                                 .arg(QString::fromLatin1(sqlite3_libversion())));
    }
    connection.m_sqlite = nativeHandle<sqlite3>(connection.m_database, {"sqlite3*"});
    if (!connection.m_sqlite)
        return makeError(ErrorCode::Unsupported, QStringLiteral("Qt's SQLite plugin gives no access to SQLite."));
    sqlite3 *handle = connection.m_sqlite;
    sqlite3_extended_result_codes(handle, 1);
    connection.m_interrupt.install(handle);
    if (!connection.m_readOnly && sqlite3_db_readonly(handle, "main") == 1)
        return makeError(ErrorCode::Io, QStringLiteral("The database file %1 may only be read.").arg(path));
    // The schema is read here as well, so that a damaged file is refused now and not by the first statement.
    const char *setup = connection.m_readOnly
                            ? "PRAGMA cache_size=-8192; SELECT count(*) FROM sqlite_master;"
                            : "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-8192;"
                              "SELECT count(*) FROM sqlite_master;";
    const int code = sqlite3_exec(handle, setup, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) {
        Error error = sqliteError(handle, code);
        // The file itself is open by now.
        if (connection.m_readOnly && ((code & 0xff) == SQLITE_READONLY || (code & 0xff) == SQLITE_CANTOPEN))
            error.message = QStringLiteral("Reading the database needs the right to write in its folder, where its write-ahead "
                                           "log lies; allow it, or read a copy in another folder.");
        error.message += QStringLiteral(" (%1)").arg(path);
        return error;
    }
    return registerSqliteFunctions(handle);
}

} // namespace a360::db

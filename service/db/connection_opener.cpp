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
                                                                 const CancelToken &cancel)
{
    A360_TRY(cancel.check());
    const auto parked = [](Opened opened) {
        if (opened.ok())
            parkDriver(opened.value()->database());
        return opened;
    };
    if (url.dialect == Dialect::Sqlite)
        return parked(openSqlite(url, settings));
    // Qt's driver connects in one blocking call, the question to the name service included.
    return awaitOpening([parked, url, settings] { return parked(openPostgres(url, settings)); }, cancel);
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

Result<std::unique_ptr<PooledConnection>> ConnectionOpener::openPostgres(const DatabaseUrl &url,
                                                                         const PoolSettings &settings)
{
    const QString plugin = QStringLiteral("QPSQL");
    if (!QSqlDatabase::isDriverAvailable(plugin))
        return missingPlugin(plugin);
    std::unique_ptr<PooledConnection> connection = make(url, settings, plugin);
    QSqlDatabase &database = connection->m_database;
    database.setHostName(url.host);
    database.setDatabaseName(url.name);
    database.setUserName(url.user);
    database.setPassword(url.password);
    if (url.port > 0)
        database.setPort(url.port);
    QStringList options;
    const QMap<QString, QString> all = postgresOptions(url);
    for (auto it = all.begin(); it != all.end(); ++it)
        options += it.key() + u'=' + quotedOption(it.value());
    database.setConnectOptions(options.join(u';'));
    const auto begin = PooledConnection::Clock::now();
    if (!database.open()) {
        const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(PooledConnection::Clock::now() - begin);
        return diagnosePostgres(url, database.lastError().text(), took);
    }
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
        error.message += QStringLiteral(" (%1)").arg(path);
        return error;
    }
    return registerSqliteFunctions(handle);
}

} // namespace a360::db

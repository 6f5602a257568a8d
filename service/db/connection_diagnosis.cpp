// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/connection_opener.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>

#include <libpq-fe.h>

#include <poll.h>

namespace a360::db {

namespace {

using Connection = std::unique_ptr<PGconn, decltype(&PQfinish)>;

QString serverName(const DatabaseUrl &url)
{
    const QString host = url.host.isEmpty() ? QStringLiteral("the local server") : url.host;
    return url.port > 0 ? QStringLiteral("%1, port %2").arg(host).arg(url.port) : host;
}

Connection startConnecting(const DatabaseUrl &url)
{
    QMap<QString, QString> all = postgresOptions(url);
    const std::pair<QString, QString> own[] = {{QStringLiteral("host"), url.host},
                                               {QStringLiteral("user"), url.user},
                                               {QStringLiteral("password"), url.password},
                                               {QStringLiteral("dbname"), url.name},
                                               {QStringLiteral("port"), url.port > 0 ? QString::number(url.port)
                                                                                     : QString()}};
    for (const auto &[key, value] : own)
        all.insert(key, value);
    std::vector<QByteArray> texts;
    for (auto it = all.begin(); it != all.end(); ++it) {
        texts.push_back(it.key().toUtf8());
        texts.push_back(it.value().toUtf8());
    }
    std::vector<const char *> keys, values;
    for (size_t i = 0; i < texts.size(); i += 2) {
        keys.push_back(texts[i].constData());
        values.push_back(texts[i + 1].constData());
    }
    keys.push_back(nullptr);
    values.push_back(nullptr);
    return Connection(PQconnectStartParams(keys.data(), values.data(), 0), &PQfinish);
}

/// Drives the connection to its end; Timeout when it takes longer than `limit`.
Result<void> finishConnecting(PGconn *connection, std::chrono::milliseconds limit, const CancelToken &cancel)
{
    constexpr std::chrono::milliseconds turn{40}; // how long a cancellation may go unseen
    const auto deadline = std::chrono::steady_clock::now() + limit;
    PostgresPollingStatusType state = PGRES_POLLING_WRITING;
    while (state != PGRES_POLLING_OK && state != PGRES_POLLING_FAILED) {
        A360_TRY(cancel.check());
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
        if (left.count() <= 0)
            return timeoutError();
        pollfd socket{PQsocket(connection), static_cast<short>(state == PGRES_POLLING_READING ? POLLIN : POLLOUT), 0};
        if (::poll(&socket, 1, static_cast<int>(std::min(left, turn).count())) > 0)
            state = PQconnectPoll(connection);
    }
    return {};
}

Error unavailable(const DatabaseUrl &url, const QString &detail)
{
    return makeError(ErrorCode::Unavailable,
                     QStringLiteral("Cannot reach PostgreSQL at %1. Is the server running, and are host and port right?")
                         .arg(serverName(url)),
                     QStringLiteral("DATABASE_URL"), detail);
}

/// What the server said when it refused, in words of ours; the server's own go to the detail.
Error refusal(const DatabaseUrl &url, const QString &sqlState, const QString &serverWords)
{
    const QString server = serverName(url);
    const QString user = url.user.isEmpty() ? QStringLiteral("the current user") : u'"' + url.user + u'"';
    const auto error = [&](ErrorCode code, const QString &message) {
        return makeError(code, message, QStringLiteral("DATABASE_URL"),
                         QStringLiteral("SQLSTATE %1: %2").arg(sqlState, serverWords));
    };
    if (sqlState == u"3D000")
        return error(ErrorCode::NotFound, QStringLiteral("There is no database \"%1\" at %2.").arg(url.name, server));
    if (sqlState == u"28P01")
        return error(ErrorCode::PermissionDenied,
                     QStringLiteral("PostgreSQL at %1 refused the password of %2.").arg(server, user));
    if (sqlState == u"42501")
        return error(ErrorCode::PermissionDenied,
                     QStringLiteral("The role %1 may not connect to the database \"%2\" at %3. Its owner can allow it: GRANT "
                                    "CONNECT ON DATABASE %2 TO %1;").arg(user, url.name, server));
    if (errorCodeOfSqlState(sqlState.toLatin1().toStdString()) == ErrorCode::PermissionDenied)
        return error(ErrorCode::PermissionDenied,
                     QStringLiteral("PostgreSQL at %1 does not let %2 log in to the database \"%3\": there is no such role, "
                                    "or the rules of the server (pg_hba.conf) do not allow it from here.")
                         .arg(server, user, url.name));
    if (sqlState == u"53300")
        return error(ErrorCode::Unavailable,
                     QStringLiteral("PostgreSQL at %1 takes no more connections. Try again when others have ended, or lower "
                                    "DATABASE_POOL_SIZE.").arg(server));
    if (sqlState == u"57P03")
        return error(ErrorCode::Unavailable,
                     QStringLiteral("PostgreSQL at %1 is starting or stopping. Try again in a moment.").arg(server));
    return error(ErrorCode::Unavailable, QStringLiteral("PostgreSQL at %1 refused the connection.").arg(server));
}

/// libpq's own complaints, which carry no SQLSTATE.
Error ownComplaint(const DatabaseUrl &url, PGconn *connection, const QString &message)
{
    if (PQconnectionNeedsPassword(connection))
        return makeError(ErrorCode::PermissionDenied,
                         QStringLiteral("PostgreSQL at %1 asks for a password, and none was given.").arg(serverName(url)),
                         QStringLiteral("DATABASE_URL"), message);
    if (message.contains(u"SSL"))
        return makeError(ErrorCode::Unavailable,
                         QStringLiteral("No encrypted connection to PostgreSQL at %1 could be made. The option sslmode of the "
                                        "database's address says what is asked for.").arg(serverName(url)),
                         QStringLiteral("DATABASE_URL"), message);
    return unavailable(url, message);
}

} // namespace

QMap<QString, QString> postgresOptions(const DatabaseUrl &url)
{
    QMap<QString, QString> options{{QStringLiteral("connect_timeout"), QStringLiteral("5")},
                                   {QStringLiteral("keepalives_idle"), QStringLiteral("30")},
                                   {QStringLiteral("keepalives_interval"), QStringLiteral("10")},
                                   {QStringLiteral("keepalives_count"), QStringLiteral("3")},
                                   {QStringLiteral("tcp_user_timeout"), QStringLiteral("30000")},
                                   {QStringLiteral("fallback_application_name"), QStringLiteral("appointment360")}};
    options.insert(url.options);
    options.insert(QStringLiteral("client_encoding"), QStringLiteral("UTF8"));
    return options;
}

Result<void> tryPostgres(const DatabaseUrl &url, std::chrono::milliseconds limit, const CancelToken &cancel)
{
    const Connection connection = startConnecting(url);
    if (!connection || PQstatus(connection.get()) == CONNECTION_BAD)
        return unavailable(url, connection ? QString::fromUtf8(PQerrorMessage(connection.get())).trimmed() : QString());
    // Verbose messages carry the SQLSTATE ("FATAL:  28P01: …"), whatever language the server speaks.
    PQsetErrorVerbosity(connection.get(), PQERRORS_VERBOSE);
    const int own = postgresOptions(url).value(QStringLiteral("connect_timeout")).toInt();
    limit = std::min<std::chrono::milliseconds>(limit, std::chrono::seconds(qBound(1, own, 60)));
    const Result<void> finished = finishConnecting(connection.get(), limit, cancel);
    if (!finished.ok() && finished.error().code == ErrorCode::Timeout)
        return unavailable(url, QStringLiteral("no answer in time"));
    A360_TRY(finished);
    if (PQstatus(connection.get()) == CONNECTION_OK)
        return {};
    const QString message = QString::fromUtf8(PQerrorMessage(connection.get())).trimmed();
    // Every SQLSTATE holds a digit, which tells it from the word for the severity in front of it.
    static const QRegularExpression state(QStringLiteral(":\\s+(?=[A-Z]*[0-9])([0-9A-Z]{5}):\\s*([^\\n]*)"));
    const QRegularExpressionMatch match = state.match(message);
    return match.hasMatch() ? refusal(url, match.captured(1), match.captured(2))
                            : ownComplaint(url, connection.get(), message);
}

bool isServerFull(const Error &error)
{
    return error.detail.contains(u" 53300: ");
}

Result<void> checkSqliteFile(const QString &path, bool readOnly)
{
    const QString field = QStringLiteral("DATABASE_URL");
    const QFileInfo info(path);
    if (info.isDir())
        return makeError(ErrorCode::UnusableInput, QStringLiteral("%1 is a folder, not an SQLite database.").arg(path),
                         field);
    if (!info.exists()) {
        if (readOnly)
            return makeError(ErrorCode::NotFound, QStringLiteral("There is no database file %1.").arg(path), field);
        if (!info.absoluteDir().exists())
            return makeError(ErrorCode::Io,
                             QStringLiteral("The folder %1 for the database file does not exist.").arg(info.absolutePath()),
                             field);
        if (!QFileInfo(info.absolutePath()).isWritable())
            return makeError(ErrorCode::Io,
                             QStringLiteral("The database file %1 cannot be created: the folder may only be read.").arg(path),
                             field);
        return {};
    }
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return makeError(ErrorCode::PermissionDenied,
                         QStringLiteral("The database file %1 cannot be read: %2.").arg(path, file.errorString()), field);
    const QByteArray head = file.read(16);
    if (!head.isEmpty() && head != QByteArrayView("SQLite format 3\0", 16))
        return makeError(ErrorCode::UnusableInput, QStringLiteral("%1 is not an SQLite database.").arg(path), field);
    return {};
}

} // namespace a360::db

// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/database_url.h"

#include <QFileInfo>
#include <QUrl>

#include <libpq-fe.h>

#include <cctype>
#include <memory>

namespace a360::db {

namespace {

/// libpq's options that hold a secret, those of later versions too.
constexpr const char *secretOptions[] = {"password", "sslpassword", "oauth_client_secret", "scram_client_key", "scram_server_key"};

Error urlError(const QString &what)
{
    return makeError(ErrorCode::InvalidArgument, QStringLiteral("The database URL is not usable: %1").arg(what),
                     QStringLiteral("DATABASE_URL"));
}

/// Decodes %XX; a percent sign that starts no escape stays as it is, because file names may hold one.
QString decoded(QStringView text)
{
    const QByteArray bytes = text.toUtf8();
    QByteArray out;
    for (qsizetype i = 0; i < bytes.size(); ++i) {
        bool isEscape = bytes[i] == '%' && i + 2 < bytes.size() && std::isxdigit(static_cast<unsigned char>(bytes[i + 1]));
        const int code = isEscape ? bytes.mid(i + 1, 2).toInt(&isEscape, 16) : 0;
        out += isEscape ? static_cast<char>(code) : bytes[i];
        i += isEscape ? 2 : 0;
    }
    return QString::fromUtf8(out);
}

QString encoded(const QString &text, const QByteArray &keep = {})
{
    return QString::fromLatin1(QUrl::toPercentEncoding(text, keep));
}

bool isLibpqKeyword(const QString &key)
{
    const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(PQconndefaults(), &PQconninfoFree);
    const QByteArray wanted = key.toUtf8();
    for (const PQconninfoOption *option = options.get(); option && option->keyword; ++option) {
        if (wanted == option->keyword)
            return true;
    }
    return false;
}

/// Settings of the Python drivers that mean nothing to libpq; URLs written for the existing service carry them.
bool isForeignDriverOption(const QString &key)
{
    static const QStringList known{QStringLiteral("prepared_statement_cache_size"),
                                   QStringLiteral("statement_cache_size"), QStringLiteral("async_fallback"),
                                   QStringLiteral("prepared_statement_name_func"), QStringLiteral("command_timeout")};
    return known.contains(key);
}

Result<int> parsePort(QStringView text)
{
    bool ok = false;
    const int port = text.toInt(&ok);
    if (!ok || port < 1 || port > 65535)
        // Not quoted: behind a forgotten @ it is the password.
        return urlError(QStringLiteral("the port is not a number from 1 to 65535 (in a user name or password write @ as %40, "
                                       ": as %3A and / as %2F)."));
    return port;
}

Result<void> applyOption(DatabaseUrl &url, QString key, const QString &value)
{
    if (key == u"ssl") // asyncpg's name of it
        key = QStringLiteral("sslmode");
    if (key == u"host") {
        url.host = value;
    } else if (key == u"port") {
        A360_TRY_ASSIGN(url.port, parsePort(value));
    } else if (key == u"user") {
        url.user = value;
    } else if (key == u"password") {
        url.password = value;
    } else if (key == u"dbname" || key == u"database") {
        url.name = value;
    } else if (isForeignDriverOption(key)) {
        return {};
    } else if (!isLibpqKeyword(key)) {
        return urlError(QStringLiteral("\"%1\" is not a PostgreSQL connection parameter.").arg(key));
    } else if (value.contains(u';')) {
        // Qt's driver takes ';' for the end of an option, even between quotes.
        return urlError(QStringLiteral("the value of \"%1\" must not contain a semicolon.").arg(key));
    } else {
        url.options.insert(key, value);
    }
    return {};
}

Result<void> applyOptions(DatabaseUrl &url, QStringView query)
{
    for (const QStringView pair : query.split(u'&', Qt::SkipEmptyParts)) {
        const qsizetype equals = pair.indexOf(u'=');
        if (equals <= 0)
            return urlError(QStringLiteral("its options must read name=value, separated by &."));
        QString value = pair.mid(equals + 1).toString();
        value.replace(u'+', u' ');
        A360_TRY(applyOption(url, decoded(pair.left(equals)), decoded(value)));
    }
    return {};
}

Result<void> applyHost(DatabaseUrl &url, QStringView text)
{
    QStringView port;
    if (text.startsWith(u'[')) {
        const qsizetype end = text.indexOf(u']');
        if (end < 0)
            return urlError(QStringLiteral("the IPv6 host lacks its closing bracket."));
        url.host = text.mid(1, end - 1).toString();
        const QStringView rest = text.mid(end + 1);
        if (!rest.isEmpty() && !rest.startsWith(u':'))
            return urlError(QStringLiteral("after the IPv6 host only :port may follow."));
        port = rest.mid(1);
        if (!rest.isEmpty() && port.isEmpty())
            return urlError(QStringLiteral("the port is missing after the colon."));
    } else {
        const qsizetype colon = text.indexOf(u':');
        url.host = decoded(colon < 0 ? text : text.left(colon));
        port = colon < 0 ? QStringView() : text.mid(colon + 1);
        if (port.contains(u':'))
            return urlError(QStringLiteral("an IPv6 host must stand in brackets, as in [::1]."));
    }
    if (!port.isEmpty()) {
        A360_TRY_ASSIGN(url.port, parsePort(port));
    }
    return {};
}

Result<DatabaseUrl> parsePostgres(QStringView rest)
{
    DatabaseUrl url;
    url.dialect = Dialect::PostgreSql;
    if (const qsizetype at = rest.indexOf(u'@'); at >= 0) {
        const QStringView credentials = rest.left(at);
        const qsizetype colon = credentials.indexOf(u':');
        const QStringView user = colon < 0 ? credentials : credentials.left(colon);
        // A slash before the colon means that this @ belongs to the path or to an option.
        if (!user.contains(u'/') && !user.contains(u'?')) {
            url.user = decoded(user);
            url.password = colon < 0 ? QString() : decoded(credentials.mid(colon + 1));
            rest = rest.mid(at + 1);
        }
    }
    const qsizetype question = rest.indexOf(u'?');
    const QStringView query = question < 0 ? QStringView() : rest.mid(question + 1);
    const QStringView place = question < 0 ? rest : rest.left(question);
    const qsizetype slash = place.indexOf(u'/');
    const QStringView host = slash < 0 ? place : place.left(slash);
    if (host.contains(u'@'))
        return urlError(QStringLiteral("an @ within the user name or password must be written as %40."));
    A360_TRY(applyHost(url, host));
    if (slash >= 0)
        url.name = decoded(place.mid(slash + 1));
    A360_TRY(applyOptions(url, query));
    return url;
}

Result<DatabaseUrl> parseSqlite(QStringView rest)
{
    if (!rest.startsWith(u'/'))
        return urlError(QStringLiteral("an SQLite file is written with three slashes and a path (sqlite:///file.db), "
                                       "with four when the path is absolute (sqlite:////folder/file.db)."));
    const qsizetype question = rest.indexOf(u'?');
    if (question >= 0)
        return urlError(QStringLiteral("an SQLite URL takes no options; a question mark in a file name is %3F."));
    const QString path = decoded(rest.mid(1));
    if (path.isEmpty() || path == u":memory:")
        return urlError(QStringLiteral("an in-memory SQLite database cannot be shared between connections; "
                                       "name a file."));
    return DatabaseUrl::sqliteFile(path);
}

QString assemble(const DatabaseUrl &url, const QString &password, const QMap<QString, QString> &options)
{
    if (url.dialect == Dialect::Sqlite)
        return QStringLiteral("sqlite:///") + encoded(url.path, "/:,+&=@ ()[]!$'*;");
    QString text = QStringLiteral("postgresql://");
    if (!url.user.isEmpty() || !password.isEmpty()) {
        text += encoded(url.user);
        if (!password.isEmpty())
            text += u':' + password;
        text += u'@';
    }
    text += url.host.contains(u':') ? u'[' + url.host + u']' : encoded(url.host, ",");
    if (url.port > 0)
        text += u':' + QString::number(url.port);
    text += u'/' + encoded(url.name);
    QChar separator = u'?';
    for (auto it = options.begin(); it != options.end(); ++it) {
        text += separator + encoded(it.key()) + u'=' + encoded(it.value(), "/");
        separator = u'&';
    }
    return text;
}

} // namespace

Result<DatabaseUrl> DatabaseUrl::parse(const QString &text)
{
    const QString trimmedText = text.trimmed();
    if (trimmedText.isEmpty())
        return urlError(QStringLiteral("it is empty."));
    const qsizetype colon = trimmedText.indexOf(u"://");
    if (colon <= 0)
        return urlError(QStringLiteral("it must begin with postgresql:// or sqlite:///."));
    const QString scheme = trimmedText.left(colon).toLower();
    const QStringView rest = QStringView(trimmedText).mid(colon + 3);
    const QString base = scheme.section(u'+', 0, 0);
    if (base == u"postgresql" || base == u"postgres")
        return parsePostgres(rest);
    if (base == u"sqlite" || base == u"sqlite3")
        return parseSqlite(rest);
    return urlError(QStringLiteral("databases of the kind \"%1\" are not supported, only postgresql and sqlite.")
                        .arg(scheme));
}

DatabaseUrl DatabaseUrl::sqliteFile(const QString &path)
{
    DatabaseUrl url;
    url.dialect = Dialect::Sqlite;
    url.path = path;
    return url;
}

QStringList DatabaseUrl::files() const
{
    if (dialect != Dialect::Sqlite)
        return {};
    const QFileInfo info(path);
    const QString file = info.exists() ? info.canonicalFilePath() : path;
    return {file, file + QLatin1String("-wal"), file + QLatin1String("-shm"), file + QLatin1String("-journal")};
}

QString DatabaseUrl::display() const
{
    QMap<QString, QString> shown = options;
    for (const char *secret : secretOptions) {
        if (shown.contains(QLatin1String(secret)))
            shown.insert(QLatin1String(secret), QStringLiteral("***"));
    }
    QString text = assemble(*this, password.isEmpty() ? QString() : QStringLiteral("***"), shown);
    return text.replace(QStringLiteral("=%2A%2A%2A"), QStringLiteral("=***"));
}

DatabaseUrl DatabaseUrl::withoutSecrets() const
{
    DatabaseUrl bare = *this;
    bare.password.clear();
    for (const char *secret : secretOptions)
        bare.options.remove(QLatin1String(secret));
    return bare;
}

DatabaseUrl DatabaseUrl::absolute() const
{
    DatabaseUrl url = *this;
    if (dialect == Dialect::Sqlite && !path.isEmpty())
        url.path = QFileInfo(path).absoluteFilePath();
    return url;
}

QString DatabaseUrl::toString() const
{
    return assemble(*this, encoded(password), options);
}

} // namespace a360::db

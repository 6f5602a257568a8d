// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache/redis_url.h"

#include <QStringList>
#include <QUrl>

namespace a360::cache {

namespace {

Error urlError(const QString &what)
{
    return makeError(ErrorCode::InvalidArgument, QStringLiteral("The Redis URL is not usable: %1").arg(what),
                     QStringLiteral("REDIS_URL"));
}

QString decoded(QStringView text)
{
    return QUrl::fromPercentEncoding(text.toUtf8());
}

Result<int> parseDatabase(QStringView text)
{
    constexpr int last = 65535;
    bool ok = false;
    const int number = text.toInt(&ok);
    if (!ok || number < 0 || number > last)
        return urlError(QStringLiteral("the database must be a number, as in redis://host:6379/0."));
    return number;
}

Result<void> applyPlace(RedisUrl &url, QStringView place)
{
    QStringView host = place, port;
    if (place.startsWith(u'[')) {
        const qsizetype end = place.indexOf(u']');
        if (end < 0)
            return urlError(QStringLiteral("the IPv6 host lacks its closing bracket."));
        host = place.mid(1, end - 1);
        port = place.mid(end + 1);
        if (!port.isEmpty() && !port.startsWith(u':'))
            return urlError(QStringLiteral("after the IPv6 host only :port may follow."));
        port = port.mid(1);
    } else if (const qsizetype colon = place.indexOf(u':'); colon >= 0) {
        host = place.left(colon);
        port = place.mid(colon + 1);
        if (port.contains(u':'))
            return urlError(QStringLiteral("an IPv6 host must stand in brackets, as in [::1]."));
        if (port.isEmpty())
            return urlError(QStringLiteral("the port is missing after the colon."));
    }
    url.host = host.isEmpty() ? QStringLiteral("localhost") : decoded(host);
    if (port.isEmpty())
        return {};
    bool ok = false;
    url.port = port.toInt(&ok);
    if (!ok || url.port < 1 || url.port > 65535)
        return urlError(QStringLiteral("the port is not a number from 1 to 65535."));
    return {};
}

/// Options of the Python client that mean nothing here; URLs written for the existing service may carry them.
bool isForeignOption(const QString &name)
{
    static const QStringList known{
        QStringLiteral("decode_responses"), QStringLiteral("encoding"), QStringLiteral("health_check_interval"),
        QStringLiteral("max_connections"), QStringLiteral("protocol"), QStringLiteral("retry_on_timeout"),
        QStringLiteral("socket_connect_timeout"), QStringLiteral("socket_keepalive"), QStringLiteral("socket_timeout")};
    return known.contains(name);
}

Result<void> applyOption(RedisUrl &url, const QString &name, const QString &value)
{
    if (name == u"db") {
        A360_TRY_ASSIGN(url.database, parseDatabase(value));
        return {};
    }
    if (name.startsWith(u"ssl_") && !url.tls)
        return urlError(QStringLiteral("the option %1 needs rediss://, the scheme for TLS.").arg(name));
    if (name == u"ssl_ca_certs") {
        url.authorities = value;
        return {};
    }
    if (name == u"ssl_cert_reqs" || name == u"ssl_check_hostname") {
        if (value == u"required" || value.compare(u"true", Qt::CaseInsensitive) == 0)
            return {};
        return urlError(QStringLiteral("the server's certificate is always verified; name the authority of a private "
                                       "one with ssl_ca_certs=/file.pem."));
    }
    if (isForeignOption(name))
        return {};
    return urlError(QStringLiteral("the option \"%1\" is not known, only db and ssl_ca_certs.").arg(name));
}

Result<void> applyOptions(RedisUrl &url, QStringView query)
{
    for (const QStringView pair : query.split(u'&', Qt::SkipEmptyParts)) {
        const qsizetype equals = pair.indexOf(u'=');
        if (equals <= 0)
            return urlError(QStringLiteral("its options must read name=value, separated by &."));
        A360_TRY(applyOption(url, decoded(pair.left(equals)), decoded(pair.mid(equals + 1))));
    }
    return {};
}

} // namespace

Result<RedisUrl> RedisUrl::parse(const QString &text)
{
    const QString whole = text.trimmed();
    if (whole.isEmpty())
        return urlError(QStringLiteral("it is empty. ENABLE_REDIS_CACHE needs one, such as redis://localhost:6379/0."));
    const qsizetype colon = whole.indexOf(u"://");
    const QString scheme = whole.left(qMax<qsizetype>(colon, 0)).toLower();
    const bool local = scheme == u"unix";
    if (scheme != u"redis" && scheme != u"rediss" && !local)
        return urlError(QStringLiteral("it must begin with redis://, rediss:// (TLS) or unix://."));

    RedisUrl url;
    url.tls = scheme == u"rediss";
    const QStringView rest = QStringView(whole).mid(colon + 3);
    const qsizetype question = rest.indexOf(u'?');
    // Looked at first: whatever else is said about such a text could show a part of the password.
    if (question >= 0 && rest.mid(question).contains(u'@'))
        return urlError(QStringLiteral("a ? within the password must be written as %3F, an @ within an option as %40."));
    QStringView place = question < 0 ? rest : rest.left(question);
    const qsizetype at = place.lastIndexOf(u'@');
    if (at >= 0) {
        const QStringView credentials = place.left(at);
        const qsizetype separator = credentials.indexOf(u':');
        url.user = decoded(separator < 0 ? credentials : credentials.left(separator));
        url.password = separator < 0 ? QString() : decoded(credentials.mid(separator + 1));
        if (url.password.isEmpty())
            return urlError(QStringLiteral("before the @ stands user:password or :password."));
        place = place.mid(at + 1);
    }
    if (local) {
        url.socketPath = decoded(place);
        if (!url.socketPath.startsWith(u'/'))
            return urlError(QStringLiteral("a Unix socket is written with its absolute path, as in unix:///run/redis.sock."));
    } else {
        const qsizetype slash = place.indexOf(u'/');
        A360_TRY(applyPlace(url, slash < 0 ? place : place.left(slash)));
        if (slash >= 0 && slash + 1 < place.size()) {
            A360_TRY_ASSIGN(url.database, parseDatabase(place.mid(slash + 1)));
        }
    }
    if (question >= 0)
        A360_TRY(applyOptions(url, rest.mid(question + 1)));
    return url;
}

QString RedisUrl::display() const
{
    QString text = tls ? QStringLiteral("rediss://") : socketPath.isEmpty() ? QStringLiteral("redis://") : QStringLiteral("unix://");
    if (!password.isEmpty())
        text += user + QStringLiteral(":***@");
    if (!socketPath.isEmpty())
        return text + socketPath + QStringLiteral("?db=%1").arg(database);
    return text + (host.contains(u':') ? u'[' + host + u']' : host) + QStringLiteral(":%1/%2").arg(port).arg(database);
}

} // namespace a360::cache

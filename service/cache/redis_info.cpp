// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache/redis_info.h"

#include <QByteArray>
#include <QList>

namespace a360::cache {

namespace {

/// `keys=3,expires=1,avg_ttl=0`
QJsonObject parseDatabase(const QByteArray &text)
{
    QJsonObject values;
    for (const QByteArray &pair : text.split(',')) {
        if (const qsizetype equals = pair.indexOf('='); equals > 0)
            values.insert(QString::fromLatin1(pair.left(equals)), pair.mid(equals + 1).toLongLong());
    }
    return values;
}

QString databaseName(int number)
{
    return QStringLiteral("db%1").arg(number);
}

} // namespace

qint64 RedisInfo::keysIn(int database) const
{
    return keyspace.value(databaseName(database)).toObject().value(QStringLiteral("keys")).toInteger();
}

RedisInfo parseRedisInfo(QByteArrayView text)
{
    RedisInfo info;
    for (const QByteArray &line : text.toByteArray().split('\n')) {
        const qsizetype colon = line.indexOf(':');
        if (colon <= 0)
            continue;
        const QByteArray name = line.left(colon), value = line.mid(colon + 1).trimmed();
        if (name == "total_commands_processed" || name == "keyspace_hits" || name == "keyspace_misses")
            info.stats.insert(QString::fromLatin1(name), value.toLongLong());
        else if (name == "used_memory")
            info.usedBytes = value.toLongLong();
        else if (name == "maxmemory")
            info.maxBytes = value.toLongLong();
        else if (name.startsWith("db") && value.startsWith("keys="))
            info.keyspace.insert(QString::fromLatin1(name), parseDatabase(value));
    }
    return info;
}

} // namespace a360::cache

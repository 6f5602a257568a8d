// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArrayView>
#include <QJsonObject>

namespace a360::cache {

/// What we take from INFO (sections stats, keyspace and memory).
struct RedisInfo
{
    QJsonObject stats;     ///< `total_commands_processed`, `keyspace_hits`, `keyspace_misses`: of the whole server, since its start
    QJsonObject keyspace;  ///< `{"db0":{"keys":…,"expires":…,"avg_ttl":…}}`
    qint64 usedBytes = 0;  ///< memory of the whole server
    qint64 maxBytes = 0;   ///< its bound; 0: none

    qint64 keysIn(int database) const;
};

/// Reads INFO's text; lines that are not understood are passed over.
RedisInfo parseRedisInfo(QByteArrayView text);

} // namespace a360::cache

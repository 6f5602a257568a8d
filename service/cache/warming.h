// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cache/query_cache.h"

#include <QJsonObject>

namespace a360::cache {

/// One entry to fill in before anybody asks for it (contract §7.3).
struct WarmTask
{
    QByteArray prefix;
    QByteArray key;  ///< by makeKey(), with epochs where they matter
    Load load;
    std::optional<std::chrono::milliseconds> ttl;
};

struct WarmReport
{
    struct Failure
    {
        QByteArray prefix;
        Error error;
    };
    qint64 successful = 0, failed = 0, total = 0;
    std::vector<Failure> errors;

    void fail(const QByteArray &prefix, const Error &error);
};
/// {"successful","failed","total","errors":[{"prefix","error"}]}
QJsonObject toJson(const WarmReport &report);

/// Loads and keeps one entry, whether there was one or not; gives the value (nothing when there is none). Blocks.
Result<std::optional<QByteArray>> warmEntry(QueryCache &cache, const WarmTask &task, const CancelToken &cancel = {});
/// One after the other; a failure does not stop the rest, a cancellation does (what is left counts as failed). Blocks.
WarmReport warmBatch(QueryCache &cache, const std::vector<WarmTask> &tasks, const CancelToken &cancel = {});

} // namespace a360::cache

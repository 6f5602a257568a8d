// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache/warming.h"

#include <QJsonArray>

namespace a360::cache {

void WarmReport::fail(const QByteArray &prefix, const Error &error)
{
    ++failed;
    errors.push_back({prefix, error});
}

QJsonObject toJson(const WarmReport &report)
{
    QJsonArray errors;
    for (const WarmReport::Failure &failure : report.errors) {
        errors.append(QJsonObject{{QStringLiteral("prefix"), QString::fromUtf8(failure.prefix)},
                                  {QStringLiteral("error"), failure.error.message}});
    }
    return {{QStringLiteral("successful"), report.successful},
            {QStringLiteral("failed"), report.failed},
            {QStringLiteral("total"), report.total},
            {QStringLiteral("errors"), errors}};
}

Result<std::optional<QByteArray>> warmEntry(QueryCache &cache, const WarmTask &task, const CancelToken &cancel)
{
    LoadOptions options;
    options.ttl = task.ttl;
    options.reload = true;
    A360_TRY_ASSIGN(const CachedValue value, cache.cacheAside(task.key, task.load, options, cancel));
    return value.nothing ? std::nullopt : std::optional(value.bytes);
}

WarmReport warmBatch(QueryCache &cache, const std::vector<WarmTask> &tasks, const CancelToken &cancel)
{
    WarmReport report;
    report.total = qint64(tasks.size());
    for (const WarmTask &task : tasks) {
        const Result<std::optional<QByteArray>> warmed = warmEntry(cache, task, cancel);
        if (warmed.ok())
            ++report.successful;
        else
            report.fail(task.prefix, warmed.error());
    }
    return report;
}

} // namespace a360::cache

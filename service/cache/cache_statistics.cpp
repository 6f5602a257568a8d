// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache/cache_statistics.h"

#include <QJsonArray>

#include <algorithm>

namespace a360::cache {

namespace {

constexpr double goodRatio = 0.8;
constexpr double poorRatio = 0.5;

double ratio(qint64 hits, qint64 misses)
{
    return hits + misses > 0 ? double(hits) / double(hits + misses) : 0.0;
}

double seconds(std::chrono::nanoseconds time)
{
    return std::chrono::duration<double>(time).count();
}

QJsonObject countersJson(const CacheCounters &counters)
{
    return {{QStringLiteral("hits"), counters.hits},
            {QStringLiteral("misses"), counters.misses},
            {QStringLiteral("hit_ratio"), ratio(counters.hits, counters.misses)},
            {QStringLiteral("sets"), counters.sets},
            {QStringLiteral("evictions"), counters.evictions},
            {QStringLiteral("expirations"), counters.expirations},
            {QStringLiteral("removals"), counters.removals}};
}

void insertAll(QJsonObject &into, const QJsonObject &from)
{
    for (auto it = from.begin(); it != from.end(); ++it)
        into.insert(it.key(), it.value());
}

QJsonObject reportJson(const PrefixReport &report)
{
    QJsonObject json = countersJson(report.counters);
    insertAll(json, {{QStringLiteral("verdict"), verdictText(report.verdict)},
                     {QStringLiteral("entries"), report.entries},
                     {QStringLiteral("bytes"), report.bytes},
                     {QStringLiteral("loads"), report.loads.loads},
                     {QStringLiteral("load_failures"), report.loads.failures},
                     {QStringLiteral("load_waiters"), report.loads.waited},
                     {QStringLiteral("negative_results"), report.loads.nothing},
                     {QStringLiteral("stale_hits"), report.loads.stale},
                     {QStringLiteral("load_seconds"), seconds(report.loads.loadTime)},
                     {QStringLiteral("average_load_seconds"),
                      report.loads.loads > 0 ? seconds(report.loads.loadTime) / double(report.loads.loads) : 0.0},
                     {QStringLiteral("longest_load_seconds"), seconds(report.loads.longestLoad)}});
    return json;
}

QJsonObject tierJson(const BackendStats &tier)
{
    QJsonObject json = countersJson(tier.total);
    insertAll(json, {{QStringLiteral("name"), QString::fromLatin1(tier.name)},
                     {QStringLiteral("available"), tier.available},
                     {QStringLiteral("errors"), tier.errors},
                     {QStringLiteral("entries"), tier.entries},
                     {QStringLiteral("valid_entries"), tier.validEntries},
                     {QStringLiteral("max_entries"), tier.maxEntries},
                     {QStringLiteral("bytes"), tier.bytes},
                     {QStringLiteral("max_bytes"), tier.maxBytes}});
    if (!tier.error.isEmpty())
        json.insert(QStringLiteral("error"), tier.error);
    QJsonObject prefixes;
    for (const auto &[name, prefix] : tier.prefixes) {
        QJsonObject one = countersJson(prefix.counters);
        one.insert(QStringLiteral("entries"), prefix.entries);
        one.insert(QStringLiteral("bytes"), prefix.bytes);
        prefixes.insert(QString::fromUtf8(name), one);
    }
    json.insert(QStringLiteral("prefixes"), prefixes);
    return json;
}

} // namespace

LoadCounters &LoadCounters::operator+=(const LoadCounters &other)
{
    loads += other.loads;
    failures += other.failures;
    waited += other.waited;
    nothing += other.nothing;
    stale += other.stale;
    loadTime += other.loadTime;
    longestLoad = std::max(longestLoad, other.longestLoad);
    return *this;
}

Verdict verdictOn(qint64 hits, qint64 misses, qint64 enough)
{
    if (hits + misses < std::max<qint64>(enough, 1))
        return Verdict::NotEnoughData;
    const double share = ratio(hits, misses);
    return share > goodRatio ? Verdict::Good : share < poorRatio ? Verdict::Reconsider : Verdict::Fair;
}

QString verdictText(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Good: return QStringLiteral("good");
    case Verdict::Fair: return QStringLiteral("fair");
    case Verdict::Reconsider: return QStringLiteral("reconsider");
    case Verdict::NotEnoughData: break;
    }
    return QStringLiteral("not enough data");
}

double CacheReport::hitRatio() const
{
    return ratio(total.counters.hits, total.counters.misses);
}

void summarize(CacheReport &report, qint64 enough)
{
    // A far tier is only asked after a miss in the nearer ones.
    for (size_t i = 0; i < report.tiers.size(); ++i) {
        for (const auto &[name, tier] : report.tiers[i].prefixes) {
            PrefixReport &sum = report.prefixes[name];
            const bool last = i + 1 == report.tiers.size();
            CacheCounters counters = tier.counters;
            if (!last)
                counters.misses = 0;
            sum.counters += counters;
            if (i == 0) {
                sum.entries = tier.entries;
                sum.bytes = tier.bytes;
            }
        }
    }
    for (auto &[name, prefix] : report.prefixes) {
        prefix.verdict = verdictOn(prefix.counters.hits, prefix.counters.misses, enough);
        report.total.counters += prefix.counters;
        report.total.loads += prefix.loads;
        report.total.entries += prefix.entries;
        report.total.bytes += prefix.bytes;
    }
    report.total.verdict = verdictOn(report.total.counters.hits, report.total.counters.misses, enough);
}

QJsonObject toJson(const CacheReport &report)
{
    if (!report.enabled || report.tiers.empty())
        return {{QStringLiteral("enabled"), false}};
    const BackendStats &near = report.tiers.front();
    const BackendStats &far = report.tiers.back();
    const bool redis = far.name == "redis";
    QJsonObject json{{QStringLiteral("enabled"), true},
                     {QStringLiteral("backend"), redis ? QStringLiteral("redis")
                                                       : QStringLiteral("in-memory (cachetools.TTLCache)")},
                     {QStringLiteral("default_ttl"), qint64(std::chrono::round<std::chrono::seconds>(report.defaultTtl).count())}};
    if (redis && !far.error.isEmpty())
        json.insert(QStringLiteral("error"), far.error);
    if (redis)
        insertAll(json, far.details);
    if (near.name == "memory") {
        insertAll(json, {{QStringLiteral("total_entries"), near.entries},
                         {QStringLiteral("valid_entries"), near.validEntries},
                         {QStringLiteral("max_entries"), near.maxEntries},
                         {QStringLiteral("currsize"), near.entries},
                         {QStringLiteral("maxsize"), near.maxEntries}});
    }
    insertAll(json, reportJson(report.total));
    json.insert(QStringLiteral("invalidations"), report.invalidations);
    json.insert(QStringLiteral("handler_failures"), report.handlerFailures);
    QJsonObject prefixes;
    for (const auto &[name, prefix] : report.prefixes)
        prefixes.insert(QString::fromUtf8(name), reportJson(prefix));
    json.insert(QStringLiteral("prefixes"), prefixes);
    QJsonArray tiers;
    for (const BackendStats &tier : report.tiers)
        tiers.append(tierJson(tier));
    json.insert(QStringLiteral("tiers"), tiers);
    return json;
}

} // namespace a360::cache

// SPDX-License-Identifier: GPL-3.0-or-later
#include "fake_dashboard.h"

#include <QThread>

#include <cmath>

namespace a360::test {

namespace {

using namespace a360::ui;

constexpr int hour = 3600;

/// An hour of a wave around `middle`, always the same; `low` at least.
Series wave(qint64 now, double middle, double swing, double period, double low = 0)
{
    Series series;
    series.reserve(hour);
    for (int i = hour - 1; i >= 0; --i) {
        const double at = static_cast<double>(i);
        const double value = middle + swing * std::sin(at / period) + 0.35 * swing * std::sin(at / (period * 0.21) + 1);
        series.push_back({now - qint64(i) * 1000, std::max(low, value)});
    }
    return series;
}

Series whole(Series series)
{
    for (Sample &sample : series)
        sample.value = std::floor(sample.value);
    return series;
}

PoolPart busyPool(qint64 now)
{
    PoolPart pool;
    pool.size = 25;
    pool.mostOverflow = 50;
    pool.inUse = 22;
    pool.idle = 3;
    pool.averageWait = 0.0124;
    pool.longestWait = 0.31;
    pool.checkouts = 1'204'311;
    pool.invalidated = 4;
    pool.health = PoolPart::Health::Degraded;
    pool.recommendedSize = 32;
    pool.leaks = {{QStringLiteral("export"), 412}};
    pool.usePercent = wave(now, 62, 30, 130);
    pool.usePercent.back().value = 88;
    pool.waitingHistory = whole(wave(now, 0.5, 2, 90));
    return pool;
}

CachePart busyCache(qint64 now)
{
    CachePart cache;
    cache.enabled = true;
    cache.hits = 184'220;
    cache.misses = 21'904;
    cache.verdict = CachePart::Verdict::Good;
    cache.tiers = {{QStringLiteral("memory"), true, {}, 168'110, 38'014, 998, 1000, 7'340'032, 67'108'864, 12'440, 811},
                   {QStringLiteral("redis"), true, {}, 16'110, 21'904, 14'210, 0, 91'226'112, 0, 0, 0}};
    cache.prefixes = {{QStringLiteral("contacts:list"), QStringLiteral("memory"), 120'332, 18'204, 760, 6'291'456, 10'020},
                      {QStringLiteral("companies:list"), QStringLiteral("memory"), 47'778, 19'810, 238, 1'048'576, 2'420},
                      {QStringLiteral("contacts:list"), QStringLiteral("redis"), 11'004, 7'200, 0, 0, 0},
                      {QStringLiteral("companies:list"), QStringLiteral("redis"), 5'106, 14'704, 0, 0, 0}};
    cache.hitPercent = wave(now, 88, 6, 200);
    return cache;
}

TaskFunctionPart function(const QString &name, qint64 succeeded, qint64 failed, double p95, int queued, int running, qint64 now)
{
    TaskFunctionPart part;
    part.name = name;
    part.runs = succeeded + failed;
    part.succeeded = succeeded;
    part.failed = failed;
    part.p95 = p95;
    part.average = p95 / 2.5;
    part.queued = queued;
    part.running = running;
    if (failed > 0)
        part.lastError = QStringLiteral("Unavailable");
    part.runsPerSecond = wave(now, 3, 2, 30 + static_cast<double>(name.size()));
    return part;
}

TasksPart busyTasks(qint64 now)
{
    TasksPart tasks;
    tasks.enabled = true;
    tasks.running = 4;
    tasks.queued = 11;
    tasks.limit = 10;
    tasks.completed = 48'220;
    tasks.failed = 17;
    tasks.functions = {function(QStringLiteral("cache.refresh"), 41'020, 0, 0.0042, 0, 1, now),
                       function(QStringLiteral("company.normalize_domain"), 6'204, 14, 0.18, 11, 2, now),
                       function(QStringLiteral("export.receipt"), 996, 3, 2.4, 0, 1, now)};
    tasks.now = {{QStringLiteral("company.normalize_domain"), 3.2}, {QStringLiteral("export.receipt"), 1.1}};
    tasks.queueDepth = whole(wave(now, 6, 6, 80));
    tasks.runningHistory = whole(wave(now, 4, 3, 60));
    return tasks;
}

QueriesPart busyQueries(qint64 now)
{
    QueriesPart queries;
    queries.enabled = true;
    queries.threshold = 1;
    queries.total = 2'204'118;
    queries.slow = 3;
    queries.average = 0.0031;
    const QString plan = QStringLiteral("Sort  (cost=48211.20..48214.10 rows=1160 width=412) (actual time=2310.4..2310.9 rows=1000 loops=1)\n"
                                        "  Sort Key: c.created_at DESC\n"
                                        "  ->  Seq Scan on contacts c  (cost=0.00..48152.00 rows=1160 width=412)\n"
                                        "        Filter: (title ~~* '%cto%'::text)\n"
                                        "        Rows Removed by Filter: 998840\n"
                                        "Execution Time: 2341.822 ms");
    queries.slowest = {{3, now - 42'000, 2.34, 1000, QStringLiteral("SELECT c.id, c.uuid, c.first_name, c.last_name, c.title\n  FROM contacts c\n WHERE c.title ILIKE $1\n ORDER BY c.created_at DESC\n LIMIT 1000"), plan},
                       {2, now - 410'000, 1.72, 1, QStringLiteral("SELECT count(*) FROM contacts c JOIN companies k ON k.uuid = c.company_id WHERE k.industries && $1"), plan},
                       {1, now - 1'900'000, 1.08, -1, QStringLiteral("UPDATE companies SET normalized_domain = $1 WHERE id = $2"), {}}};
    return queries;
}

} // namespace

ui::DashboardSnapshot busySnapshot(qint64 now)
{
    return {now, QStringLiteral("postgresql://desk@db.example/contacts"), busyPool(now), busyCache(now), busyTasks(now), busyQueries(now)};
}

ui::DashboardSnapshot quietSnapshot(qint64 now)
{
    ui::DashboardSnapshot snapshot;
    snapshot.takenAt = now;
    snapshot.pool.size = 25;
    snapshot.pool.mostOverflow = 50;
    snapshot.pool.idle = 1;
    snapshot.cache.howToEnable = QStringLiteral("Caching is off. ENABLE_QUERY_CACHING=true turns it on.");
    snapshot.tasks.howToEnable = QStringLiteral("No background task has run yet.");
    snapshot.queries.howToEnable = QStringLiteral("Slow queries are not recorded. ENABLE_QUERY_MONITORING=true turns it on.");
    return snapshot;
}

FakeDashboardSource::FakeDashboardSource(ui::DashboardSnapshot snapshot)
    : m_snapshot(std::make_shared<const ui::DashboardSnapshot>(std::move(snapshot)))
{
}

Result<std::shared_ptr<const ui::DashboardSnapshot>> FakeDashboardSource::read(const CancelToken &)
{
    const std::lock_guard lock(m_mutex);
    ++m_asked;
    m_thread = QThread::currentThreadId();
    if (m_error)
        return *m_error;
    return m_snapshot;
}

void FakeDashboardSource::setSnapshot(ui::DashboardSnapshot snapshot)
{
    const std::lock_guard lock(m_mutex);
    m_snapshot = std::make_shared<const ui::DashboardSnapshot>(std::move(snapshot));
}

void FakeDashboardSource::failWith(const Error &error)
{
    const std::lock_guard lock(m_mutex);
    m_error = error;
}

void FakeDashboardSource::recover()
{
    const std::lock_guard lock(m_mutex);
    m_error.reset();
}

int FakeDashboardSource::asked() const
{
    const std::lock_guard lock(m_mutex);
    return m_asked;
}

bool FakeDashboardSource::wasAskedInThisThread() const
{
    const std::lock_guard lock(m_mutex);
    return m_thread == QThread::currentThreadId();
}

} // namespace a360::test

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/sample.h"

#include <QString>

#include <optional>
#include <vector>

namespace a360::ui {

/// Times and durations below: seconds, unless a name says otherwise; moments: milliseconds since 1970 UTC. Histories reach
/// back an hour at most, one sample a second, oldest first; empty when nobody keeps them.

/// A connection that somebody has held for suspiciously long.
struct LeakPart
{
    QString owner;
    double seconds = 0;
};

struct PoolPart
{
    enum class Health { Healthy, Degraded, Critical };

    int size = 0, mostOverflow = 0;
    int inUse = 0, idle = 0, overflow = 0, waiting = 0;
    double averageWait = 0, longestWait = 0;
    qint64 checkouts = 0, timeouts = 0, invalidated = 0;
    Health health = Health::Healthy;
    int recommendedSize = 0;      ///< from the measured load; 0: too little was measured
    std::vector<LeakPart> leaks;
    Series usePercent;            ///< of `size`; above 100 with overflow
    Series waitingHistory;        ///< callers that waited for a connection
};

struct CacheTierPart
{
    QString name;                 ///< "memory", "redis"
    bool available = true;
    QString trouble;              ///< why it is not; no secrets
    qint64 hits = 0, misses = 0;
    qint64 entries = 0, mostEntries = 0; ///< mostEntries 0: no bound
    qint64 bytes = 0, mostBytes = 0;     ///< bytes 0 of a tier with entries: unknown
    qint64 evictions = 0, expirations = 0;
};

struct CachePrefixPart
{
    QString prefix;               ///< "contacts:list"
    QString tier;
    qint64 hits = 0, misses = 0;
    qint64 entries = 0, bytes = 0;
    qint64 evictions = 0;
};

struct CachePart
{
    enum class Verdict { TooEarly, Good, Fair, Reconsider };

    bool enabled = false;
    QString howToEnable;          ///< a sentence, when it is off
    qint64 hits = 0, misses = 0;  ///< over all tiers: a hit in any of them is one
    Verdict verdict = Verdict::TooEarly;
    std::vector<CacheTierPart> tiers;
    std::vector<CachePrefixPart> prefixes;
    Series hitPercent;
};

struct TaskFunctionPart
{
    QString name;
    qint64 runs = 0, succeeded = 0, failed = 0;
    double p95 = 0, average = 0;
    int queued = 0, running = 0;
    QString lastError;            ///< kind of the latest failure
    Series runsPerSecond;
};

struct RunningTaskPart
{
    QString name;
    double seconds = 0;
};

struct TasksPart
{
    bool enabled = false;
    QString howToEnable;
    int running = 0, queued = 0, limit = 0;
    qint64 completed = 0, failed = 0;
    std::vector<TaskFunctionPart> functions;
    std::vector<RunningTaskPart> now;
    Series queueDepth, runningHistory;
};

struct SlowQueryPart
{
    qint64 id = 0;                ///< tells it apart from the others for as long as it is kept
    qint64 at = 0;
    double seconds = 0;
    qint64 rows = -1;             ///< -1: unknown
    QString statement;
    QString plan;                 ///< empty: none was taken
};

struct QueriesPart
{
    bool enabled = false;
    QString howToEnable;
    double threshold = 1;
    qint64 total = 0, slow = 0;
    double average = 0;
    std::vector<SlowQueryPart> slowest; ///< newest first
};

/// Everything the dashboard shows, read at one moment. Immutable once made.
struct DashboardSnapshot
{
    qint64 takenAt = 0;
    QString database;             ///< where these numbers come from, without secrets
    PoolPart pool;
    CachePart cache;
    TasksPart tasks;
    QueriesPart queries;
};

} // namespace a360::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMap>
#include <QString>

#include <array>
#include <chrono>
#include <vector>

namespace a360::db {

/// Who a connection is for. Each lane has its own cap, so that slow exports cannot starve a click.
enum class Lane { Interactive, Bulk, Jobs };
const char *laneName(Lane lane); ///< "interactive"

/// Upper bounds in seconds of the histogram of waiting times; a last bucket holds what is above them.
inline constexpr std::array<double, 14> poolWaitBounds{0.0001, 0.0005, 0.001, 0.005, 0.01, 0.025, 0.05,
                                                       0.1,    0.25,   0.5,   1,     2.5,  5,     30};

/// The busiest ten seconds of the last ten minutes, in the words of the guide's formula
/// `pool size = users * average query time / target response time`.
struct PoolLoad
{
    double users = 0;              ///< that many, each asking once per target response time, make this load
    double averageQuerySeconds = 0; ///< how long a connection was held
    double targetSeconds = 0.5;
    int recommendedSize = 0;       ///< 0: nothing was measured yet
};

/// A consistent picture of the pool's counters. Times in seconds, measured from the request for a lease to its grant.
/// At every moment totalCheckouts == totalCheckins + checkedOut - connecting.
struct PoolStats
{
    int size = 0, checkedIn = 0, waiting = 0;
    int checkedOut = 0;  ///< places in use, those still connecting included
    int connecting = 0;  ///< places whose connection is being checked or opened
    int overflow = 0;    ///< places in use beyond `size`
    qint64 totalCheckouts = 0, totalCheckins = 0, totalInvalidated = 0, totalTimeouts = 0;
    qint64 totalOpened = 0, totalOpenFailures = 0;
    double averageWait = 0, maxWait = 0, totalWait = 0; ///< average: see waitSamples
    int waitSamples = 0; ///< the last 1000 checkouts, as far as they are of the last minute
    std::array<qint64, poolWaitBounds.size() + 1> waitCounts{}; ///< histogram of all waits
    double totalHeld = 0;                                       ///< how long finished leases held a connection, summed up
    QMap<QString, qint64> invalidations;                        ///< totalInvalidated by cause
    PoolLoad load;

    double usagePercentage() const { return size > 0 ? 100.0 * checkedOut / size : 0.0; }
};

/// One lease that is out.
struct LeaseInfo
{
    QString owner;   ///< as told when it was taken; "unnamed" otherwise
    Lane lane = Lane::Interactive;
    QString thread;  ///< name and id of the thread that took it
    double age = 0;  ///< seconds
    quint64 number = 0; ///< of the checkout; tells leases apart
};

} // namespace a360::db

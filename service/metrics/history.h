// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "metrics/sample.h"

#include <QVector>

#include <map>
#include <mutex>
#include <tuple>

namespace a360::metrics {

/// What a history keeps of a series. Gauges: Value. Counters: Rate (increase a second since the point before).
/// Histograms: Rate (observations a second), Mean, P50, P95, P99 of what was observed since the point before.
enum class Aspect { Value, Rate, Mean, P50, P95, P99 };

/// The recent past of one series. `values` are as many as HistorySnapshot::times, oldest first; NaN where it had none
/// (not yet there, or a quantile of a second in which nothing happened).
struct HistorySeries
{
    QByteArray name;
    Labels labels;
    Aspect aspect = Aspect::Value;
    QVector<double> values;

    double latest() const; ///< the last value that is not NaN; NaN when there is none
};

/// A copy of a part of the history; implicitly shared, cheap to hand to another thread.
struct HistorySnapshot
{
    QVector<qint64> times; ///< milliseconds since 1970 UTC, oldest first
    QVector<HistorySeries> series;

    /// Null when there is no such series. `labels` in any order.
    const HistorySeries *find(const QByteArray &name, Aspect aspect, Labels labels = {}) const;
    /// All series of a name and aspect, whatever their labels.
    QVector<HistorySeries> all(const QByteArray &name, Aspect aspect) const;
};

/// What to copy: names that begin with one of the prefixes (none: all), and the latest points only.
struct HistoryRequest
{
    std::vector<QByteArray> prefixes;
    int points = 3600; ///< at most
};

/// The last hour of all metrics, one point a second, in rings of fixed size: at most `mostSeries` series of `capacity`
/// points, 4 bytes each. A series that is not sampled for a whole turn of the ring is dropped. Thread-safe.
class History
{
public:
    explicit History(int capacity = 3600, int mostSeries = 1000);

    /// Adds one point. `time` in milliseconds since 1970 UTC; a second point of the same time is ignored. When the clock
    /// was set back, the times of the earlier points are, too.
    void append(qint64 time, const std::vector<Family> &families);
    HistorySnapshot snapshot(const HistoryRequest &request = {}) const;
    int points() const;
    int seriesCount() const;
    /// Series that were turned away because `mostSeries` were there, since the start.
    qint64 seriesRefused() const;

private:
    struct Key
    {
        QByteArray name;
        Labels labels;
        Aspect aspect;
        friend bool operator<(const Key &a, const Key &b)
        {
            return std::tie(a.name, a.labels, a.aspect) < std::tie(b.name, b.labels, b.aspect);
        }
    };
    struct Ring
    {
        std::vector<float> values;
        qint64 lastPoint = -1; // number of the latest point that set it
    };
    /// How a point is to be read: the seconds since the one before, and whether a series that is new was born in them.
    struct Moment
    {
        double seconds = 1;
        bool countsNew = false;
    };
    qint64 timeAgo(int points) const;
    void setBack(qint64 time);
    bool hasRoom(const Key &key);
    void set(const Key &key, double value);
    bool countsNewSeries(const QByteArray &family);
    void appendCounter(const QByteArray &name, const Labels &labels, double value, const Moment &moment);
    void appendHistogram(const QByteArray &name, const Labels &labels, const Distribution &value, const Moment &moment);
    void dropStale();
    QVector<double> copyOf(const Ring &ring, int count) const;

    const int m_capacity;
    const int m_mostSeries;
    mutable std::mutex m_mutex; // guards everything below
    std::vector<qint64> m_times;
    qint64 m_points = 0; // ever appended; point n stands at n % m_capacity
    std::map<Key, Ring> m_rings;
    std::map<QByteArray, qint64> m_families; // number of the latest point that each was part of
    std::map<std::pair<QByteArray, Labels>, double> m_counters;
    std::map<std::pair<QByteArray, Labels>, Distribution> m_distributions;
    qint64 m_refused = 0;
};

} // namespace a360::metrics

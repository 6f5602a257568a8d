// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/history.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace a360::metrics {

namespace {

constexpr float noValue = std::numeric_limits<float>::quiet_NaN();

Labels sorted(Labels labels)
{
    std::sort(labels.begin(), labels.end());
    return labels;
}

} // namespace

double HistorySeries::latest() const
{
    const auto it = std::find_if(values.rbegin(), values.rend(), [](double value) { return !std::isnan(value); });
    return it == values.rend() ? std::numeric_limits<double>::quiet_NaN() : *it;
}

const HistorySeries *HistorySnapshot::find(const QByteArray &name, Aspect aspect, Labels labels) const
{
    labels = sorted(std::move(labels));
    const auto it = std::find_if(series.begin(), series.end(), [&](const HistorySeries &one) {
        return one.aspect == aspect && one.name == name && one.labels == labels;
    });
    return it == series.end() ? nullptr : &*it;
}

QVector<HistorySeries> HistorySnapshot::all(const QByteArray &name, Aspect aspect) const
{
    QVector<HistorySeries> found;
    std::copy_if(series.begin(), series.end(), std::back_inserter(found),
                 [&](const HistorySeries &one) { return one.aspect == aspect && one.name == name; });
    return found;
}

History::History(int capacity, int mostSeries)
    : m_capacity(std::max(capacity, 1)), m_mostSeries(std::max(mostSeries, 1)), m_times(static_cast<size_t>(m_capacity))
{
}

void History::append(qint64 time, const std::vector<Family> &families)
{
    const std::lock_guard lock(m_mutex);
    const auto slot = static_cast<size_t>(m_points % m_capacity);
    double seconds = 1; // since the point before
    if (m_points > 0) {
        if (time == timeAgo(1))
            return;
        if (time < timeAgo(1))
            setBack(time);
        seconds = static_cast<double>(time - timeAgo(1)) / 1000;
    }
    m_times[slot] = time;
    ++m_points;
    for (auto &[key, ring] : m_rings)
        ring.values[slot] = noValue;
    for (const Family &family : families) {
        const Moment moment{seconds, countsNewSeries(family.name)};
        for (const Sample &sample : family.samples) {
            const Labels labels = sorted(sample.labels);
            if (const auto *distribution = std::get_if<Distribution>(&sample.value))
                appendHistogram(family.name, labels, *distribution, moment);
            else if (family.kind == Kind::Counter)
                appendCounter(family.name, labels, std::get<double>(sample.value), moment);
            else
                set({family.name, labels, Aspect::Value}, std::get<double>(sample.value));
        }
    }
    dropStale();
}

/// Of the latest point, the one before it, and so on.
qint64 History::timeAgo(int points) const
{
    return m_times[static_cast<size_t>((m_points - points) % m_capacity)];
}

/// The clock was set back, and a point at `time` is to follow: what there is moves with it, so that the latest lies as far
/// before `time` as the last two lie apart.
void History::setBack(qint64 time)
{
    constexpr qint64 usualStep = 1000;
    const bool hasStep = m_points > 1 && m_capacity > 1;
    const qint64 latest = time - (hasStep ? timeAgo(1) - timeAgo(2) : usualStep);
    const qint64 shift = latest - timeAgo(1);
    for (qint64 &one : m_times)
        one += shift;
}

bool History::hasRoom(const Key &key)
{
    const bool room = m_rings.contains(key) || static_cast<int>(m_rings.size()) < m_mostSeries;
    if (!room)
        ++m_refused;
    return room;
}

void History::set(const Key &key, double value)
{
    if (!hasRoom(key))
        return;
    auto it = m_rings.find(key);
    if (it == m_rings.end()) {
        it = m_rings.emplace(key, Ring{std::vector<float>(static_cast<size_t>(m_capacity), noValue), -1}).first;
    }
    it->second.values[static_cast<size_t>((m_points - 1) % m_capacity)] = static_cast<float>(value);
    it->second.lastPoint = m_points - 1;
}

/// What a series had counted before it was first seen may be of any age, and then its first point has no rate. But where
/// its family was there a point ago, the series was not: all it has counted is from since then.
bool History::countsNewSeries(const QByteArray &family)
{
    const auto [it, isNew] = m_families.try_emplace(family, m_points - 1);
    const qint64 before = std::exchange(it->second, m_points - 1);
    return !isNew && before == m_points - 2 && m_refused == 0; // a series that was turned away may be of any age, too
}

void History::appendCounter(const QByteArray &name, const Labels &labels, double value, const Moment &moment)
{
    if (!hasRoom({name, labels, Aspect::Rate}))
        return;
    const auto [it, isNew] = m_counters.try_emplace({name, labels}, moment.countsNew ? 0 : value);
    const double before = std::exchange(it->second, value);
    const double added = value < before ? value : value - before; // less than before: its owner was started again
    set({name, labels, Aspect::Rate}, isNew && !moment.countsNew ? double(noValue) : added / moment.seconds);
}

void History::appendHistogram(const QByteArray &name, const Labels &labels, const Distribution &value, const Moment &moment)
{
    if (!hasRoom({name, labels, Aspect::Rate}))
        return;
    const Distribution none{value.bounds, std::vector<quint64>(value.counts.size()), 0};
    const auto [it, isNew] = m_distributions.try_emplace({name, labels}, moment.countsNew ? none : value);
    const Distribution added = value.since(std::exchange(it->second, value));
    set({name, labels, Aspect::Rate},
        isNew && !moment.countsNew ? double(noValue) : static_cast<double>(added.count()) / moment.seconds);
    set({name, labels, Aspect::Mean}, added.mean());
    set({name, labels, Aspect::P50}, added.quantile(0.5));
    set({name, labels, Aspect::P95}, added.quantile(0.95));
    set({name, labels, Aspect::P99}, added.quantile(0.99));
}

void History::dropStale()
{
    const auto stale = [this](const auto &entry) { return m_points - entry.second.lastPoint > m_capacity; };
    for (auto it = m_rings.begin(); it != m_rings.end();) {
        if (!stale(*it)) {
            ++it;
            continue;
        }
        m_counters.erase({it->first.name, it->first.labels});
        m_distributions.erase({it->first.name, it->first.labels});
        it = m_rings.erase(it);
    }
    std::erase_if(m_families, [this](const auto &entry) { return m_points - entry.second > m_capacity; });
}

QVector<double> History::copyOf(const Ring &ring, int count) const
{
    QVector<double> values(count);
    for (int i = 0; i < count; ++i)
        values[i] = static_cast<double>(ring.values[static_cast<size_t>((m_points - count + i) % m_capacity)]);
    return values;
}

HistorySnapshot History::snapshot(const HistoryRequest &request) const
{
    const std::lock_guard lock(m_mutex);
    const auto count = static_cast<int>(std::clamp<qint64>(request.points, 0, std::min<qint64>(m_points, m_capacity)));
    HistorySnapshot copy;
    copy.times.resize(count);
    for (int i = 0; i < count; ++i)
        copy.times[i] = m_times[static_cast<size_t>((m_points - count + i) % m_capacity)];
    const auto wanted = [&request](const QByteArray &name) {
        return request.prefixes.empty() || std::any_of(request.prefixes.begin(), request.prefixes.end(),
                                                       [&](const QByteArray &prefix) { return name.startsWith(prefix); });
    };
    for (const auto &[key, ring] : m_rings) {
        if (wanted(key.name))
            copy.series.append({key.name, key.labels, key.aspect, copyOf(ring, count)});
    }
    return copy;
}

int History::points() const
{
    const std::lock_guard lock(m_mutex);
    return static_cast<int>(std::min<qint64>(m_points, m_capacity));
}

int History::seriesCount() const
{
    const std::lock_guard lock(m_mutex);
    return static_cast<int>(m_rings.size());
}

qint64 History::seriesRefused() const
{
    const std::lock_guard lock(m_mutex);
    return m_refused;
}

} // namespace a360::metrics

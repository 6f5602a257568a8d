// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/registry.h"

#include <algorithm>

namespace a360::metrics {

namespace {

bool labelsAreGood(const Labels &labels)
{
    return std::all_of(labels.begin(), labels.end(), [](const Label &label) { return isLabelName(label.name); });
}

/// The instrument of these labels, or the common one when there are too many.
template <typename Instrument, typename Make>
Instrument &find(std::map<Labels, std::unique_ptr<Instrument>> &series, Labels labels, Make make)
{
    std::sort(labels.begin(), labels.end());
    auto it = series.find(labels);
    if (it == series.end() && series.size() >= Registry::mostSeriesPerName) {
        for (Label &label : labels)
            label.value = "other";
        it = series.find(labels);
    }
    if (it == series.end())
        it = series.emplace(std::move(labels), make()).first;
    return *it->second;
}

template <typename Instrument>
void appendSamples(Family &family, const std::map<Labels, std::unique_ptr<Instrument>> &series)
{
    for (const auto &[labels, instrument] : series) {
        if constexpr (std::is_same_v<Instrument, Histogram>)
            family.samples.push_back({labels, instrument->value()});
        else
            family.samples.push_back({labels, static_cast<double>(instrument->value())});
    }
}

} // namespace

Registry::Entry &Registry::entry(const QByteArray &name, const QByteArray &help, Kind kind, const Labels &labels)
{
    const auto known = m_entries.find(name);
    const bool good = isMetricName(name) && labelsAreGood(labels) && (known == m_entries.end() || known->second.kind == kind);
    Q_ASSERT_X(good, "Registry", name.constData());
    Entry &found = good ? m_entries[name] : m_hidden[name];
    if (found.help.isEmpty()) {
        found.help = help;
        found.kind = kind;
    }
    return found;
}

Counter &Registry::counter(const QByteArray &name, const QByteArray &help, Labels labels)
{
    const std::lock_guard lock(m_mutex);
    Entry &found = entry(name, help, Kind::Counter, labels);
    return find(found.counters, std::move(labels), [] { return std::make_unique<Counter>(); });
}

Gauge &Registry::gauge(const QByteArray &name, const QByteArray &help, Labels labels)
{
    const std::lock_guard lock(m_mutex);
    Entry &found = entry(name, help, Kind::Gauge, labels);
    return find(found.gauges, std::move(labels), [] { return std::make_unique<Gauge>(); });
}

Histogram &Registry::histogram(const QByteArray &name, const QByteArray &help, const std::vector<double> &bounds,
                               Labels labels)
{
    const std::lock_guard lock(m_mutex);
    Entry &found = entry(name, help, Kind::Histogram, labels);
    if (found.histograms.empty())
        found.bounds = bounds;
    return find(found.histograms, std::move(labels), [&] { return std::make_unique<Histogram>(found.bounds); });
}

std::vector<Family> Registry::ownFamilies() const
{
    const std::lock_guard lock(m_mutex);
    std::vector<Family> families;
    families.reserve(m_entries.size());
    for (const auto &[name, entry] : m_entries) {
        Family family{name, entry.help, entry.kind, {}};
        appendSamples(family, entry.counters);
        appendSamples(family, entry.gauges);
        appendSamples(family, entry.histograms);
        families.push_back(std::move(family));
    }
    return families;
}

std::vector<Family> Registry::gather() const
{
    std::vector<Family> families = ownFamilies();
    {
        const std::shared_lock lock(m_collectorsMutex);
        for (const auto &[id, collector] : m_collectors)
            collector(families);
    }
    std::stable_sort(families.begin(), families.end(), [](const Family &a, const Family &b) { return a.name < b.name; });
    std::vector<Family> merged;
    for (Family &family : families) {
        if (merged.empty() || merged.back().name != family.name) {
            merged.push_back(std::move(family));
        } else if (merged.back().kind == family.kind) {
            auto &samples = merged.back().samples;
            samples.insert(samples.end(), std::make_move_iterator(family.samples.begin()),
                           std::make_move_iterator(family.samples.end()));
        }
    }
    for (Family &family : merged) {
        for (Sample &sample : family.samples)
            std::sort(sample.labels.begin(), sample.labels.end());
        std::stable_sort(family.samples.begin(), family.samples.end(),
                         [](const Sample &a, const Sample &b) { return a.labels < b.labels; });
        const auto same = [](const Sample &a, const Sample &b) { return a.labels == b.labels; };
        family.samples.erase(std::unique(family.samples.begin(), family.samples.end(), same), family.samples.end());
    }
    return merged;
}

Registration Registry::addCollector(Collector collector)
{
    const std::unique_lock lock(m_collectorsMutex);
    const quint64 id = ++m_lastCollector;
    m_collectors.emplace(id, std::move(collector));
    return {*this, id};
}

void Registry::endRegistration(quint64 id)
{
    const std::unique_lock lock(m_collectorsMutex);
    m_collectors.erase(id);
}

} // namespace a360::metrics

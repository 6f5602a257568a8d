// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/registration.h"
#include "metrics/instruments.h"

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <vector>

namespace a360::metrics {

/// Everything that is measured, in one place: instruments that it owns, and collectors, which turn the numbers a room
/// keeps for itself into samples when somebody asks. Thread-safe. Finding an instrument takes a mutex, so callers keep
/// the reference, which is valid as long as the registry.
class Registry final : private Registrar
{
public:
    /// Series of one name beyond these share the one whose label values are all "other", so that no client can make the
    /// registry grow without end.
    static constexpr size_t mostSeriesPerName = 500;

    Registry() = default;
    Registry(const Registry &) = delete;
    Registry &operator=(const Registry &) = delete;

    /// The instrument of that name and these labels, made at the first call. A bad name, or one that is known as another
    /// kind, is a programming mistake (asserts; without assertions the instrument works but is not shown).
    Counter &counter(const QByteArray &name, const QByteArray &help, Labels labels = {});
    Gauge &gauge(const QByteArray &name, const QByteArray &help, Labels labels = {});
    /// The bounds of the first call hold for the whole name.
    Histogram &histogram(const QByteArray &name, const QByteArray &help, const std::vector<double> &bounds,
                         Labels labels = {});

    /// Appends families. Runs in the thread that asks, several at a time; must not call this registry back.
    using Collector = std::function<void(std::vector<Family> &)>;
    /// Keeps a collector for its own lifetime; its end waits for runs of the collector in other threads. The registry
    /// must outlive it.
    using Registration = a360::Registration;
    Registration addCollector(Collector collector);

    /// All families by name, their samples by labels. Families of the same name and kind are merged; of two that
    /// disagree in kind, and of two series with the same labels, the first stays.
    std::vector<Family> gather() const;

private:
    struct Entry
    {
        QByteArray help;
        Kind kind = Kind::Counter;
        std::vector<double> bounds;
        std::map<Labels, std::unique_ptr<Counter>> counters; // one of the three is in use, by kind
        std::map<Labels, std::unique_ptr<Gauge>> gauges;
        std::map<Labels, std::unique_ptr<Histogram>> histograms;
    };
    void endRegistration(quint64 id) override;
    Entry &entry(const QByteArray &name, const QByteArray &help, Kind kind, const Labels &labels);
    std::vector<Family> ownFamilies() const;

    mutable std::mutex m_mutex; // guards the entries, not their instruments
    std::map<QByteArray, Entry> m_entries;
    std::map<QByteArray, Entry> m_hidden; // of wrong calls
    mutable std::shared_mutex m_collectorsMutex; // held shared while collectors run
    std::map<quint64, Collector> m_collectors;
    quint64 m_lastCollector = 0;
};

} // namespace a360::metrics

// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer_metrics.h"

namespace a360 {

using metrics::Family;
using metrics::Kind;

metrics::Registry::Registration addTransferMetrics(metrics::Registry &registry,
                                                   std::shared_ptr<const transfer::TransferMeters> meters)
{
    return registry.addCollector([meters = std::move(meters)](std::vector<Family> &out) {
        const std::pair<const char *, parallel::WorkMeter::Figures> works[] = {
            {"import parsing", meters->parsing.figures()}, {"export encoding", meters->encoding.figures()}};
        const auto add = [&](const char *name, const char *help, Kind kind, auto &&value) {
            Family family{name, help, kind, {}};
            for (const auto &[work, figures] : works)
                family.samples.push_back({{{"work", work}}, static_cast<double>(value(figures))});
            out.push_back(std::move(family));
        };
        using Figures = parallel::WorkMeter::Figures;
        add("a360_parallel_items_total", "Items of parallel work that have ended.", Kind::Counter,
            [](const Figures &figures) { return figures.finished; });
        add("a360_parallel_failures_total", "Items of parallel work that failed.", Kind::Counter,
            [](const Figures &figures) { return figures.failed; });
        add("a360_parallel_busy_seconds_total", "Time spent on items, added up over the threads.", Kind::Counter,
            [](const Figures &figures) { return std::chrono::duration<double>(figures.busy).count(); });
        add("a360_parallel_running_items", "Items that threads are working on.", Kind::Gauge,
            [](const Figures &figures) { return figures.running; });
    });
}

} // namespace a360

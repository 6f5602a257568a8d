// SPDX-License-Identifier: GPL-3.0-or-later
#include "memo_metrics.h"

namespace a360 {

using metrics::Family;
using metrics::Kind;

metrics::Registry::Registration addMemoMetrics(metrics::Registry &registry, const cache::MemoRegistry &memos)
{
    return registry.addCollector([&memos](std::vector<Family> &out) {
        const std::map<QByteArray, cache::MemoStats> all = memos.stats();
        const auto add = [&](const char *name, const char *help, Kind kind, qint64 cache::MemoStats::*figure) {
            Family family{name, help, kind, {}};
            for (const auto &[memo, stats] : all)
                family.samples.push_back({{{"memo", memo}}, static_cast<double>(stats.*figure)});
            out.push_back(std::move(family));
        };
        add("a360_memo_hits_total", "Values that a memo knew.", Kind::Counter, &cache::MemoStats::hits);
        add("a360_memo_misses_total", "Values that had to be computed.", Kind::Counter, &cache::MemoStats::misses);
        add("a360_memo_entries", "Values held.", Kind::Gauge, &cache::MemoStats::currsize);
        add("a360_memo_max_entries", "Most values that are held.", Kind::Gauge, &cache::MemoStats::maxsize);
    });
}

} // namespace a360

// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/sample.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace a360::metrics {

namespace {

constexpr double notANumber = std::numeric_limits<double>::quiet_NaN();

bool isName(const QByteArray &name, bool colonAllowed)
{
    const auto letter = [colonAllowed](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (colonAllowed && c == ':');
    };
    if (name.isEmpty() || !letter(name.front()))
        return false;
    return std::all_of(name.begin(), name.end(), [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

Family family(QByteArray name, QByteArray help, Kind kind, std::variant<double, Distribution> value)
{
    Family made{std::move(name), std::move(help), kind, {}};
    made.samples.push_back({{}, std::move(value)});
    return made;
}

} // namespace

quint64 Distribution::count() const
{
    return std::accumulate(counts.begin(), counts.end(), quint64(0));
}

double Distribution::mean() const
{
    const quint64 all = count();
    return all > 0 ? sum / static_cast<double>(all) : notANumber;
}

double Distribution::quantile(double q) const
{
    const auto all = static_cast<double>(count());
    if (all <= 0 || bounds.empty())
        return notANumber;
    const double rank = std::clamp(q, 0.0, 1.0) * all;
    double before = 0;
    for (size_t i = 0; i < bounds.size(); ++i) {
        const auto here = static_cast<double>(counts[i]);
        if (here > 0 && before + here >= rank) {
            const double low = i > 0 ? bounds[i - 1] : std::min(0.0, bounds[0]);
            return low + (bounds[i] - low) * (rank - before) / here;
        }
        before += here;
    }
    return bounds.back();
}

Distribution Distribution::since(const Distribution &earlier) const
{
    Distribution difference = *this;
    if (earlier.counts.size() != counts.size() || earlier.bounds != bounds)
        return difference;
    for (size_t i = 0; i < counts.size(); ++i) {
        if (counts[i] < earlier.counts[i])
            return *this;
        difference.counts[i] -= earlier.counts[i];
    }
    difference.sum -= earlier.sum;
    return difference;
}

Family counterFamily(QByteArray name, QByteArray help, double value)
{
    return family(std::move(name), std::move(help), Kind::Counter, value);
}

Family gaugeFamily(QByteArray name, QByteArray help, double value)
{
    return family(std::move(name), std::move(help), Kind::Gauge, value);
}

Family histogramFamily(QByteArray name, QByteArray help, Distribution value)
{
    return family(std::move(name), std::move(help), Kind::Histogram, std::move(value));
}

bool isMetricName(const QByteArray &name)
{
    return isName(name, true);
}

bool isLabelName(const QByteArray &name)
{
    return isName(name, false) && !name.startsWith("__"); // those are Prometheus' own
}

} // namespace a360::metrics

// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/scale.h"

#include <algorithm>
#include <cmath>

namespace a360::ui {

namespace {

double roundStep(double wanted)
{
    const double power = std::pow(10.0, std::floor(std::log10(wanted)));
    for (const double factor : {1.0, 2.0, 5.0}) {
        if (factor * power >= wanted * (1 - 1e-9))
            return factor * power;
    }
    return 10 * power;
}

/// 1, 2, 4 … 512 KiB, MiB and so on: "300 KiB" between "256" and "512" is no round number.
double byteStep(double wanted)
{
    double step = 1;
    while (step < wanted * (1 - 1e-9))
        step *= 2;
    return step;
}

} // namespace

Scale niceScale(double largest, int mostSteps, Unit unit)
{
    Scale scale;
    if (!std::isfinite(largest) || largest <= 0)
        largest = unit == Unit::Seconds ? 0.001 : 1;
    const double wanted = largest / std::max(1, mostSteps);
    scale.step = unit == Unit::Bytes ? byteStep(wanted) : roundStep(wanted);
    if (unit == Unit::Count || unit == Unit::PerSecond)
        scale.step = std::max(1.0, scale.step);
    scale.top = scale.step * std::max(1.0, std::ceil(largest / scale.step - 1e-9));
    return scale;
}

void columnsOf(const Series &samples, qint64 from, qint64 to, int width, qint64 gap, std::vector<Column> &columns)
{
    columns.clear();
    if (to <= from || width < 1)
        return;
    const auto before = [](const Sample &sample, qint64 time) { return sample.time < time; };
    auto at = std::lower_bound(samples.begin(), samples.end(), from, before);
    qint64 previous = 0;
    bool joined = false; // nothing is known of what lies left of the first column
    for (; at != samples.end() && at->time <= to; ++at) {
        if (!std::isfinite(at->value)) {
            joined = false;
            continue;
        }
        if (joined && at->time - previous > gap)
            joined = false;
        const auto x = static_cast<int>((at->time - from) * (width - 1) / (to - from));
        if (!columns.empty() && columns.back().x == x && joined) {
            Column &column = columns.back();
            column.last = at->value;
            column.low = std::min(column.low, at->value);
            column.high = std::max(column.high, at->value);
        } else {
            columns.push_back({x, at->value, at->value, at->value, at->value, joined});
        }
        previous = at->time;
        joined = true;
    }
}

} // namespace a360::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/chart_model.h"

#include <QStringList>

#include <algorithm>
#include <cmath>
#include <limits>

namespace a360::ui {

namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

auto firstFrom(const Series &samples, qint64 time)
{
    return std::lower_bound(samples.begin(), samples.end(), time,
                            [](const Sample &sample, qint64 wanted) { return sample.time < wanted; });
}

double highestOf(const Series &samples, qint64 from, qint64 to)
{
    double highest = none;
    for (auto at = firstFrom(samples, from); at != samples.end() && at->time <= to; ++at) {
        if (std::isfinite(at->value))
            highest = std::isnan(highest) ? at->value : std::max(highest, at->value);
    }
    return highest;
}

} // namespace

double ChartModel::highest() const
{
    double highest = none;
    for (const ChartLine &line : lines)
        highest = std::fmax(highest, highestOf(line.samples, from(), now));
    return highest;
}

double ChartModel::latest(const ChartLine &line) const
{
    for (auto at = line.samples.rbegin(); at != line.samples.rend() && at->time >= now - 2 * gap; ++at) {
        if (at->time <= now && std::isfinite(at->value))
            return at->value;
    }
    return none;
}

bool ChartModel::isEmpty() const
{
    return std::isnan(highest());
}

const Sample *ChartModel::nearest(const ChartLine &line, qint64 time) const
{
    const auto after = firstFrom(line.samples, time);
    const Sample *best = nullptr;
    if (after != line.samples.end())
        best = &*after;
    if (after != line.samples.begin()) {
        const Sample &before = *(after - 1);
        if (!best || time - before.time < best->time - time)
            best = &before;
    }
    const bool close = best && std::abs(best->time - time) <= std::max<qint64>(gap, (now - from()) / 200);
    return close && std::isfinite(best->value) ? best : nullptr;
}

QString ChartModel::summary(const QLocale &locale) const
{
    if (isEmpty())
        return emptyText;
    QStringList parts;
    for (const ChartLine &line : lines) {
        const double most = highestOf(line.samples, from(), now);
        if (std::isnan(most))
            continue;
        const QString name = line.name.isEmpty() ? QString() : line.name + QLatin1Char(' ');
        const double last = latest(line);
        parts.append(std::isnan(last)
                         ? QStringLiteral("%1at most %2, no current value").arg(name, valueText(most, unit, locale))
                         : QStringLiteral("%1%2, at most %3").arg(name, valueText(last, unit, locale), valueText(most, unit, locale)));
    }
    return QStringLiteral("%1 in the last %2 min").arg(parts.join(QStringLiteral("; "))).arg(minutes);
}

} // namespace a360::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

#include <vector>

namespace a360::ui {

/// One measured value. Time in milliseconds since 1970 UTC. A value that is not a number marks a time without one.
struct Sample
{
    qint64 time = 0;
    double value = 0;
    bool operator==(const Sample &) const = default;
};
/// In ascending order of time.
using Series = std::vector<Sample>;

} // namespace a360::ui

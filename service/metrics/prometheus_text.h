// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "metrics/sample.h"

namespace a360::metrics {

/// Content type of the text.
inline constexpr char prometheusContentType[] = "text/plain; version=0.0.4; charset=utf-8";

/// Families in Prometheus' text exposition format 0.0.4: HELP and TYPE once per name, histograms as cumulative _bucket
/// with `le`, _sum and _count. Families and labels whose names the format does not allow are left out.
/// Source: https://prometheus.io/docs/instrumenting/exposition_formats/
QByteArray prometheusText(const std::vector<Family> &families);

} // namespace a360::metrics

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <variant>
#include <vector>

namespace a360::metrics {

enum class Kind { Counter, Gauge, Histogram };

struct Label
{
    QByteArray name;  ///< [a-zA-Z_][a-zA-Z0-9_]*
    QByteArray value; ///< any UTF-8
    friend bool operator==(const Label &a, const Label &b) { return a.name == b.name && a.value == b.value; }
    friend bool operator<(const Label &a, const Label &b) { return a.name < b.name || (a.name == b.name && a.value < b.value); }
};
using Labels = std::vector<Label>;

/// How often values fell between fixed bounds. `counts[i]` are those of at most `bounds[i]` and more than the bound
/// before; the last one, which has no bound, those above all. Not cumulative.
struct Distribution
{
    std::vector<double> bounds;   ///< ascending
    std::vector<quint64> counts;  ///< one more than bounds
    double sum = 0;

    quint64 count() const;
    double mean() const;          ///< NaN when empty
    /// Estimate of the q-quantile (0…1), evenly spread within its bucket as Prometheus' histogram_quantile() does it; the
    /// highest bound when it lies above all; NaN when empty.
    double quantile(double q) const;
    /// What was added since `earlier` (same bounds); all of it when the counts went back, as after a restart.
    Distribution since(const Distribution &earlier) const;
};

/// A series' value at one moment.
struct Sample
{
    Labels labels;
    std::variant<double, Distribution> value;
};

/// All series of one name. Names follow Prometheus: `a360_<room>_<what>_<unit>[_total]`, units seconds and bytes.
struct Family
{
    QByteArray name;
    QByteArray help;
    Kind kind = Kind::Gauge;
    std::vector<Sample> samples;
};

/// Shorthands for collectors.
Family counterFamily(QByteArray name, QByteArray help, double value);
Family gaugeFamily(QByteArray name, QByteArray help, double value);
Family histogramFamily(QByteArray name, QByteArray help, Distribution value);

bool isMetricName(const QByteArray &name); ///< [a-zA-Z_:][a-zA-Z0-9_:]*
bool isLabelName(const QByteArray &name);

} // namespace a360::metrics

// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/prometheus_text.h"

#include <QLocale>

#include <algorithm>
#include <cmath>

namespace a360::metrics {

namespace {

const char *typeName(Kind kind)
{
    switch (kind) {
    case Kind::Counter: return "counter";
    case Kind::Gauge: return "gauge";
    case Kind::Histogram: break;
    }
    return "histogram";
}

/// As Go's ParseFloat reads it, in the fewest digits that give the same number back.
QByteArray number(double value)
{
    if (std::isnan(value))
        return "NaN";
    if (std::isinf(value))
        return value > 0 ? "+Inf" : "-Inf";
    return QByteArray::number(value, 'g', QLocale::FloatingPointShortest);
}

QByteArray escaped(QByteArray text, bool quotesToo)
{
    text.replace('\\', "\\\\").replace('\n', "\\n");
    if (quotesToo)
        text.replace('"', "\\\"");
    return text;
}

void appendLine(QByteArray &out, const QByteArray &name, const Labels &labels, const QByteArray &le, const QByteArray &value)
{
    out += name;
    char separator = '{';
    const auto append = [&](const QByteArray &label, const QByteArray &text) {
        out += separator;
        out += label + "=\"" + escaped(text, true) + '"';
        separator = ',';
    };
    for (const Label &label : labels) {
        if (isLabelName(label.name))
            append(label.name, label.value);
    }
    if (!le.isEmpty())
        append("le", le);
    if (separator == ',')
        out += '}';
    out += ' ' + value + '\n';
}

void appendHistogram(QByteArray &out, const QByteArray &name, const Labels &labels, const Distribution &value)
{
    quint64 cumulative = 0;
    for (size_t i = 0; i < value.counts.size(); ++i) {
        cumulative += value.counts[i];
        const QByteArray le = i < value.bounds.size() ? number(value.bounds[i]) : QByteArray("+Inf");
        appendLine(out, name + "_bucket", labels, le, QByteArray::number(cumulative));
    }
    appendLine(out, name + "_sum", labels, {}, number(value.sum));
    appendLine(out, name + "_count", labels, {}, QByteArray::number(cumulative));
}

} // namespace

QByteArray prometheusText(const std::vector<Family> &families)
{
    QByteArray out;
    for (const Family &family : families) {
        if (!isMetricName(family.name) || family.samples.empty())
            continue;
        out += "# HELP " + family.name + ' ' + escaped(family.help, false) + '\n';
        out += "# TYPE " + family.name + ' ' + typeName(family.kind) + '\n';
        for (const Sample &sample : family.samples) {
            if (const auto *distribution = std::get_if<Distribution>(&sample.value))
                appendHistogram(out, family.name, sample.labels, *distribution);
            else
                appendLine(out, family.name, sample.labels, {}, number(std::get<double>(sample.value)));
        }
    }
    return out;
}

} // namespace a360::metrics

// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/value_text.h"

#include <cmath>

namespace a360::ui {

namespace {

/// Three significant digits without trailing zeros.
QString shortNumber(double value, const QLocale &locale)
{
    const double size = std::abs(value);
    const int decimals = size >= 99.95 || size == 0 ? 0 : size >= 9.995 ? 1 : 2;
    double rounded = value;
    int needed = 0;
    for (; needed < decimals; ++needed) { // as many decimals as say something
        const double scale = std::pow(10.0, needed);
        rounded = std::round(value * scale) / scale;
        if (std::abs(rounded - value) < 0.5 * std::pow(10.0, -decimals))
            break;
    }
    return locale.toString(value, 'f', needed);
}

QString secondsText(double seconds, const QLocale &locale)
{
    const double size = std::abs(seconds);
    if (size == 0)
        return QStringLiteral("0 ms");
    if (size < 0.000'999'5)
        return QStringLiteral("%1 µs").arg(shortNumber(seconds * 1e6, locale));
    if (size < 0.999'5)
        return QStringLiteral("%1 ms").arg(shortNumber(seconds * 1e3, locale));
    if (size < 120)
        return QStringLiteral("%1 s").arg(shortNumber(seconds, locale));
    return size < 7200 ? QStringLiteral("%1 min").arg(shortNumber(seconds / 60, locale))
                       : QStringLiteral("%1 h").arg(shortNumber(seconds / 3600, locale));
}

/// Large ones in thousands and millions: axes and tables have little room.
QString countText(double value, const QLocale &locale)
{
    const double size = std::abs(value);
    if (size >= 999'500)
        return QStringLiteral("%1 M").arg(shortNumber(value / 1e6, locale));
    if (size >= 99'950)
        return QStringLiteral("%1 k").arg(shortNumber(value / 1e3, locale));
    return size >= 100 || value == std::floor(value) ? locale.toString(value, 'f', 0) : shortNumber(value, locale);
}

} // namespace

QString valueText(double value, Unit unit, const QLocale &locale)
{
    if (!std::isfinite(value))
        return QStringLiteral("–");
    switch (unit) {
    case Unit::Count:
        return countText(value, locale);
    case Unit::Percent:
        return QStringLiteral("%1 %").arg(locale.toString(value, 'f', value == std::floor(value) ? 0 : 1));
    case Unit::Seconds:
        return secondsText(value, locale);
    case Unit::PerSecond:
        return countText(value, locale) + QStringLiteral("/s");
    case Unit::Bytes:
        break;
    }
    const auto bytes = static_cast<qint64>(value);
    return locale.formattedDataSize(bytes, bytes < 1024 ? 0 : 1, QLocale::DataSizeIecFormat);
}

QString shareText(double part, double whole, const QLocale &locale)
{
    if (whole <= 0)
        return QStringLiteral("–");
    return QStringLiteral("%1 %").arg(locale.toString(100 * part / whole, 'f', 1));
}

} // namespace a360::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#include "records/cell_text.h"

#include "db/timestamp_text.h"

#include <algorithm>
#include <cmath>
#include <limits>


namespace a360::ui {

namespace {

QString fromUtf8(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

/// Cuts behind a whole character; UTF-8 continuation bytes start with the bits 10.
std::string_view firstBytes(std::string_view text, size_t limit)
{
    if (text.size() <= limit)
        return text;
    while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xC0u) == 0x80u)
        --limit;
    return text.substr(0, limit);
}

QString joinedList(db::Cell cell, qsizetype limit)
{
    QString joined;
    for (db::TextListReader reader(cell); reader.next() && joined.size() < limit;) {
        if (reader.elementIsNull())
            continue;
        if (!joined.isEmpty())
            joined += QLatin1String(", ");
        joined += fromUtf8(reader.element());
    }
    return joined;
}

} // namespace

QString displayText(db::Cell cell, db::ColumnType type, const QLocale &locale, const QDateTime &now, int limit)
{
    if (cell.isNull())
        return {};
    switch (type) {
    case db::ColumnType::Integer:
        return locale.toString(cell.integer());
    case db::ColumnType::Timestamp:
        return relativeTime(timeOf(cell.integer()), now, locale);
    case db::ColumnType::TextList:
        return joinedList(cell, limit);
    case db::ColumnType::Text:
        break;
    }
    QString text = fromUtf8(firstBytes(cell.text(), static_cast<size_t>(limit)));
    for (QChar &c : text) {
        if (c == QLatin1Char('\n') || c == QLatin1Char('\r') || c == QLatin1Char('\t'))
            c = QLatin1Char(' ');
    }
    return text;
}

QString exactText(db::Cell cell, db::ColumnType type)
{
    if (cell.isNull())
        return {};
    switch (type) {
    case db::ColumnType::Integer:
        return QString::number(cell.integer());
    case db::ColumnType::Timestamp:
        return timeOf(cell.integer()).toString(Qt::ISODateWithMs);
    case db::ColumnType::TextList:
        return joinedList(cell, std::numeric_limits<int>::max());
    case db::ColumnType::Text:
        break;
    }
    return fromUtf8(cell.text());
}

QDateTime timeOf(qint64 microseconds)
{
    microseconds = db::calendarTime(microseconds);
    // Floor, so that times before 1970 do not move towards it.
    const qint64 milliseconds = microseconds >= 0 ? microseconds / 1000 : (microseconds - 999) / 1000;
    return QDateTime::fromMSecsSinceEpoch(milliseconds).toUTC();
}

QString relativeTime(const QDateTime &time, const QDateTime &now, const QLocale &locale)
{
    const qint64 seconds = time.secsTo(now);
    const QDateTime local = time.toLocalTime();
    if (seconds >= 0 && seconds < 60)
        return QStringLiteral("just now");
    if (seconds >= 60 && seconds < 3600)
        return QStringLiteral("%1 min ago").arg(seconds / 60);
    if (seconds >= 3600 && seconds < 24 * 3600)
        return QStringLiteral("%1 h ago").arg(seconds / 3600);
    return locale.toString(local.date(), QStringLiteral("d MMM yyyy"));
}

QString durationText(double seconds)
{
    if (seconds < 1)
        return QStringLiteral("under 1 s");
    const auto whole = static_cast<qint64>(std::llround(std::max(0.0, seconds)));
    const qint64 hours = whole / 3600, minutes = whole / 60 % 60, rest = whole % 60;
    if (hours > 0)
        return QStringLiteral("%1:%2:%3").arg(hours).arg(minutes, 2, 10, QLatin1Char('0')).arg(rest, 2, 10, QLatin1Char('0'));
    return QStringLiteral("%1:%2").arg(minutes).arg(rest, 2, 10, QLatin1Char('0'));
}

QString bytesText(qint64 bytes, const QLocale &locale)
{
    return locale.formattedDataSize(bytes, bytes < 1024 ? 0 : 1, QLocale::DataSizeIecFormat);
}

QString countText(qint64 count, bool estimated, const QLocale &locale)
{
    return (estimated ? QStringLiteral("~") : QString()) + locale.toString(count);
}

QString rowsText(qint64 count, const QLocale &locale)
{
    return count == 1 ? QStringLiteral("1 row") : QStringLiteral("%1 rows").arg(locale.toString(count));
}

} // namespace a360::ui

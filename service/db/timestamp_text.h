// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace a360::db {

/// The stored form of a timestamp in SQLite: `YYYY-MM-DDTHH:MM:SS.ffffff`, UTC. Fixed width, so that the order of the
/// bytes is the order of time.
constexpr size_t timestampTextSize = 26;

/// PostgreSQL's "infinity" and "-infinity", as a cell and in a keyset holds them: they order as they do there. Where a
/// calendar time is asked for, they are the last and the first moment of the years 0001 to 9999, which is how the existing
/// service shows them.
constexpr qint64 infiniteFuture = std::numeric_limits<qint64>::max();
constexpr qint64 infinitePast = std::numeric_limits<qint64>::min();
constexpr qint64 calendarTime(qint64 microseconds)
{
    constexpr qint64 first = -62'135'596'800'000'000, last = 253'402'300'799'999'999;
    return microseconds == infiniteFuture ? last : microseconds == infinitePast ? first : microseconds;
}

/// False for years outside 0001 to 9999, which have no fixed-width form; `out` (26 bytes) is then unspecified.
bool writeTimestampText(qint64 microseconds, char *out);
/// Any timestamp, also with years of other widths (PostgreSQL's range); for text that people read.
std::string timestampText(qint64 microseconds);
/// Reads the stored form and its relatives: a space for the T, a shorter fraction or none, no seconds, a date alone, an
/// offset (`Z`, `+hh`, `+hh:mm`) which is applied. Nothing when the text is no valid time.
std::optional<qint64> parseTimestampText(std::string_view text);

} // namespace a360::db

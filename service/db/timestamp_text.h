// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

#include <optional>
#include <string>
#include <string_view>

namespace a360::db {

/// The stored form of a timestamp in SQLite: `YYYY-MM-DDTHH:MM:SS.ffffff`, UTC. Fixed width, so that the order of the
/// bytes is the order of time.
constexpr size_t timestampTextSize = 26;

/// False for years outside 0001 to 9999, which have no fixed-width form; `out` (26 bytes) is then unspecified.
bool writeTimestampText(qint64 microseconds, char *out);
/// Any timestamp, also with years of other widths (PostgreSQL's range); for text that people read.
std::string timestampText(qint64 microseconds);
/// Reads the stored form and its relatives: a space for the T, a shorter fraction or none, no seconds, a date alone, an
/// offset (`Z`, `+hh`, `+hh:mm`) which is applied. Nothing when the text is no valid time.
std::optional<qint64> parseTimestampText(std::string_view text);

} // namespace a360::db

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <QtGlobal>

namespace a360::transfer {

/// The import's rules for single values (decisions 7 and 10, contract §5.3). All input is decoded UTF-8.

/// Trimmed, without the one apostrophe that guards `= + - @` (and TAB, CR, LF); empty and "_" give an empty view (NULL).
std::string_view normaliseText(std::string_view cell);

/// Integer of a cell such as "1,234", "$9.5M", "120.0"; exact decimal arithmetic, truncated. nullopt: not a number.
std::optional<qint64> parseNumber(std::string_view text);

/// Microseconds since 1970 UTC of an ISO 8601 date or date-time (T or space, fraction, Z or offset). nullopt: none.
std::optional<qint64> parseTimestamp(std::string_view text);
/// ISO date or date-time, also year and year-month, as last_raised_at holds (kept as text).
bool isDate(std::string_view text);

/// Exactly one @, a local part, a dotted domain, no spaces.
bool isEmail(std::string_view text);

/// Splits at commas, trims, drops empty elements and case-insensitive repeats; result in TextList cell format.
void appendList(std::string_view cell, std::string &listCell);

/// RFC 4122 version 5 UUID in the URL namespace, lower-case dashed, of the concatenated parts (contract §5.4).
std::string uuid5Url(std::string_view name);

} // namespace a360::transfer

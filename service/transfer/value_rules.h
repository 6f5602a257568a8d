// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <QtGlobal>

namespace a360::transfer {

/// The import's rules for single values (decisions 7 and 10, contract §5.3). All input is decoded UTF-8; all functions
/// are thread-safe.

/// Trimmed, without the one apostrophe that guards `= + - @` (and TAB, CR, LF); empty and "_" give an empty view (NULL).
/// Of a run of apostrophes in front of such a character exactly one goes, so that an export that adds one to each such
/// cell comes back unchanged.
std::string_view normaliseText(std::string_view cell);
/// True for a cell that normaliseText() would take an apostrophe from if one more stood in front of it, which is what an
/// export for spreadsheets has to guard: apostrophes, perhaps none, and then one of `= + - @` TAB CR LF.
bool needsGuard(std::string_view text);

/// Integer of a cell such as "1,234", "$9.5M", "120.0"; exact decimal arithmetic, truncated. Optional `$`, digits with
/// optional thousands commas, optional decimal part, optional K, M or B; spaces around it. nullopt: not a number, or one
/// beyond 64 bits.
std::optional<qint64> parseNumber(std::string_view text);

/// Microseconds since 1970 UTC of an ISO 8601 date or date-time (T or space, seconds optional, fraction cut after the
/// sixth digit, Z or offset; without one it is UTC). nullopt: none, or no day of the calendar.
std::optional<qint64> parseTimestamp(std::string_view text);
/// ISO date or date-time, also year and year-month, as last_raised_at holds (kept as text).
bool isDate(std::string_view text);

/// The first thing that keeps a text from being an e-mail address: exactly one @, a local part, a dotted domain, neither
/// spaces nor control characters.
enum class EmailFault { None, NoAt, SeveralAt, NoLocalPart, Space, NoDomain, NoDot, EmptyLabel };
EmailFault emailFault(std::string_view text);
inline bool isEmail(std::string_view text)
{
    return emailFault(text) == EmailFault::None;
}

/// Splits at commas, trims, drops empty elements and case-insensitive repeats (also of elements that are in `listCell`
/// already); appends in TextList cell format.
void appendList(std::string_view cell, std::string &listCell);

/// RFC 4122 version 5 UUID in the URL namespace, lower-case dashed, of the concatenated parts (contract §5.4).
std::string uuid5Url(std::string_view name);

} // namespace a360::transfer

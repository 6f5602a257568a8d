// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

#include <string>
#include <string_view>

namespace a360::transfer {

/// Appends a quoted JSON string (RFC 8259). Beyond what JSON asks for, C1 controls, U+2028 and U+2029 are escaped too,
/// as clients that split text into lines take some of them for line ends (decision 29).
void appendJsonString(std::string &out, std::string_view utf8);

/// Appends an ISO 8601 time without quotes or zone, as Python's isoformat() writes it: 2025-11-08T16:26:20.987054, the
/// fraction left out when it is zero. `microseconds` since 1970-01-01 UTC.
void appendTimestamp(std::string &out, qint64 microseconds);

/// Appends a decimal integer.
void appendInteger(std::string &out, qint64 value);

} // namespace a360::transfer

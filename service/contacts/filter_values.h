// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <QByteArray>
#include <QString>

#include <vector>

namespace a360::contacts {

// Reading the values of filter parameters. `parameter` is its name, for the error.

/// Whether a list may also come as the text of a JSON array.
enum class ListSyntax { Commas, CommasOrJson };

/// The parts of a comma list, trimmed, without empty ones. A part in double quotes may hold commas; a quote inside it is
/// written twice.
Result<std::vector<QByteArray>> readList(const QString &value, ListSyntax syntax, const QString &parameter);
/// A whole number, zero or more.
Result<qint64> readNumber(const QString &value, const QString &parameter);
/// ISO 8601 (without offset: UTC) or unix seconds, as microseconds since 1970 UTC.
Result<qint64> readTime(const QString &value, const QString &parameter);
/// true/1/yes/y/on in any case; everything else is false.
bool readFlag(const QString &value);

} // namespace a360::contacts

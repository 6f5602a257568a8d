// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QStringView>

#include <optional>

namespace a360::transfer {

/// The file formats rows are written in.
enum class Format { Csv, JsonLines, Json };

std::optional<Format> formatByName(QStringView name); ///< "csv", "jsonl", "json"
QByteArray contentType(Format format);                ///< contract §11

} // namespace a360::transfer

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <QJsonObject>

namespace a360::app {

/// Writes a JSON file (indented, whole or not at all). Error{Io} names the path and the cause.
Result<void> writeJsonFile(const QString &path, const QJsonObject &object);
/// Checks, before a long run, that a file could be written there. Leaves nothing behind.
Result<void> checkWritable(const QString &path, const QString &option);
/// Both paths name the same existing file.
bool isSameFile(const QString &a, const QString &b);

} // namespace a360::app

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "core/settings.h"

#include <QJsonObject>

#include <vector>

namespace a360::app {

/// A file, and what the person at the keyboard calls it: "--report", "the database".
struct NamedFile
{
    QString what;
    QString path;
};

/// Writes a JSON file (indented, whole or not at all; devices and "-", standard output, as it comes). Errors as
/// transfer::openFileSink's name the path and the cause.
Result<void> writeJsonFile(const QString &path, const QJsonObject &object);
/// The files that hold the data, where that is SQLite; none for PostgreSQL, or when DATABASE_URL cannot be read.
std::vector<NamedFile> databaseFiles(const Settings &settings);
/// Checks, before a long run, that each of the outputs can be written, and that none would take the place of another or of
/// a file in `kept`. Leaves nothing behind.
Result<void> checkOutputs(const std::vector<NamedFile> &outputs, std::vector<NamedFile> kept);

} // namespace a360::app

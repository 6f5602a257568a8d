// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

#include <span>

namespace a360::app {

/// One command of the program. `run` gets the words behind its name and returns the exit code.
struct Command
{
    const char *name;
    const char *summary;
    int (*run)(const QStringList &arguments);
};

std::span<const Command> commands();

int runImportCommand(const QStringList &arguments);
int runExportCommand(const QStringList &arguments);
int runAnalyzeCommand(const QStringList &arguments);
int runCountCommand(const QStringList &arguments);
int runIndexesCommand(const QStringList &arguments);
int runServeCommand(const QStringList &arguments);
int runTokenCommand(const QStringList &arguments);
int runConfigCommand(const QStringList &arguments);

} // namespace a360::app

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

namespace a360::architecture {

/// One source file: its path from the top of the project, and its text.
struct SourceFile
{
    QString path;
    QString text;
};

/// What is wrong with a file, one line each ("service/db/x.cpp:12: includes contacts/query.h: db may not use contacts").
/// Pure text rules, so that the rules themselves can be tested with planted violations.
QStringList violations(const SourceFile &file);

/// All files that the rules are about, read from the project's folder.
QList<SourceFile> projectSources(const QString &root);

} // namespace a360::architecture

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "db/database_url.h"

#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>

namespace a360::test {

struct CliResult
{
    int code = -1;       ///< -1: did not start, crashed or hung
    QByteArray out, err;
};

/// Runs the real program `a360`, in a home of its own: neither settings nor data of the person who tests play a part.
class CliProgram
{
public:
    CliProgram();

    /// Waits for the end, a minute at most.
    CliResult run(const QStringList &arguments, const QByteArray &input = {});
    /// The same with `--database`.
    CliResult run(const db::DatabaseUrl &database, QStringList arguments, const QByteArray &input = {});
    /// Starts it and lets it run; the caller talks to the process.
    void start(QProcess &process, const QStringList &arguments) const;

    QString path(const QString &name) const { return m_home.filePath(name); }
    /// Writes a file into the home; returns its path.
    QString file(const QString &name, const QByteArray &content) const;
    QProcessEnvironment &environment() { return m_environment; }

private:
    QTemporaryDir m_home;
    QProcessEnvironment m_environment;
};

QByteArray readAll(const QString &path);
QJsonObject readJson(const QString &path);

/// Records of a CSV text (quotes, commas and line ends inside quotes), the header first.
QList<QByteArrayList> csvRecords(const QByteArray &text);

} // namespace a360::test

/// The exit code, and what the program said when it is another one.
#define A360_COMPARE_CODE(result, expected)                                                                            \
    QVERIFY2((result).code == (expected),                                                                              \
             qPrintable(QStringLiteral("exit code %1, expected %2: ").arg((result).code).arg(expected)                 \
                        + QString::fromUtf8((result).err)))

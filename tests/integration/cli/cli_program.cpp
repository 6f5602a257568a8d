// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli_program.h"

#include <QFile>
#include <QJsonDocument>

namespace a360::test {

CliProgram::CliProgram() : m_environment(QProcessEnvironment::systemEnvironment())
{
    for (const QString &name : m_environment.keys()) {
        if (name.startsWith(QLatin1String("POSTGRES_")) || name.startsWith(QLatin1String("DATABASE_"))
            || name.startsWith(QLatin1String("PG")))
            m_environment.remove(name);
    }
    m_environment.insert(QStringLiteral("XDG_DATA_HOME"), path(QStringLiteral("data")));
    m_environment.insert(QStringLiteral("XDG_CONFIG_HOME"), path(QStringLiteral("config")));
}

void CliProgram::start(QProcess &process, const QStringList &arguments) const
{
    process.setProcessEnvironment(m_environment);
    process.setWorkingDirectory(m_home.path());
    process.start(QStringLiteral(A360_PROGRAM_DIR "/a360"), arguments);
}

CliResult CliProgram::run(const QStringList &arguments, const QByteArray &input)
{
    QProcess process;
    start(process, arguments);
    if (!process.waitForStarted())
        return {-1, {}, process.errorString().toUtf8()};
    process.write(input);
    process.closeWriteChannel();
    const bool ended = process.waitForFinished(60000);
    if (!ended) {
        process.kill();
        process.waitForFinished();
    }
    const bool normal = ended && process.exitStatus() == QProcess::NormalExit;
    return {normal ? process.exitCode() : -1, process.readAllStandardOutput(), process.readAllStandardError()};
}

CliResult CliProgram::run(const db::DatabaseUrl &database, QStringList arguments, const QByteArray &input)
{
    arguments << QStringLiteral("--database") << database.toString();
    return run(arguments, input);
}

QString CliProgram::file(const QString &name, const QByteArray &content) const
{
    QFile out(path(name));
    if (!out.open(QIODevice::WriteOnly) || out.write(content) != content.size())
        qFatal("cannot write %s", qPrintable(out.fileName()));
    return out.fileName();
}

QByteArray readAll(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QJsonObject readJson(const QString &path)
{
    return QJsonDocument::fromJson(readAll(path)).object();
}

QList<QByteArrayList> csvRecords(const QByteArray &text)
{
    QList<QByteArrayList> records;
    QByteArrayList cells;
    QByteArray cell;
    bool quoted = false;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (quoted && c == '"' && i + 1 < text.size() && text[i + 1] == '"')
            cell += text[++i];
        else if (c == '"')
            quoted = !quoted;
        else if (!quoted && c == ',')
            cells << std::exchange(cell, {});
        else if (!quoted && c == '\n') {
            if (cell.endsWith('\r'))
                cell.chop(1);
            cells << std::exchange(cell, {});
            records << std::exchange(cells, {});
        } else {
            cell += c;
        }
    }
    return records;
}

} // namespace a360::test

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console.h"
#include "core/settings.h"

#include <QCommandLineParser>

#include <memory>
#include <vector>

namespace a360::app {

/// What a command tells about itself; the source of its parser and of its help.
struct CommandInfo
{
    QString name;        ///< "import", "token create"
    QString arguments;   ///< "FILE"
    QString description;
    QStringList examples;
};

/// The options of one command, those every command has included (--database, --env-file, --set, --quiet, --help).
class CommandLine
{
public:
    explicit CommandLine(CommandInfo info);

    void addOption(const QStringList &names, const QString &valueName, const QString &description);
    void addFlag(const QString &name, const QString &description) { addOption({name}, {}, description); }

    /// False: nothing more to do, the process ends with exitCode() (help was printed, or the usage was wrong and said so).
    bool parse(const QStringList &arguments, int leastArguments, int mostArguments);
    int exitCode() const { return m_exitCode; }

    /// False for an option this command does not have.
    bool isSet(const char *option) const;
    QString value(const char *option) const { return m_parser->value(QLatin1String(option)); }
    QStringList values(const char *option) const { return m_parser->values(QLatin1String(option)); }
    QStringList positional() const { return m_parser->positionalArguments(); }
    /// Value of an option that takes a whole number of at least `least`; `fallback` when not given.
    Result<qint64> number(const char *option, qint64 least, qint64 fallback) const;

    /// The effective settings for this command line.
    Result<Settings> settings() const;
    QString helpText() const;

private:
    bool usageError(const QString &message);
    QString suggestion() const;
    struct Option
    {
        QStringList names;
        QString valueName;
        QString description;
    };
    CommandInfo m_info;
    std::vector<Option> m_options;
    std::unique_ptr<QCommandLineParser> m_parser; // the parser itself cannot be moved
    int m_exitCode = ExitDone;
};

} // namespace a360::app

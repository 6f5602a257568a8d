// SPDX-License-Identifier: GPL-3.0-or-later
#include "command_line.h"

#include "core/nearest_name.h"
#include "core/paths.h"

#include <algorithm>

namespace a360::app {

namespace {

constexpr size_t kCommonOptions = 5; // as the constructor adds them
const QStringList kHelpNames{QStringLiteral("h"), QStringLiteral("help")};

/// Words of `text` in lines of at most `width` characters, all but the first indented.
QString wrapped(const QString &text, int indent, int width)
{
    QString out;
    int column = 0;
    for (const QString &word : text.split(QLatin1Char(' '), Qt::SkipEmptyParts)) {
        if (column > 0 && column + 1 + word.size() > width) {
            out += QLatin1Char('\n') + QString(indent, QLatin1Char(' '));
            column = 0;
        }
        if (column > 0) {
            out += QLatin1Char(' ');
            ++column;
        }
        out += word;
        column += static_cast<int>(word.size());
    }
    return out;
}

} // namespace

CommandLine::CommandLine(CommandInfo info)
    : m_info(std::move(info)), m_parser(std::make_unique<QCommandLineParser>())
{
    m_parser->setSingleDashWordOptionMode(QCommandLineParser::ParseAsCompactedShortOptions);
    addOption({QStringLiteral("database")}, QStringLiteral("URL"),
              QStringLiteral("postgresql://user:password@host:port/name, or a file: sqlite:///desk.db here, sqlite:////home/me/desk.db "
                             "anywhere. Without it: DATABASE_URL, or else the embedded database in your data folder (`a360 config "
                             "DATABASE_URL` shows which)."));
    addOption({QStringLiteral("env-file")}, QStringLiteral("FILE"),
              QStringLiteral("Settings file; default is .env in the working directory, if there is one."));
    addOption({QStringLiteral("set")}, QStringLiteral("NAME=VALUE"), QStringLiteral("Set any setting; may be repeated."));
    addOption({QStringLiteral("q"), QStringLiteral("quiet")}, {}, QStringLiteral("No progress and no summary."));
    addOption(kHelpNames, {}, QStringLiteral("Show this help."));
}

void CommandLine::addOption(const QStringList &names, const QString &valueName, const QString &description)
{
    m_options.push_back({names, valueName, description});
    QCommandLineOption option(names, description);
    if (!valueName.isEmpty())
        option.setValueName(valueName);
    m_parser->addOption(option);
}

bool CommandLine::usageError(const QString &message)
{
    m_exitCode = Console().fail(makeError(ErrorCode::InvalidArgument,
                                          QStringLiteral("%1\n      `a360 %2 --help` shows how it is used.")
                                              .arg(message, m_info.name)),
                                ErrorOrigin::Usage);
    return false;
}

/// What an option that does not exist was probably meant to be; empty when none is near.
QString CommandLine::suggestion() const
{
    const QStringList unknown = m_parser->unknownOptionNames();
    if (unknown.isEmpty())
        return {};
    QStringList names;
    for (const Option &option : m_options)
        names += option.names;
    const QString nearest = nearestName(names, unknown.constFirst());
    return nearest.isEmpty() ? QString() : QStringLiteral(" Did you mean '--%1'?").arg(nearest);
}

bool CommandLine::parse(const QStringList &arguments, int leastArguments, int mostArguments)
{
    const bool understood = m_parser->parse(QStringList{QStringLiteral("a360")} + arguments);
    if (m_parser->isSet(QStringLiteral("help"))) {
        if (const Result<void> shown = Console::data(helpText().toUtf8()); !shown)
            m_exitCode = Console().fail(shown.error(), ErrorOrigin::Files);
        return false;
    }
    if (!understood)
        return usageError(m_parser->errorText() + suggestion());
    const QStringList given = positional();
    if (given.size() < leastArguments)
        return usageError(QStringLiteral("%1 is missing.").arg(m_info.arguments));
    if (given.size() > mostArguments)
        return usageError(QStringLiteral("Unexpected argument '%1'.").arg(given.at(mostArguments)));
    return true;
}

bool CommandLine::isSet(const char *option) const
{
    const QString name = QLatin1String(option);
    const auto known = [&name](const Option &o) { return o.names.contains(name); };
    return std::any_of(m_options.cbegin(), m_options.cend(), known) && m_parser->isSet(name);
}

Result<qint64> CommandLine::number(const char *option, qint64 least, qint64 fallback) const
{
    if (!isSet(option))
        return fallback;
    bool ok = false;
    const qint64 number = value(option).toLongLong(&ok);
    if (ok && number >= least)
        return number;
    const QString name = QLatin1String("--") + QLatin1String(option);
    return makeError(ErrorCode::InvalidArgument,
                     QStringLiteral("%1 is '%2'; allowed: a whole number, at least %3.").arg(name, value(option)).arg(least),
                     name);
}

Result<Settings> CommandLine::settings() const
{
    SettingsSources sources;
    sources.environment = QProcessEnvironment::systemEnvironment();
    sources.envFileRequired = isSet("env-file");
    sources.envFile = sources.envFileRequired ? value("env-file") : QStringLiteral(".env");
    sources.desktopFile = desktopSettingsPath();
    for (const QString &pair : values("set")) {
        const qsizetype equals = pair.indexOf(QLatin1Char('='));
        const QString name = pair.left(equals).trimmed().toUpper();
        if (equals < 1 || settingIndex(name.toLatin1().constData()) < 0) {
            return makeError(ErrorCode::InvalidArgument,
                             equals < 1 ? QStringLiteral("--set takes NAME=VALUE, not '%1'.").arg(pair)
                                        : QStringLiteral("There is no setting %1; `a360 config` lists them.").arg(name),
                             QStringLiteral("--set"));
        }
        sources.commandLine.insert(name, pair.mid(equals + 1));
    }
    if (isSet("database"))
        sources.commandLine.insert(QStringLiteral("DATABASE_URL"), value("database"));
    return Settings::load(sources);
}

QString CommandLine::helpText() const
{
    QString text = QStringLiteral("Usage: a360 %1%2 [options]\n\n%3\n\nOptions:\n")
                       .arg(m_info.name, m_info.arguments.isEmpty() ? QString() : QLatin1Char(' ') + m_info.arguments,
                            wrapped(m_info.description, 0, 96));
    // The command's own options first, then the common ones, which were added before them.
    std::vector<Option> options = m_options;
    std::rotate(options.begin(), options.begin() + kCommonOptions, options.end());
    for (size_t i = 0; i < options.size(); ++i) {
        const Option &option = options[i];
        if (i > 0 && i + kCommonOptions == options.size())
            text += QStringLiteral("\nOptions of every command:\n");
        QStringList names;
        for (const QString &name : option.names)
            names << (name.size() == 1 ? QLatin1String("-") : QLatin1String("--")) + name;
        QString left = QLatin1String("  ") + names.join(QLatin1String(", "));
        if (!option.valueName.isEmpty())
            left += QLatin1Char(' ') + option.valueName;
        left = left.size() < 34 ? left.leftJustified(34) : left + QLatin1Char('\n') + QString(34, QLatin1Char(' '));
        text += left + wrapped(option.description, 34, 66) + QLatin1Char('\n');
    }
    if (!m_info.examples.isEmpty())
        text += QStringLiteral("\nExamples:\n  ") + m_info.examples.join(QLatin1String("\n  ")) + QLatin1Char('\n');
    return text;
}

} // namespace a360::app

// SPDX-License-Identifier: GPL-3.0-or-later
#include "commands.h"

#include "command_line.h"

namespace a360::app {

namespace {

QString latin1(std::string_view text)
{
    return QString::fromLatin1(text.data(), static_cast<qsizetype>(text.size()));
}

Result<QString> effectiveSettings(const Settings &settings, const QStringList &wanted)
{
    QStringList names;
    for (const QString &name : wanted) {
        if (settingIndex(name.toUpper().toLatin1().constData()) < 0)
            return makeError(ErrorCode::InvalidArgument, QStringLiteral("There is no setting %1.").arg(name), name);
        names << name.toUpper();
    }
    QString out;
    for (size_t i = 0; i < kSettings.size(); ++i) {
        const QString name = latin1(kSettings[i].name);
        if (!names.isEmpty() && !names.contains(name))
            continue;
        const QString value = settings.displayValue(i);
        out += QStringLiteral("%1  (%2)\n").arg(name + QLatin1Char('=') + value, settings.sourceText(i));
    }
    return out;
}

} // namespace

int runConfigCommand(const QStringList &arguments)
{
    CommandLine line({QStringLiteral("config"), QStringLiteral("[NAME]..."),
                      QStringLiteral("Prints the settings in force and where each comes from: command line, environment, .env "
                                     "file, desktop settings or default, in this order. Secrets are masked."),
                      {QStringLiteral("a360 config"), QStringLiteral("a360 config DATABASE_URL"),
                       QStringLiteral("a360 config --template > .env")}});
    line.addFlag(QStringLiteral("template"), QStringLiteral("Print a commented .env file with every setting instead."));
    line.addFlag(QStringLiteral("documentation"), QStringLiteral("Print the documentation page (Markdown) instead."));
    if (!line.parse(arguments, 0, static_cast<int>(kSettings.size())))
        return line.exitCode();
    Console console;
    QString out;
    if (line.isSet("template")) {
        out = envTemplate();
    } else if (line.isSet("documentation")) {
        out = settingsDocumentation();
    } else {
        const Result<Settings> settings = line.settings();
        if (!settings)
            return console.fail(settings.error(), ErrorOrigin::Usage);
        const Result<QString> text = effectiveSettings(*settings, line.positional());
        if (!text)
            return console.fail(text.error(), ErrorOrigin::Usage);
        out = *text;
    }
    const Result<void> printed = Console::data(out.toUtf8());
    return printed ? ExitDone : console.fail(printed.error(), ErrorOrigin::Files);
}

} // namespace a360::app

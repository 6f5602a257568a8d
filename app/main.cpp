// SPDX-License-Identifier: GPL-3.0-or-later
#include "commands.h"
#include "console.h"
#include "standard_streams.h"

#include "core/nearest_name.h"

#include <QCoreApplication>

namespace {

using namespace a360;
using namespace a360::app;

QString overview()
{
    QString text = QStringLiteral("Usage: a360 COMMAND [options]\n\nContacts and companies in, out and over HTTP, on an embedded "
                                  "database or PostgreSQL.\n\nCommands:\n");
    for (const Command &command : commands())
        text += QStringLiteral("  %1%2\n").arg(QLatin1String(command.name), -10).arg(QLatin1String(command.summary));
    return text + QStringLiteral("\nFor example:\n  a360 import leads.csv\n  a360 count contacts --filter country=germany\n"
                                 "  a360 export contacts --filter title=cto,ceo -o leaders.csv\n"
                                 "\n`a360 COMMAND --help` tells more and gives examples; `a360 --version` prints the version.\n"
                                 "Messages go to standard error, data to standard output.\n"
                                 "Exit codes: 0 done, 2 wrong usage or unusable input, 3 too many rejects, 4 database, "
                                 "5 cancelled.\n");
}

QString problemWith(const QString &command)
{
    if (command.isEmpty())
        return QStringLiteral("No command given.");
    QStringList names;
    for (const Command &known : commands())
        names << QLatin1String(known.name);
    const QString nearest = nearestName(names, command);
    return QStringLiteral("There is no command '%1'.").arg(command)
           + (nearest.isEmpty() ? QString() : QStringLiteral(" Did you mean '%1'?").arg(nearest));
}

int print(const QString &text)
{
    const Result<void> printed = Console::data(text.toUtf8());
    return printed ? ExitDone : Console().fail(printed.error(), ErrorOrigin::Files);
}

} // namespace

int main(int argc, char **argv)
{
    occupyClosedStreams();
    const QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("a360"));
    QCoreApplication::setApplicationVersion(QStringLiteral(A360_VERSION));

    const QStringList arguments = QCoreApplication::arguments().mid(1);
    const QString first = arguments.value(0);
    if (first == QLatin1String("help") && arguments.size() > 1) {
        for (const Command &command : commands()) {
            if (arguments.at(1) == QLatin1String(command.name))
                return command.run({QStringLiteral("--help")});
        }
    }
    if (first == QLatin1String("--help") || first == QLatin1String("-h") || first == QLatin1String("help"))
        return print(overview());
    if (first == QLatin1String("--version") || first == QLatin1String("-v"))
        return print(QStringLiteral("a360 " A360_VERSION "\n"));
    for (const Command &command : commands()) {
        if (first == QLatin1String(command.name))
            return command.run(arguments.mid(1));
    }
    return Console().fail(makeError(ErrorCode::InvalidArgument, problemWith(first) + QStringLiteral("\n\n") + overview()),
                          ErrorOrigin::Usage);
}

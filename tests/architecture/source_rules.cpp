// SPDX-License-Identifier: GPL-3.0-or-later
#include "source_rules.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QMap>
#include <QRegularExpression>
#include <QSet>

namespace a360::architecture {

namespace {

using Edges = QMap<QString, QSet<QString>>;

const QString kServiceRoot = QStringLiteral("service.h");

/// Which room may include which other ones (its own always). `service` is service.h, which owns the parts.
const Edges &allowedRooms()
{
    const auto set = [](const char *names) {
        const QStringList list = QString::fromLatin1(names).split(QLatin1Char(' '), Qt::SkipEmptyParts);
        return QSet<QString>(list.begin(), list.end());
    };
    static const Edges edges{
        {QStringLiteral("core"), {}},
        {QStringLiteral("db"), set("core")},
        {QStringLiteral("access"), set("core db")},
        {QStringLiteral("cache"), set("core")},
        {QStringLiteral("parallel"), set("core")},
        {QStringLiteral("metrics"), set("core")},
        {QStringLiteral("tasks"), set("core db metrics")},
        {QStringLiteral("contacts"), set("core db")},
        {QStringLiteral("transfer"), set("core db contacts parallel tasks")},
        {QStringLiteral("sample"), set("core")},
        {QStringLiteral("service"), set("core db access cache parallel metrics tasks contacts transfer")},
        {QStringLiteral("rest"), set("core db access cache parallel metrics tasks contacts sample transfer service")},
        {QStringLiteral("ui"), set("core db access cache parallel metrics tasks contacts sample transfer service")},
        {QStringLiteral("app"), set("core db access cache parallel metrics tasks contacts sample transfer service rest ui")},
    };
    return edges;
}

/// Room of a file of ours; empty for tests and everything else that no rule about rooms holds for.
QString roomOf(const QString &path)
{
    const QStringList parts = path.split(QLatin1Char('/'));
    if (parts.first() == QLatin1String("app") || parts.first() == QLatin1String("ui"))
        return parts.first();
    if (parts.first() != QLatin1String("service"))
        return {};
    return parts.size() == 2 ? QStringLiteral("service") : parts.at(1);
}

/// Room that an include written as "room/file.h" leads to; empty when it stays in the includer's own folder.
QString roomOfInclude(const QString &included)
{
    if (included == kServiceRoot)
        return QStringLiteral("service");
    QString path = included;
    if (path.startsWith(QLatin1String("service/")))
        path.remove(0, 8);
    const QString first = path.section(QLatin1Char('/'), 0, 0);
    return path.contains(QLatin1Char('/')) && allowedRooms().contains(first) ? first : QString();
}

QString qtTrouble(const QString &room, const QString &header)
{
    static const QRegularExpression widgets(QStringLiteral(
        "^(QtWidgets|QtGui|QtCharts|QWidget|QApplication|QGuiApplication|QMainWindow|QDialog|QTable(View|Widget)|QMenu|QLabel|"
        "QPushButton|QPainter|QIcon|QImage|QPixmap|QColor|QFont|QPalette|QChart)"));
    if (header.startsWith(QLatin1String("QHttpServer")) || header.startsWith(QLatin1String("QtHttpServer")))
        return room == QLatin1String("rest") ? QString() : QStringLiteral("only service/rest may use Qt HTTP Server");
    if (room != QLatin1String("ui") && room != QLatin1String("app") && widgets.match(header).hasMatch())
        return QStringLiteral("the service layer may not use Gui or Widgets");
    if (room == QLatin1String("ui") && header.startsWith(QLatin1String("QSql")))
        return QStringLiteral("the window may not use SQL");
    return {};
}

QStringList includeTroubles(const SourceFile &file)
{
    static const QRegularExpression include(QStringLiteral("^\\s*#\\s*include\\s*([<\"])([^>\"]+)[>\"]"));
    const QString room = roomOf(file.path);
    QStringList out;
    int number = 0;
    for (const QString &line : file.text.split(QLatin1Char('\n'))) {
        ++number;
        const auto match = include.match(line);
        if (!match.hasMatch())
            continue;
        const QString header = match.captured(2);
        const auto report = [&](const QString &why) {
            out << QStringLiteral("%1:%2: includes %3: %4").arg(file.path).arg(number).arg(header, why);
        };
        if (header.contains(QLatin1String("../")))
            report(QStringLiteral("includes start at a library's root, never at ../"));
        if (room.isEmpty())
            continue;
        if (match.captured(1) == QLatin1String("<")) {
            const QString trouble = qtTrouble(room, header.section(QLatin1Char('/'), -1));
            const QString module = qtTrouble(room, header);
            if (!trouble.isEmpty() || !module.isEmpty())
                report(trouble.isEmpty() ? module : trouble);
            continue;
        }
        const QString target = roomOfInclude(header);
        if (!target.isEmpty() && target != room && !allowedRooms().value(room).contains(target))
            report(QStringLiteral("%1 may not use %2").arg(room, target));
    }
    return out;
}

/// Reports of leases that are out for long are of use only when they name the work.
QStringList leaseTroubles(const SourceFile &file)
{
    static const QRegularExpression taken(QStringLiteral("[pP]ool(\\(\\))?(\\.|->)(lease|tryLease)\\(([^;]*);"));
    QStringList out;
    for (auto it = taken.globalMatch(file.text); it.hasNext();) {
        const auto match = it.next();
        if (!match.captured(4).contains(QLatin1Char('"')) && !match.captured(4).contains(QLatin1String("owner"), Qt::CaseInsensitive))
            out << QStringLiteral("%1:%2: a lease without an owner")
                       .arg(file.path)
                       .arg(file.text.first(match.capturedStart()).count(QLatin1Char('\n')) + 1);
    }
    return out;
}

} // namespace

QStringList violations(const SourceFile &file)
{
    QStringList out;
    const QString first = file.text.section(QLatin1Char('\n'), 0, 1);
    if (!first.contains(QLatin1String("SPDX-License-Identifier: GPL-3.0-or-later")))
        out << QStringLiteral("%1:1: the SPDX line is missing").arg(file.path);
    const bool isCpp = file.path.endsWith(QLatin1String(".cpp")) || file.path.endsWith(QLatin1String(".h"));
    if (!isCpp)
        return out;
    const qsizetype lines = file.text.count(QLatin1Char('\n'));
    if (lines > 600)
        out << QStringLiteral("%1: has %2 lines, more than 600").arg(file.path).arg(lines);
    if (file.path.endsWith(QLatin1String(".h")) && !file.text.contains(QLatin1String("#pragma once")))
        out << QStringLiteral("%1: #pragma once is missing").arg(file.path);
    const QString room = roomOf(file.path);
    if (!room.isEmpty() && !allowedRooms().contains(room))
        out << QStringLiteral("%1: the room '%2' is not in the rules of tests/architecture").arg(file.path, room);
    return out + includeTroubles(file) + (room.isEmpty() ? QStringList() : leaseTroubles(file));
}

QList<SourceFile> projectSources(const QString &root)
{
    static const QStringList patterns{QStringLiteral("*.cpp"), QStringLiteral("*.h"), QStringLiteral("*.cmake"),
                                      QStringLiteral("*.sh"), QStringLiteral("CMakeLists.txt")};
    QList<SourceFile> files;
    const auto read = [&](const QString &path) {
        QFile file(path);
        if (file.open(QIODevice::ReadOnly))
            files.append({QDir(root).relativeFilePath(path), QString::fromUtf8(file.readAll())});
    };
    for (const char *folder : {"app", "service", "ui", "tests", "cmake", "packaging"}) {
        QDirIterator it(root + QLatin1Char('/') + QLatin1String(folder), patterns, QDir::Files, QDirIterator::Subdirectories);
        while (it.hasNext())
            read(it.next());
    }
    for (const char *name : {"CMakeLists.txt", "run.sh", "test.sh", ".ci/run"})
        read(root + QLatin1Char('/') + QLatin1String(name));
    return files;
}

} // namespace a360::architecture

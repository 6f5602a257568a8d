// SPDX-License-Identifier: GPL-3.0-or-later
// Decision 32: the list of Debian packages.
#include <QDir>
#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QSet>
#include <QStandardPaths>
#include <QTest>

class TestPackageList : public QObject
{
    Q_OBJECT

    static QString text(const char *relative)
    {
        QFile file(QStringLiteral(A360_SOURCE_DIR "/") + QLatin1String(relative));
        return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
    }
    static QStringList names()
    {
        QStringList names;
        for (const QString &line : text("packaging/debian-packages.txt").split(QLatin1Char('\n'), Qt::SkipEmptyParts)) {
            if (!line.startsWith(QLatin1Char('#')))
                names << line;
        }
        return names;
    }
    /// What the package lists of this machine know; everything that is installed where it has no lists.
    static QSet<QString> knownPackages()
    {
        const bool lists = !QDir(QStringLiteral("/var/lib/apt/lists")).entryList({QStringLiteral("*_Packages*")}).isEmpty();
        QProcess query;
        if (lists)
            query.start(QStringLiteral("apt-cache"), {QStringLiteral("pkgnames")});
        else
            query.start(QStringLiteral("dpkg-query"), {QStringLiteral("-W"), QStringLiteral("-f"), QStringLiteral("${Package}\n")});
        query.waitForFinished();
        const QStringList all = QString::fromUtf8(query.readAllStandardOutput()).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
        return {all.begin(), all.end()};
    }

private Q_SLOTS:
    void decision32_oneNameALine()
    {
        const QStringList all = names();
        QVERIFY(all.size() > 10);
        static const QRegularExpression name(QStringLiteral("^[a-z0-9][a-z0-9.+-]+$"));
        for (const QString &line : all)
            QVERIFY2(name.match(line).hasMatch(), qPrintable(line));
        QCOMPARE(QSet<QString>(all.begin(), all.end()).size(), all.size());
    }
    void decision32_thisDebianKnowsEveryName()
    {
        if (QStandardPaths::findExecutable(QStringLiteral("dpkg-query")).isEmpty())
            return; // another system: there is nobody to ask
        const QSet<QString> known = knownPackages();
        QVERIFY(known.contains(QStringLiteral("dpkg")) && !known.contains(QStringLiteral("no-such-package")));
        for (const QString &name : names())
            QVERIFY2(known.contains(name), qPrintable(name));
    }
    void decision32_theReadmeTellsWhatEachIsFor()
    {
        const QString readme = text("README.md");
        QSet<QString> told;
        for (const QString &line : readme.split(QLatin1Char('\n'))) {
            static const QRegularExpression separators(QStringLiteral(",\\s*"));
            if (line.startsWith(QLatin1Char('|'))) {
                for (const QString &name : line.section(QLatin1Char('|'), 1, 1).trimmed().split(separators))
                    told.insert(name);
            }
        }
        for (const QString &name : names())
            QVERIFY2(told.contains(name), qPrintable(name));
    }
    void decision32_theInstallerReadsTheSameNames()
    {
        // Sections for running and for testing; nothing stands outside them.
        QStringList all;
        for (const char *section : {"run", "test"}) {
            bool inside = false;
            for (const QString &line : text("packaging/debian-packages.txt").split(QLatin1Char('\n'), Qt::SkipEmptyParts)) {
                if (line.startsWith(QLatin1String("# [")))
                    inside = line == QStringLiteral("# [%1]").arg(QLatin1String(section));
                else if (inside && !line.startsWith(QLatin1Char('#')))
                    all << line;
            }
        }
        QCOMPARE(all, names());
    }
};

QTEST_GUILESS_MAIN(TestPackageList)
#include "tst_package_list.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
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
    void decision32_everyNameIsKnownToThisDebian()
    {
        if (QStandardPaths::findExecutable(QStringLiteral("dpkg-query")).isEmpty())
            return; // another system: nothing to ask
        for (const QString &name : names()) {
            QProcess query;
            query.start(QStringLiteral("dpkg-query"), {QStringLiteral("-W"), QStringLiteral("-f"),
                                                       QStringLiteral("${db:Status-Status}"), name});
            QVERIFY(query.waitForFinished());
            QVERIFY2(query.readAllStandardOutput() == "installed", qPrintable(name));
        }
    }
    void everyPackageHasItsReasonInTheReadme()
    {
        const QString readme = text("README.md");
        for (const QString &name : names())
            QVERIFY2(readme.contains(name), qPrintable(name));
    }
};

QTEST_GUILESS_MAIN(TestPackageList)
#include "tst_package_list.moc"

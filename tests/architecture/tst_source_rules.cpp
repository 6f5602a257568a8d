// SPDX-License-Identifier: GPL-3.0-or-later
#include "source_rules.h"

#include <QTest>

using namespace a360::architecture;

class TestSourceRules : public QObject
{
    Q_OBJECT

    static QString spdx() { return QStringLiteral("// SPDX-License-Identifier: GPL-3.0-or-later\n"); }

private Q_SLOTS:
    void theProjectKeepsTheRules()
    {
        const QList<SourceFile> files = projectSources(QStringLiteral(A360_SOURCE_DIR));
        QVERIFY2(files.size() > 100, "the sources were not found");
        QStringList found;
        for (const SourceFile &file : files)
            found += violations(file);
        QVERIFY2(found.isEmpty(), qPrintable(QLatin1Char('\n') + found.join(QLatin1Char('\n'))));
    }
    void plantedViolationsAreCaught_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("line");
        QTest::addColumn<QString>("complaint");
        const auto row = [](const char *path, const char *line, const char *complaint) {
            QTest::addRow("%s %s", path, line)
                << QString::fromLatin1(path) << QString::fromLatin1(line) << QString::fromLatin1(complaint);
        };
        row("service/core/a.cpp", "#include \"db/lease.h\"", "core may not use db");
        row("service/db/a.cpp", "#include \"contacts/query.h\"", "db may not use contacts");
        row("service/contacts/a.cpp", "#include \"transfer/importer.h\"", "contacts may not use transfer");
        row("service/contacts/a.cpp", "#include \"service/transfer/importer.h\"", "contacts may not use transfer");
        row("service/transfer/a.cpp", "#include \"rest/api_server.h\"", "transfer may not use rest");
        row("service/access/a.cpp", "#include \"contacts/query.h\"", "access may not use contacts");
        row("service/db/a.cpp", "#include \"service.h\"", "db may not use service");
        row("service/rest/a.cpp", "#include \"ui/main_window.h\"", "rest may not use ui");
        row("ui/a.cpp", "#include \"rest/api_server.h\"", "ui may not use rest");
        row("ui/a.cpp", "#include \"app/console.h\"", "ui may not use app");
        row("ui/a.cpp", "#include <QSqlQuery>", "may not use SQL");
        row("ui/a.cpp", "#include <QHttpServer>", "only service/rest");
        row("service/contacts/a.cpp", "#include <QtHttpServer/QHttpServer>", "only service/rest");
        row("service/transfer/a.cpp", "#include <QWidget>", "may not use Gui");
        row("service/rest/a.cpp", "#include <QtGui/QImage>", "may not use Gui");
        row("app/a.cpp", "#include \"../service/service.h\"", "never at ../");
        row("tests/unit/a.cpp", "  #  include \"../x.h\"", "never at ../");
        row("service/newroom/a.cpp", "", "is not in the rules");
        row("service/access/a.cpp", "auto lease = m_pool.lease();", "without an owner");
        row("app/a.cpp", "auto lease = service.pool().lease(db::Lane::Bulk, cancel);", "without an owner");
        row("ui/a.cpp", "auto lease = pool->tryLease(db::Lane::Bulk);", "without an owner");
    }
    void plantedViolationsAreCaught()
    {
        QFETCH(const QString, path);
        QFETCH(const QString, line);
        QFETCH(const QString, complaint);
        const QStringList found = violations({path, spdx() + line + QLatin1Char('\n')});
        QCOMPARE(found.size(), 1);
        QVERIFY2(found.first().contains(complaint), qPrintable(found.first()));
    }
    void allowedIncludesPass_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("line");
        QTest::newRow("app ui") << QStringLiteral("app/desktop_main.cpp") << QStringLiteral("#include \"ui/main_window.h\"");
        QTest::newRow("app rest") << QStringLiteral("app/a.cpp") << QStringLiteral("#include \"rest/api_server.h\"");
        QTest::newRow("rest http") << QStringLiteral("service/rest/a.cpp") << QStringLiteral("#include <QHttpServer>");
        QTest::newRow("ui gui") << QStringLiteral("ui/a.cpp") << QStringLiteral("#include <QWidget>");
        QTest::newRow("ui service") << QStringLiteral("ui/a.cpp") << QStringLiteral("#include \"service.h\"");
        QTest::newRow("own folder") << QStringLiteral("app/a.cpp") << QStringLiteral("#include \"console.h\"");
        QTest::newRow("lease with owner") << QStringLiteral("app/a.cpp") << QStringLiteral("auto lease = m_pool.lease(lane, cancel, \"import\");");
        QTest::newRow("lease in a test") << QStringLiteral("tests/a.cpp") << QStringLiteral("auto lease = m_pool.lease();");
        QTest::newRow("transfer down") << QStringLiteral("service/transfer/a.cpp") << QStringLiteral("#include \"db/lease.h\"");
    }
    void allowedIncludesPass()
    {
        QFETCH(const QString, path);
        QFETCH(const QString, line);
        QCOMPARE(violations({path, spdx() + line + QLatin1Char('\n')}), QStringList());
    }
    void missingSpdxPragmaAndLongFilesAreCaught()
    {
        QCOMPARE(violations({QStringLiteral("ui/a.cpp"), QStringLiteral("int x;\n")}).size(), 1);
        QCOMPARE(violations({QStringLiteral("test.sh"), QStringLiteral("#!/bin/sh\n")}).size(), 1);
        QCOMPARE(violations({QStringLiteral("test.sh"), QStringLiteral("#!/bin/sh\n# SPDX-License-Identifier: GPL-3.0-or-later\n")}).size(), 0);
        QCOMPARE(violations({QStringLiteral("ui/a.h"), spdx()}).size(), 1);
        QCOMPARE(violations({QStringLiteral("ui/a.cpp"), spdx() + QString(599, QLatin1Char('\n'))}).size(), 0);
        QCOMPARE(violations({QStringLiteral("ui/a.cpp"), spdx() + QString(600, QLatin1Char('\n'))}).size(), 1);
    }
};

QTEST_GUILESS_MAIN(TestSourceRules)
#include "tst_source_rules.moc"

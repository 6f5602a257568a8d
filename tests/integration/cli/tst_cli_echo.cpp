// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli_program.h"
#include "support/test_databases.h"

#include <QCryptographicHash>
#include <QTest>

using namespace a360;
using namespace a360::test;

/// DATABASE_ECHO: the log shows every statement and no value.
class TestCliEcho : public QObject
{
    Q_OBJECT

    static QStringList echoing(const char *command)
    {
        return QString::fromLatin1(command).split(u' ')
            << QStringLiteral("--set") << QStringLiteral("DATABASE_ECHO=true") << QStringLiteral("--set") << QStringLiteral("LOG_FORMAT=text");
    }

private Q_SLOTS:
    void initTestCase() { QVERIFY2(m_databases.open(), m_databases.problem()); }

    void statementsAreLoggedWithoutTheirValues_data() { addDialectRows(); }
    void statementsAreLoggedWithoutTheirValues()
    {
        QFETCH(const db::Dialect, dialect);
        db::DatabaseUrl database = m_databases.fresh(dialect);
        if (dialect == db::Dialect::PostgreSql)
            database.password = QStringLiteral("open-sesame");
        const QString file = m_a360.file(QStringLiteral("people.csv"), "email,title\nada@n.example,Lighthouse keeper\n");
        const CliResult imported = m_a360.run(database, echoing("import") << file);
        A360_COMPARE_CODE(imported, 0);
        const CliResult made = m_a360.run(database, echoing("token create"));
        A360_COMPARE_CODE(made, 0);
        const CliResult counted = m_a360.run(database, echoing("count contacts --filter title=lighthouse --search ada"));
        A360_COMPARE_CODE(counted, 0);
        QCOMPARE(counted.out, QByteArray("1\n"));
        const CliResult exported = m_a360.run(database, echoing("export contacts --filter email=ada@n.example"));
        A360_COMPARE_CODE(exported, 0);

        QVERIFY2(made.err.contains("INSERT INTO a360_tokens"), made.err.constData());
        QVERIFY2(counted.err.contains("SELECT count(*) FROM contacts"), counted.err.constData());
        QVERIFY2(exported.err.contains("FROM contacts"), exported.err.constData());
        QVERIFY2(imported.err.contains("contacts"), imported.err.constData());
        const QByteArray token = made.out.trimmed();
        QVERIFY(!token.isEmpty());
        for (const QByteArray &said : {imported.err, made.err, counted.err, exported.err}) {
            for (const QByteArray &value : {QByteArray("open-sesame"), QByteArray("ada@n.example"), QByteArray("ighthouse"), token,
                                            QCryptographicHash::hash(token, QCryptographicHash::Sha256).toHex()})
                QVERIFY2(!said.contains(value), (value + " in: " + said).constData());
        }
    }
    void nothingIsLoggedUnlessAsked()
    {
        const db::DatabaseUrl database = m_databases.fresh(db::Dialect::Sqlite);
        A360_COMPARE_CODE(m_a360.run(database, {QStringLiteral("token"), QStringLiteral("list")}), 0);
        const CliResult counted = m_a360.run(database, {QStringLiteral("count"), QStringLiteral("contacts")});
        A360_COMPARE_CODE(counted, 0);
        QVERIFY2(!counted.err.contains("SELECT"), counted.err.constData());
    }

private:
    CliProgram m_a360;
    TestDatabases m_databases;
};

QTEST_GUILESS_MAIN(TestCliEcho)
#include "tst_cli_echo.moc"

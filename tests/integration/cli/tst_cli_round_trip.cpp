// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli_program.h"
#include "support/test_databases.h"

#include <QCryptographicHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QRegularExpression>
#include <QTest>

using namespace a360;
using namespace a360::test;

class TestCliRoundTrip : public QObject
{
    Q_OBJECT

    static QStringList words(const char *text) { return QString::fromLatin1(text).split(QLatin1Char(' '), Qt::SkipEmptyParts); }
    QByteArray exported(const db::DatabaseUrl &database, const char *command)
    {
        const CliResult result = m_a360.run(database, words(command));
        return result.code == 0 ? result.out : "exit code " + QByteArray::number(result.code) + ": " + result.err;
    }

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY2(m_databases.open(), m_databases.problem());
        for (const db::Dialect dialect : {db::Dialect::Sqlite, db::Dialect::PostgreSql}) {
            m_filled[dialect] = m_databases.fresh(dialect);
            const CliResult import =
                m_a360.run(m_filled[dialect], {QStringLiteral("import"), QStringLiteral(A360_TEST_DATA "/dirty_2000.csv.gz")});
            A360_COMPARE_CODE(import, 0);
        }
    }

    void fullExportComesBackByteForByte_data()
    {
        QTest::addColumn<db::Dialect>("from");
        QTest::addColumn<db::Dialect>("to");
        QTest::addColumn<QByteArray>("entity");
        for (const char *entity : {"contacts", "companies"}) {
            const auto row = [entity](const char *name, db::Dialect from, db::Dialect to) {
                QTest::addRow("%s %s", entity, name) << from << to << QByteArray(entity);
            };
            row("sqlite to sqlite", db::Dialect::Sqlite, db::Dialect::Sqlite);
            row("postgresql to postgresql", db::Dialect::PostgreSql, db::Dialect::PostgreSql);
            row("sqlite to postgresql", db::Dialect::Sqlite, db::Dialect::PostgreSql);
            row("postgresql to sqlite", db::Dialect::PostgreSql, db::Dialect::Sqlite);
        }
    }
    void fullExportComesBackByteForByte()
    {
        QFETCH(const db::Dialect, from);
        QFETCH(const db::Dialect, to);
        QFETCH(const QByteArray, entity);
        const QByteArray command = "export " + entity + " --preset full";
        const QByteArray first = exported(m_filled[from], command.constData());
        QVERIFY(first.count('\n') > 200);
        const db::DatabaseUrl target = m_databases.fresh(to);
        const CliResult import = m_a360.run(target, words(("import - --entity " + entity).constData()), first);
        A360_COMPARE_CODE(import, 0);
        QVERIFY2(import.err.contains(" 0 rejected"), import.err.constData());
        QCOMPARE(exported(target, command.constData()), first);
    }

    void safeSpreadsheetExportComesBackToo()
    {
        const QByteArray tricky = "First Name,Last Name,Email,Title,Mobile Phone\n"
                                  "=cmd()|' /C calc'!A0,-Smith,a@x.example,@home,+1 555-0100\n"
                                  "'quoted,O'Neil,b@x.example,- minus,'+1 555\n";
        const db::DatabaseUrl source = m_databases.fresh(db::Dialect::Sqlite), target = m_databases.fresh(db::Dialect::Sqlite);
        A360_COMPARE_CODE(m_a360.run(source, words("import -"), tricky), 0);
        const QByteArray raw = exported(source, "export contacts --preset full");
        const QByteArray safe = exported(source, "export contacts --preset full --safe spreadsheet");
        QVERIFY(raw.contains("=cmd()"));
        QVERIFY2(safe.contains("'=cmd()") && safe.contains("'-Smith") && safe.contains("'@home"), safe.constData());
        A360_COMPARE_CODE(m_a360.run(target, words("import -"), safe), 0);
        QCOMPARE(exported(target, "export contacts --preset full"), raw);
    }

    void bothDatabasesExportTheSameText_data()
    {
        QTest::addColumn<QByteArray>("arguments");
        for (const char *arguments : {"export contacts --order=uuid", "export contacts --preset stream --format jsonl --order=uuid",
                                      "export companies --format json --order=uuid",
                                      "export contacts --columns email,company,employees --filter employees_min=100 --order=uuid",
                                      "export contacts --search manager --columns uuid,title --order=uuid --max-results 50"})
            QTest::newRow(arguments) << QByteArray(arguments);
    }
    void bothDatabasesExportTheSameText()
    {
        QFETCH(const QByteArray, arguments);
        // The two were filled at different times and give out their own ids.
        const auto withoutTimes = [](QByteArray text) {
            const QString replaced = QString::fromUtf8(text).replace(
                QRegularExpression(QStringLiteral("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d+")), QStringLiteral("T"));
            return replaced.toUtf8();
        };
        const QByteArray sqlite = withoutTimes(exported(m_filled[db::Dialect::Sqlite], arguments.constData()));
        QVERIFY2(sqlite.count('\n') > 10 || arguments.contains("json "), sqlite.left(300).constData());
        QCOMPARE(withoutTimes(exported(m_filled[db::Dialect::PostgreSql], arguments.constData())), sqlite);
    }

    void filesReceiptsAndCompression_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("magic");
        QTest::newRow("plain") << QStringLiteral("out.jsonl") << QByteArray("{\"uuid\"");
        QTest::newRow("gzip by name") << QStringLiteral("out.csv.gz") << QByteArray("\x1f\x8b");
        QTest::newRow("zstd by name") << QStringLiteral("out.csv.zst") << QByteArray("\x28\xb5\x2f\xfd");
    }
    void filesReceiptsAndCompression()
    {
        QFETCH(const QString, name);
        QFETCH(const QByteArray, magic);
        const QString out = m_a360.path(name), receipt = m_a360.path(QStringLiteral("receipt.json"));
        const CliResult result = m_a360.run(m_filled[db::Dialect::PostgreSql],
                                            {QStringLiteral("export"), QStringLiteral("contacts"), QStringLiteral("-o"), out,
                                             QStringLiteral("--receipt"), receipt, QStringLiteral("--fsync")});
        A360_COMPARE_CODE(result, 0);
        QVERIFY(result.out.isEmpty());
        const QByteArray bytes = readAll(out);
        QVERIFY(bytes.startsWith(magic));
        QVERIFY(!QFile::exists(out + QStringLiteral(".part"))); // decision 30
        const QJsonObject told = readJson(receipt);
        QCOMPARE(told[QStringLiteral("bytes")].toInteger(), bytes.size());
        QCOMPARE(told[QStringLiteral("sha256")].toString().toLatin1(),
                 QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex());
        QCOMPARE(QByteArray::number(told[QStringLiteral("rows")].toInteger()),
                 m_a360.run(m_filled[db::Dialect::PostgreSql], words("count contacts")).out.trimmed());
        QVERIFY(told[QStringLiteral("consistent")].toBool());
    }

    void emptyResultStillHasItsHeader()
    {
        QCOMPARE(exported(m_filled[db::Dialect::Sqlite], "export contacts --columns email,title --filter title=no-such-title-at-all"),
                 QByteArray("email,title\n"));
        QCOMPARE(exported(m_filled[db::Dialect::Sqlite], "count contacts --filter title=no-such-title-at-all"), QByteArray("0\n"));
        const QByteArray json =
            exported(m_filled[db::Dialect::PostgreSql], "export contacts --format json --filter title=no-such-title-at-all");
        QVERIFY(QJsonDocument::fromJson(json).isArray());
    }

    void decision19_aRoleThatMayOnlyReadIsEnough()
    {
        const db::DatabaseUrl owner = m_filled[db::Dialect::PostgreSql];
        A360_VERIFY_OK(m_databases.postgres().run(owner, "CREATE ROLE reader LOGIN; GRANT USAGE ON SCHEMA public TO reader;"
                                                         "GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader"));
        db::DatabaseUrl reader = owner;
        reader.user = QStringLiteral("reader");
        QCOMPARE(exported(reader, "export contacts --preset full"), exported(owner, "export contacts --preset full"));
        const CliResult import = m_a360.run(reader, words("import -"), "Email,First Name\nz@z.example,Zoe\n");
        A360_COMPARE_CODE(import, 4);
        QVERIFY2(import.err.contains("reader") || import.err.toLower().contains("permission") || import.err.contains("GRANT"),
                 import.err.constData());
    }

private:
    CliProgram m_a360;
    TestDatabases m_databases;
    QMap<db::Dialect, db::DatabaseUrl> m_filled;
};

QTEST_GUILESS_MAIN(TestCliRoundTrip)
#include "tst_cli_round_trip.moc"

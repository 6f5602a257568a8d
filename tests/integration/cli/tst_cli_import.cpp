// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli_program.h"
#include "db/connection_pool.h"
#include "support/slow_index.h"
#include "support/test_databases.h"

#include <QJsonArray>
#include <QTest>

#include <map>

using namespace a360;
using namespace a360::test;

namespace {

const QString kDirty = QStringLiteral(A360_TEST_DATA "/dirty_2000.csv.gz");
const QString kTruth = QStringLiteral(A360_TEST_DATA "/dirty_2000.truth.json");

QByteArray header() { return "First Name,Last Name,Email,Company,# Employees\n"; }

QByteArray rows(int count, const QByteArray &tag = "x")
{
    QByteArray text = header();
    for (int i = 0; i < count; ++i) {
        const QByteArray n = QByteArray::number(i);
        text += "Ada" + n + ",Quill," + tag + n + "@northwind.example,Northwind " + QByteArray::number(i / 8) + ",120\n";
    }
    return text;
}

} // namespace

class TestCliImport : public QObject
{
    Q_OBJECT

    static QStringList words(const QString &text) { return text.split(QLatin1Char(' '), Qt::SkipEmptyParts); }
    QByteArray count(const db::DatabaseUrl &database, const char *entity = "contacts")
    {
        return m_a360.run(database, {QStringLiteral("count"), QLatin1String(entity)}).out.trimmed();
    }

private Q_SLOTS:
    void initTestCase() { QVERIFY2(m_databases.open(), m_databases.problem()); }

    void generatedTruthIsFoundExactly_data() { addDialectRows(); }
    void generatedTruthIsFoundExactly()
    {
        QFETCH(const db::Dialect, dialect);
        const db::DatabaseUrl database = m_databases.fresh(dialect);
        const QString rejects = m_a360.path(QStringLiteral("bad.csv")), report = m_a360.path(QStringLiteral("report.json"));
        const QStringList import{QStringLiteral("import"), kDirty, QStringLiteral("--rejects"), rejects,
                                 QStringLiteral("--report"), report};
        const CliResult first = m_a360.run(database, import);
        A360_COMPARE_CODE(first, 0); // decision 8: rejects alone never change it
        QVERIFY(first.out.isEmpty());

        using Place = std::tuple<qint64, qint64, qint64>;
        std::map<Place, QString> expected;
        qint64 duplicates = 0;
        const QJsonObject truth = readJson(kTruth);
        for (const QJsonValue bad : truth[QStringLiteral("bad")].toArray()) {
            const QString kind = bad[QStringLiteral("kind")].toString();
            if (kind == QLatin1String("duplicate_row"))
                ++duplicates;
            else if (kind != QLatin1String("duplicate_email")) // another person with a known address is a good row
                expected[{bad[QStringLiteral("row")].toInteger(), bad[QStringLiteral("line")].toInteger(),
                          bad[QStringLiteral("offset")].toInteger()}] = kind;
        }
        // decision 11: _row counts data records from 1, _line and _offset are those of the record's first byte
        std::map<Place, QString> found;
        const QList<QByteArrayList> records = csvRecords(readAll(rejects));
        QVERIFY(!records.isEmpty());
        QCOMPARE(records.first().mid(0, 6), QByteArrayList({"_row", "_line", "_offset", "_column", "_value", "_reason"}));
        QCOMPARE(records.first().value(6), QByteArray("First Name"));
        for (const QByteArrayList &record : records.mid(1))
            found[{record[0].toLongLong(), record[1].toLongLong(), record[2].toLongLong()}] = QString::fromUtf8(record[5]);
        QCOMPARE(found.size(), expected.size());
        for (const auto &[place, kind] : expected)
            QVERIFY2(found.contains(place), qPrintable(QStringLiteral("row %1, %2").arg(std::get<0>(place)).arg(kind)));

        const QJsonObject numbers = readJson(report);
        const auto number = [&numbers](const char *name) { return numbers[QLatin1String(name)].toInteger(-1); };
        QCOMPARE(number("read"), 2000);
        QCOMPARE(number("rejected"), qint64(expected.size()));
        QCOMPARE(number("skipped"), duplicates); // decision 4: the earlier of two equal keys is skipped
        QCOMPARE(number("inserted"), 2000 - number("rejected") - number("skipped"));
        QCOMPARE(number("read"),
                 number("inserted") + number("updated") + number("unchanged") + number("skipped") + number("rejected"));
        QCOMPARE(number("warnings"), 0);
        QCOMPARE(numbers[QStringLiteral("input_sha256")].toString().size(), 64);
        QVERIFY(numbers[QStringLiteral("seconds")].isDouble());
        QVERIFY(numbers.contains(QStringLiteral("mapping")));
        QCOMPARE(count(database), QByteArray::number(number("inserted")));

        const QByteArray before = m_a360.run(database, words(QStringLiteral("export contacts --preset full"))).out;
        const CliResult second = m_a360.run(database, import);
        A360_COMPARE_CODE(second, 0);
        const QJsonObject again = readJson(report);
        QCOMPARE(again[QStringLiteral("inserted")].toInteger(-1), 0);
        QCOMPARE(again[QStringLiteral("updated")].toInteger(-1), 0);
        QCOMPARE(again[QStringLiteral("unchanged")].toInteger(-1), number("inserted"));
        QCOMPARE(m_a360.run(database, words(QStringLiteral("export contacts --preset full"))).out, before);
    }

    void mendedRejectsComeIn_data() { addDialectRows(); }
    void mendedRejectsComeIn()
    {
        QFETCH(const db::Dialect, dialect);
        const db::DatabaseUrl database = m_databases.fresh(dialect);
        const QString rejects = m_a360.path(QStringLiteral("bad.csv"));
        const QString input = m_a360.file(QStringLiteral("in.csv"), header() + "Ada,Quill,ada.quill,Northwind,12\n"
                                                                               "Bob,Reed,bob@reed.example,Reed,7\n");
        A360_COMPARE_CODE(m_a360.run(database, {QStringLiteral("import"), input, QStringLiteral("--rejects"), rejects}), 0);
        QCOMPARE(count(database), QByteArray("1"));
        const QByteArray mended = readAll(rejects).replace("Quill,ada.quill,", "Quill,ada@quill.example,");
        const CliResult again = m_a360.run(database, {QStringLiteral("import"), m_a360.file(QStringLiteral("mended.csv"), mended)});
        A360_COMPARE_CODE(again, 0);
        QCOMPARE(count(database), QByteArray("2"));
    }

    void decision8_tooManyRejectsIs3AndNothingChanges_data() { addDialectRows(); }
    void decision8_tooManyRejectsIs3AndNothingChanges()
    {
        QFETCH(const db::Dialect, dialect);
        const db::DatabaseUrl database = m_databases.fresh(dialect);
        A360_COMPARE_CODE(m_a360.run(database, {QStringLiteral("import"), m_a360.file(QStringLiteral("a.csv"), rows(3))}), 0);
        const QByteArray before = m_a360.run(database, words(QStringLiteral("export contacts --preset full"))).out;
        const QByteArray bad = rows(10, "new") + "Ada,Quill,nobody,N,1\nBob,Reed,no one@x.example,N,1\n";
        const QStringList import{QStringLiteral("import"), m_a360.file(QStringLiteral("b.csv"), bad), QStringLiteral("--max-rejects")};
        const CliResult refused = m_a360.run(database, import + QStringList{QStringLiteral("1")});
        A360_COMPARE_CODE(refused, 3);
        QCOMPARE(m_a360.run(database, words(QStringLiteral("export contacts --preset full"))).out, before);
        A360_COMPARE_CODE(m_a360.run(database, import + QStringList{QStringLiteral("2")}), 0);
        QCOMPARE(count(database), QByteArray("13"));
    }

    void dryRunReportsAndKeepsNothing_data() { addDialectRows(); }
    void dryRunReportsAndKeepsNothing()
    {
        QFETCH(const db::Dialect, dialect);
        const db::DatabaseUrl database = m_databases.fresh(dialect);
        const QString report = m_a360.path(QStringLiteral("r.json"));
        const CliResult dry = m_a360.run(database, {QStringLiteral("import"), m_a360.file(QStringLiteral("a.csv"), rows(30)),
                                                    QStringLiteral("--dry-run"), QStringLiteral("--report"), report});
        A360_COMPARE_CODE(dry, 0);
        QCOMPARE(readJson(report)[QStringLiteral("inserted")].toInteger(), 30);
        QVERIFY(dry.err.contains("Dry run, nothing kept"));
        QCOMPARE(count(database), QByteArray("0"));
        QCOMPARE(count(database, "companies"), QByteArray("0"));
    }

    void standardInputIsAFileToo()
    {
        const db::DatabaseUrl database = m_databases.fresh(db::Dialect::Sqlite);
        const CliResult piped = m_a360.run(database, words(QStringLiteral("import -")), rows(20));
        A360_COMPARE_CODE(piped, 0);
        QVERIFY2(piped.err.contains("20 read = 20 inserted + 0 updated + 0 unchanged + 0 skipped + 0 rejected"), piped.err.constData());
        QCOMPARE(count(database), QByteArray("20"));
        const CliResult packed = m_a360.run(database, words(QStringLiteral("import -")), readAll(kDirty));
        A360_COMPARE_CODE(packed, 0);
    }

    void quietSaysNothing()
    {
        const db::DatabaseUrl database = m_databases.fresh(db::Dialect::Sqlite);
        const CliResult quiet = m_a360.run(database, words(QStringLiteral("import - --quiet")), rows(2));
        A360_COMPARE_CODE(quiet, 0);
        QCOMPARE(quiet.err, QByteArray());
        QCOMPARE(quiet.out, QByteArray());
    }

    void chosenMappingAndPolicy()
    {
        const db::DatabaseUrl database = m_databases.fresh(db::Dialect::Sqlite);
        const QByteArray first = "Work address,First Name,Title\nada@quill.example,Ada,\n";
        const QStringList map{QStringLiteral("--map"), QStringLiteral("Work address=email"), QStringLiteral("--match"), QStringLiteral("email")};
        A360_COMPARE_CODE(m_a360.run(database, QStringList{QStringLiteral("import"), QStringLiteral("-")} + map, first), 0);
        const QByteArray second = "Work address,First Name,Title\nada@quill.example,Eve,CTO\n";
        A360_COMPARE_CODE(m_a360.run(database, QStringList{QStringLiteral("import"), QStringLiteral("-"), QStringLiteral("--policy"),
                                                           QStringLiteral("fill-empty")} + map, second), 0);
        QCOMPARE(m_a360.run(database, words(QStringLiteral("export contacts --columns email,first_name,title"))).out,
                 QByteArray("email,first_name,title\nada@quill.example,Ada,CTO\n"));
    }

    void signalsCancelWithCode5_data() { addDialectRows(); }
    void signalsCancelWithCode5()
    {
        QFETCH(const db::Dialect, dialect);
        const db::DatabaseUrl database = m_databases.fresh(dialect);
        A360_COMPARE_CODE(m_a360.run(database, {QStringLiteral("import"), m_a360.file(QStringLiteral("a.csv"), rows(1))}), 0);
        QProcess process; // waits for its input for ever
        m_a360.start(process, {QStringLiteral("import"), QStringLiteral("-"), QStringLiteral("--database"), database.toString()});
        QVERIFY(process.waitForStarted());
        process.write(header());
        QVERIFY(process.waitForBytesWritten());
        // The handler is in place once the process has opened its spool; a signal before would end it with a signal's code.
        QTRY_VERIFY(QFile::exists(QStringLiteral("/proc/%1/fd/0").arg(process.processId())));
        QTRY_VERIFY(signalIsCaught(process.processId()));
        process.terminate();
        QVERIFY(process.waitForFinished());
        QCOMPARE(process.exitStatus(), QProcess::NormalExit);
        QCOMPARE(process.exitCode(), 5); // decision 8
        QCOMPARE(count(database), QByteArray("1"));
    }

    void decision22_aSignalWhileIndexesAreRebuiltEndsItWithCode5_data() { addDialectRows(); }
    void decision22_aSignalWhileIndexesAreRebuiltEndsItWithCode5()
    {
        QFETCH(const db::Dialect, dialect);
        const db::DatabaseUrl database = m_databases.fresh(dialect);
        A360_COMPARE_CODE(m_a360.run(database, words(QStringLiteral("token list"))), 0); // makes the tables
        db::ConnectionPool pool(database, {});
        Result<db::Lease> lease = pool.lease();
        A360_VERIFY_OK(lease);
        A360_VERIFY_OK(lease->executeScript(slowIndex(dialect)));
        const auto down = [&] {
            const Result<qint64> count = lease->queryInteger(db::Sql(dialect, "SELECT count(*) FROM a360_deferred_indexes"));
            return count.ok() ? *count : -1;
        };
        QByteArray content = "first_name,last_name\n";
        for (int i = 0; i < slowRowCount; ++i)
            content += QByteArray::number(i) + ",Stop\n";
        QProcess process;
        m_a360.start(process, {QStringLiteral("import"), m_a360.file(QStringLiteral("stop.csv"), content),
                               QStringLiteral("--database"), database.toString()});
        QVERIFY(process.waitForStarted());
        QTRY_VERIFY_WITH_TIMEOUT(down() > 1, 30'000);
        QTRY_COMPARE_WITH_TIMEOUT(down(), 1, 60'000); // all but the slow one are back
        process.terminate();
        QVERIFY(process.waitForFinished());
        QCOMPARE(process.exitStatus(), QProcess::NormalExit);
        QCOMPARE(process.exitCode(), 5); // decision 8
        const QByteArray said = process.readAllStandardError();
        QVERIFY2(said.contains("20,000 read = 20,000 inserted"), said.constData());
        QVERIFY2(said.contains("1 index is still to be rebuilt") && said.contains("all rows are in"), said.constData());
        QCOMPARE(down(), 1);
        A360_VERIFY_OK(lease->executeScript(hurryUp()));
        const CliResult next = m_a360.run(database, words(QStringLiteral("import -")), rows(1));
        A360_COMPARE_CODE(next, 0);
        QVERIFY2(next.err.contains("Indexes that an import had left out were rebuilt: 1."), next.err.constData());
        QCOMPARE(down(), 0);
    }

    void decision19_importMigratesAndReadersDoNot_data() { addDialectRows(); }
    void decision19_importMigratesAndReadersDoNot()
    {
        QFETCH(const db::Dialect, dialect);
        const db::DatabaseUrl database = m_databases.fresh(dialect);
        for (const char *reader : {"export contacts", "count contacts", "export companies"}) {
            const CliResult result = m_a360.run(database, words(QLatin1String(reader)));
            A360_COMPARE_CODE(result, 4);
            QVERIFY(result.out.isEmpty());
            QVERIFY2(result.err.startsWith("a360: "), result.err.constData());
        }
        if (dialect == db::Dialect::Sqlite) {
            QVERIFY(!QFile::exists(database.path));
        } else {
            const auto tables = m_databases.postgres().ask(database, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'");
            A360_VERIFY_OK(tables);
            QCOMPARE(tables->trimmed(), QByteArray("0"));
        }
        A360_COMPARE_CODE(m_a360.run(database, words(QStringLiteral("import -")), rows(1)), 0);
        A360_COMPARE_CODE(m_a360.run(database, words(QStringLiteral("count contacts"))), 0);
    }

private:
    /// SIGTERM has a handler in that process.
    static bool signalIsCaught(qint64 pid)
    {
        for (const QByteArray &line : readAll(QStringLiteral("/proc/%1/status").arg(pid)).split('\n')) {
            if (line.startsWith("SigCgt:"))
                return line.mid(7).trimmed().toULongLong(nullptr, 16) & (1ULL << 14);
        }
        return false;
    }
    CliProgram m_a360;
    TestDatabases m_databases;
};

QTEST_GUILESS_MAIN(TestCliImport)
#include "tst_cli_import.moc"

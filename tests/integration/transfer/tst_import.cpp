// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer_fixture.h"

#include "contacts/repository.h"
#include "db/index_claim.h"
#include "support/slow_index.h"

#include <QTest>
#include <QUrlQuery>

#include <future>

using namespace a360;
using namespace a360::test;
using namespace a360::transfer;
using contacts::Entity;

namespace {

constexpr char kHeader[] = "first_name,last_name,email,title,city,country,company,employees\n";

QByteArray sum(const ImportReport &r)
{
    return QByteArray::number(r.read) + '=' + QByteArray::number(r.inserted) + '+' + QByteArray::number(r.updated) + '+'
        + QByteArray::number(r.unchanged) + '+' + QByteArray::number(r.skipped) + '+' + QByteArray::number(r.rejected);
}

} // namespace

class TestImport : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QVERIFY2(m_databases.open(), m_databases.problem()); }

    void decision6_everyRowIsAccountedFor_data() { addDialectRows(); }
    void decision6_everyRowIsAccountedFor()
    {
        QFETCH(db::Dialect, dialect);
        TransferBench bench(m_databases.fresh(dialect));
        const QByteArray file = QByteArray(kHeader) + "Ada,Quill,ada@n.example,CTO,Austin,USA,Pumps,120\n"
                                                      "Bo,Li,bad-mail,CEO,Rome,Italy,Pumps,120\n"
                                                      "\n"
                                                      ",,,,,,,\n"
                                                      "Ada,Quill,ada@n.example,CEO,Austin,USA,Pumps,125\n"
                                                      "Cy,Orr,,,,,,\n";
        const auto first = bench.import(file);
        A360_VERIFY_OK(first);
        QCOMPARE(sum(*first), QByteArray("4=2+0+0+1+1"));
        QCOMPARE(first->skippedDuplicates, 1);
        QCOMPARE(first->companiesInserted, 1);
        QCOMPARE(first->rejectedByReason.value(QStringLiteral("invalid_email")), 1);
        // The last row of a key wins, for the contact and for its company.
        QCOMPARE(bench.ask("SELECT title FROM contacts WHERE email = 'ada@n.example'"), QStringLiteral("CEO"));
        QCOMPARE(bench.ask("SELECT employees_count FROM companies"), QStringLiteral("125"));
        QCOMPARE(bench.ask("SELECT text_search FROM contacts WHERE first_name = 'Ada'"), QStringLiteral("Austin USA"));
        QCOMPARE(bench.ask("SELECT company_id FROM contacts WHERE first_name = 'Cy'"), QStringLiteral("NULL"));
    }

    void decision4_secondImportChangesNothing_data() { addDialectRows(); }
    void decision4_secondImportChangesNothing()
    {
        QFETCH(db::Dialect, dialect);
        TransferBench bench(m_databases.fresh(dialect));
        const QByteArray file = QByteArray(kHeader) + "Ada,Quill,ada@n.example,CTO,Austin,USA,Pumps,120\n"
                                                      "Bo,Li,bo@n.example,,,Italy,Pumps,120\n"
                                                      "Ada,Quill,ada@n.example,CEO,Austin,USA,Pumps,120\n";
        A360_VERIFY_OK(bench.import(file));
        const auto before = bench.exportAs(Entity::Contact);
        A360_VERIFY_OK(before);
        const auto second = bench.import(file);
        A360_VERIFY_OK(second);
        QCOMPARE(sum(*second), QByteArray("3=0+0+2+1+0"));
        QCOMPARE(second->companiesUnchanged, 1);
        const auto after = bench.exportAs(Entity::Contact);
        A360_VERIFY_OK(after);
        QCOMPARE(*after, *before); // updated_at is part of it
    }

    void decision5_policies_data() { addDialectRows(); }
    void decision5_policies()
    {
        QFETCH(db::Dialect, dialect);
        const QByteArray first = QByteArray(kHeader) + "Ada,Quill,ada@n.example,CTO,,USA,Pumps,120\n";
        const QByteArray second = QByteArray(kHeader) + "Ada,Quill,ada@n.example,,Austin,Canada,Pumps,130\n";
        struct Expected
        {
            ConflictPolicy policy;
            const char *title, *city, *country, *employees, *sum;
        };
        for (const Expected &expected : {Expected{ConflictPolicy::Overwrite, "CTO", "Austin", "Canada", "130", "1=0+1+0+0+0"},
                                         Expected{ConflictPolicy::FillEmpty, "CTO", "Austin", "USA", "120", "1=0+1+0+0+0"},
                                         Expected{ConflictPolicy::Skip, "CTO", "NULL", "USA", "120", "1=0+0+0+1+0"}}) {
            TransferBench bench(m_databases.fresh(dialect));
            A360_VERIFY_OK(bench.import(first));
            ImportRequest request;
            request.policy = expected.policy;
            const auto report = bench.import(second, request);
            A360_VERIFY_OK(report);
            QCOMPARE(sum(*report), QByteArray(expected.sum));
            QCOMPARE(bench.ask("SELECT title FROM contacts"), QString::fromLatin1(expected.title));
            QCOMPARE(bench.ask("SELECT city FROM contacts_metadata"), QString::fromLatin1(expected.city));
            QCOMPARE(bench.ask("SELECT country FROM contacts_metadata"), QString::fromLatin1(expected.country));
            QCOMPARE(bench.ask("SELECT employees_count FROM companies"), QString::fromLatin1(expected.employees));
        }
    }

    void dryRunReportsTheSameAndChangesNothing_data() { addDialectRows(); }
    void dryRunReportsTheSameAndChangesNothing()
    {
        QFETCH(db::Dialect, dialect);
        TransferBench bench(m_databases.fresh(dialect));
        A360_VERIFY_OK(bench.import(QByteArray(kHeader) + "Ada,Quill,ada@n.example,CTO,,USA,Pumps,120\n"));
        const QByteArray file = QByteArray(kHeader) + "Ada,Quill,ada@n.example,CEO,,USA,Pumps,121\nBo,Li,,,,,Valves,3\n";
        ImportRequest request;
        request.dryRun = true;
        const auto dry = bench.import(file, request);
        A360_VERIFY_OK(dry);
        QCOMPARE(bench.ask("SELECT count(*) FROM contacts"), QStringLiteral("1"));
        QCOMPARE(bench.ask("SELECT employees_count FROM companies"), QStringLiteral("120"));
        const auto real = bench.import(file);
        A360_VERIFY_OK(real);
        QCOMPARE(sum(*dry), sum(*real));
        QCOMPARE(dry->companiesInserted, real->companiesInserted);
        QCOMPARE(dry->companiesUpdated, real->companiesUpdated);
    }

    void decision3_tooManyRejectsLeaveTheDataUntouched_data() { addDialectRows(); }
    void decision3_tooManyRejectsLeaveTheDataUntouched()
    {
        QFETCH(db::Dialect, dialect);
        TransferBench bench(m_databases.fresh(dialect));
        ImportRequest request;
        request.maxRejects = 1;
        request.rejectsPath = bench.file(QStringLiteral("rejects.csv"));
        const QByteArray file = QByteArray(kHeader) + "Ada,Quill,bad,CTO,,USA,Pumps,120\nBo,Li,worse,,,,,\nCy,Orr,,,,,,\n";
        const auto report = bench.import(file, request);
        QVERIFY(!report.ok());
        QCOMPARE(report.error().code, ErrorCode::LimitExceeded);
        QCOMPARE(bench.ask("SELECT count(*) FROM contacts"), QStringLiteral("0"));
        QVERIFY(QFile::exists(request.rejectsPath)); // it says which rows they were
        request.maxRejects = 2;
        A360_VERIFY_OK(bench.import(file, request));
    }

    void decision3_cancelledBeforeTheMergeLeavesTheDataUntouched_data() { addDialectRows(); }
    void decision3_cancelledBeforeTheMergeLeavesTheDataUntouched()
    {
        QFETCH(db::Dialect, dialect);
        TransferBench bench(m_databases.fresh(dialect));
        CancelSource source;
        source.cancel();
        const auto report = bench.import(QByteArray(kHeader) + "Ada,Quill,,,,,,\n", {}, source.token());
        QVERIFY(!report.ok());
        QCOMPARE(report.error().code, ErrorCode::Cancelled);
        QCOMPARE(bench.ask("SELECT count(*) FROM contacts"), QStringLiteral("0"));
    }

    void decision3_cancelledInTheMergeKeepsWholeChunks_data() { addDialectRows(); }
    void decision3_cancelledInTheMergeKeepsWholeChunks()
    {
        QFETCH(db::Dialect, dialect);
        constexpr int chunk = 20'000;
        TransferBench bench(m_databases.fresh(dialect));
        bench.run(endlessInsert(dialect, "Stop")); // a row in the second chunk
        QByteArray file = "first_name,last_name\n";
        for (int i = 0; i < chunk + 20; ++i)
            file += QByteArray::number(i) + (i == chunk + 10 ? ",Stop\n" : ",Quill\n");
        ImportRequest request;
        const auto input = InputFile::open(bench.write(file));
        A360_VERIFY_OK(input);
        request.file = *input;
        CancelSource source;
        ProgressCounter progress;
        auto running = std::async(std::launch::async, [&] { return runImport(bench.pool(), request, progress, source.token()); });
        const bool waits = QTest::qWaitFor([&] {
            const Progress now = progress.snapshot();
            return now.phase == QStringLiteral("Merging rows") && now.rowsDone == chunk;
        }, 60'000);
        source.cancel();
        const auto report = running.get();
        QVERIFY(waits);
        A360_VERIFY_OK(report);
        QVERIFY(report->cancelled);
        QCOMPARE(report->inserted, chunk);
        QCOMPARE(report->skippedByCancel, 20);
        QCOMPARE(bench.ask("SELECT count(*) FROM contacts"), QString::number(chunk));
    }

    void decision22_cancelDoesNotWaitForTheIndexes_data()
    {
        QTest::addColumn<db::Dialect>("dialect");
        QTest::addColumn<bool>("merging");
        QTest::newRow("sqlite, merging") << db::Dialect::Sqlite << true;
        QTest::newRow("sqlite, rebuilding") << db::Dialect::Sqlite << false;
        QTest::newRow("postgresql, merging") << db::Dialect::PostgreSql << true;
        QTest::newRow("postgresql, rebuilding") << db::Dialect::PostgreSql << false;
    }
    void decision22_cancelDoesNotWaitForTheIndexes()
    {
        QFETCH(db::Dialect, dialect);
        QFETCH(bool, merging);
        constexpr int chunk = 20'000, more = 20;
        TransferBench bench(m_databases.fresh(dialect));
        bench.run(slowIndex(dialect)); // no rebuilding comes to its end
        if (merging)
            bench.run(endlessInsert(dialect, "Halt"));
        const std::vector<QByteArray> before = indexes(bench);
        QByteArray file = "first_name,last_name,title\n";
        for (int i = 0; i < chunk + more; ++i) {
            const char *last = merging && i == chunk + 10 ? ",Halt," : i < slowRowCount ? ",Stop," : ",Quill,";
            file += QByteArray::number(i) + last + (i % 2 == 0 ? "Clerk\n" : "Pilot\n");
        }
        ImportRequest request;
        const auto input = InputFile::open(bench.write(file));
        A360_VERIFY_OK(input);
        request.file = *input;
        CancelSource source;
        ProgressCounter progress;
        auto running = std::async(std::launch::async, [&] { return runImport(bench.pool(), request, progress, source.token()); });
        const bool reached = QTest::qWaitFor([&] {
            const Progress now = progress.snapshot();
            return merging ? now.phase == QStringLiteral("Merging rows") && now.rowsDone == chunk
                           : now.phase == QStringLiteral("Rebuilding indexes") && now.rowsDone == now.rowsTotal - 1;
        }, 60'000);
        source.cancel();
        const auto report = running.get();
        QVERIFY(reached);
        A360_VERIFY_OK(report);
        QVERIFY(report->cancelled);
        const int inserted = merging ? chunk : chunk + more;
        QCOMPARE(report->inserted, inserted);
        QCOMPARE(report->skippedByCancel, chunk + more - inserted);
        QCOMPARE(report->indexesLeft, merging ? static_cast<qint64>(before.size()) : 1);
        QCOMPARE(bench.ask("SELECT count(*) FROM a360_deferred_indexes WHERE owner IS NULL"), QString::number(report->indexesLeft));
        QCOMPARE(report->notes.size(), 1);
        QVERIFY2(report->notes.first().contains(QStringLiteral("still to be rebuilt")), qPrintable(report->notes.first()));
        QCOMPARE(found(bench, "title=clerk"), inserted / 2);
        QCOMPARE(found(bench, "search=pilot"), inserted / 2);
        if (dialect == db::Dialect::PostgreSql) // the server drops it by itself
            QTRY_COMPARE(bench.ask("SELECT count(*) FROM pg_class WHERE relname LIKE 'a360\\_import\\_%'"), QStringLiteral("0"));
        bench.run(hurryUp());
        A360_VERIFY_OK(broughtBack(bench));
        QCOMPARE(indexes(bench), before);
        QCOMPARE(found(bench, "title=clerk"), inserted / 2);
        QCOMPARE(found(bench, "search=pilot"), inserted / 2);
    }

    void anImportWaitsForAnotherWriterAndCanBeCancelled_data()
    {
        QTest::addColumn<bool>("cancelled");
        QTest::newRow("waits") << false;
        QTest::newRow("cancelled") << true;
    }
    void anImportWaitsForAnotherWriterAndCanBeCancelled()
    {
        QFETCH(bool, cancelled);
        TransferBench bench(m_databases.fresh(db::Dialect::Sqlite));
        Result<db::Lease> writer = bench.pool().lease();
        A360_VERIFY_OK(writer);
        A360_VERIFY_OK(writer->begin(db::TransactionMode::ReadWrite));
        ImportRequest request;
        const auto input = InputFile::open(bench.write("first_name,last_name\nAda,Quill\n"));
        A360_VERIFY_OK(input);
        request.file = *input;
        CancelSource source;
        ProgressCounter progress;
        auto running = std::async(std::launch::async, [&] { return runImport(bench.pool(), request, progress, source.token()); });
        const bool merging = QTest::qWaitFor([&] { return progress.snapshot().phase == QStringLiteral("Merging rows"); }, 60'000);
        if (cancelled)
            source.cancel();
        else // longer than one wait for a busy lock
            QTest::qWait(6000);
        if (!cancelled)
            A360_VERIFY_OK(writer->rollback());
        const auto report = running.get();
        QVERIFY(merging);
        A360_VERIFY_OK(report);
        QCOMPARE(report->cancelled, cancelled);
        QCOMPARE(report->inserted, cancelled ? 0 : 1);
        QCOMPARE(report->skippedByCancel, cancelled ? 1 : 0);
    }

    void decision22_aFailedMergeTellsWhatIsStillDown_data() { addDialectRows(); }
    void decision22_aFailedMergeTellsWhatIsStillDown()
    {
        QFETCH(db::Dialect, dialect);
        TransferBench bench(m_databases.fresh(dialect));
        const std::vector<QByteArray> before = indexes(bench);
        // A row that is refused, and an index that cannot be made.
        if (dialect == db::Dialect::PostgreSql)
            bench.run("ALTER TABLE contacts ADD CONSTRAINT no_halt CHECK (last_name <> 'Halt'); CREATE FUNCTION broken(text) "
                      "RETURNS text IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'broken'; END $$; "
                      "CREATE INDEX zz_broken ON contacts (broken(last_name))");
        else
            bench.run("CREATE TRIGGER halt AFTER INSERT ON contacts WHEN new.last_name = 'Halt' BEGIN SELECT RAISE(ABORT, 'no'); "
                      "END; CREATE INDEX zz_broken ON contacts (abs(CASE WHEN last_name = 'Quill' THEN -9223372036854775807 - 1 "
                      "ELSE 1 END))");
        QByteArray file = "first_name,last_name\n";
        for (int i = 0; i < 20'020; ++i)
            file += QByteArray::number(i) + (i == 20'010 ? ",Halt\n" : ",Quill\n");
        const auto report = bench.import(file);
        QVERIFY(!report.ok());
        QVERIFY2(report.error().message.contains(QStringLiteral("1 index is still to be rebuilt")), describe(report.error()).constData());
        QCOMPARE(bench.ask("SELECT count(*) FROM a360_deferred_indexes WHERE owner IS NULL"), QStringLiteral("1"));
        QCOMPARE(indexes(bench), before); // all but the broken one
    }

    void decision1_matchByEmail_data() { addDialectRows(); }
    void decision1_matchByEmail()
    {
        QFETCH(db::Dialect, dialect);
        TransferBench bench(m_databases.fresh(dialect));
        A360_VERIFY_OK(bench.import(QByteArray(kHeader) + "Ada,Quill,ada@n.example,CTO,,USA,,\n"));
        ImportRequest request;
        request.match = MatchBy::Email;
        const auto report = bench.import(QByteArray(kHeader) + "Adelaide,Quill,ADA@N.example,CEO,,,,\nBo,Li,bo@n.example,,,,,\n", request);
        A360_VERIFY_OK(report);
        QCOMPARE(sum(*report), QByteArray("2=1+1+0+0+0"));
        QCOMPARE(bench.ask("SELECT first_name FROM contacts WHERE title = 'CEO'"), QStringLiteral("Adelaide"));
    }

    void decision1_oneRowIsWrittenOnceWhateverMatches_data() { addDialectRows(); }
    void decision1_oneRowIsWrittenOnceWhateverMatches()
    {
        QFETCH(db::Dialect, dialect);
        TransferBench bench(m_databases.fresh(dialect));
        ImportRequest request;
        request.match = MatchBy::LinkedIn;
        // Two profiles, but the same name, e-mail and company, which make the key of a new row.
        const QByteArray file = "first_name,last_name,company,person_linkedin_url\n"
                                "Joe,Smith,Pumps,https://linkedin.example/in/joe1\n"
                                "Joe,Smith,Pumps,https://linkedin.example/in/joe2\n";
        const auto report = bench.import(file, request);
        A360_VERIFY_OK(report);
        QCOMPARE(sum(*report), QByteArray("2=1+0+0+1+0"));
        QCOMPARE(bench.ask("SELECT linkedin_url FROM contacts_metadata"), QStringLiteral("https://linkedin.example/in/joe2"));
        const auto again = bench.import(file, request);
        A360_VERIFY_OK(again);
        QCOMPARE(again->inserted + again->updated, 0);
    }

    void decision4_metadataWithoutAnOwnerIsTakenOver_data() { addDialectRows(); }
    void decision4_metadataWithoutAnOwnerIsTakenOver()
    {
        QFETCH(db::Dialect, dialect);
        TransferBench bench(m_databases.fresh(dialect));
        const QByteArray file = QByteArray(kHeader) + "Ada,Quill,ada@n.example,CTO,Austin,USA,,\n";
        A360_VERIFY_OK(bench.import(file));
        bench.run("DELETE FROM contacts; UPDATE contacts_metadata SET city = 'Rome'");
        const auto report = bench.import(file);
        A360_VERIFY_OK(report);
        QCOMPARE(sum(*report), QByteArray("1=1+0+0+0+0"));
        QCOMPARE(bench.ask("SELECT city FROM contacts_metadata"), QStringLiteral("Austin"));
        const auto again = bench.import(file);
        A360_VERIFY_OK(again);
        QCOMPARE(sum(*again), QByteArray("1=0+0+1+0+0"));
    }

    void decision7_timesThatNoDatabaseHoldsAreRejectedByRow_data() { addDialectRows(); }
    void decision7_timesThatNoDatabaseHoldsAreRejectedByRow()
    {
        QFETCH(db::Dialect, dialect);
        TransferBench bench(m_databases.fresh(dialect));
        const auto report = bench.import("first_name,email,created_at\n"
                                         "A,a@n.example,1969-12-31T23:59:59.999999\nB,b@n.example,12345-01-01\n"
                                         "C,c@n.example,294276-12-31\nD,d@n.example,0001-01-01T00:00:00+01:00\n"
                                         "E,e@n.example,9999-12-31T23:59:59.999999\n");
        A360_VERIFY_OK(report);
        QCOMPARE(sum(*report), QByteArray("5=2+0+0+0+3"));
        QCOMPARE(report->rejectedByReason.value(QStringLiteral("invalid_date")), 3);
    }

    void decision11_rejectsFileCanBeMendedAndImportedAgain_data() { addDialectRows(); }
    void decision11_rejectsFileCanBeMendedAndImportedAgain()
    {
        QFETCH(db::Dialect, dialect);
        TransferBench bench(m_databases.fresh(dialect));
        ImportRequest request;
        request.rejectsPath = bench.file(QStringLiteral("rejects.csv"));
        A360_VERIFY_OK(bench.import("first_name,email,note\nAda,ada(at)n.example,\"a, b\"\nBo,bo@n.example,\n", request));
        QFile rejects(request.rejectsPath);
        QVERIFY(rejects.open(QIODevice::ReadOnly));
        QByteArray content = rejects.readAll();
        rejects.close();
        QCOMPARE(content, QByteArray("_row,_line,_offset,_column,_value,_reason,first_name,email,note\n"
                                     "1,2,22,email,ada(at)n.example,invalid_email,Ada,ada(at)n.example,\"a, b\"\n"));
        // Not mended: rejected again, and the new rejects file has no second set of the six columns.
        A360_VERIFY_OK(bench.import(content, request));
        QVERIFY(rejects.open(QIODevice::ReadOnly));
        QVERIFY(rejects.readAll().startsWith("_row,_line,_offset,_column,_value,_reason,first_name,email,note\n1,2,64,"));
        content.replace("Ada,ada(at)n.example", "Ada,ada@n.example");
        const auto mended = bench.import(content);
        A360_VERIFY_OK(mended);
        QCOMPARE(sum(*mended), QByteArray("1=1+0+0+0+0"));
    }

    void decision25_stagingIsGoneAfterwards_data() { addDialectRows(); }
    void decision25_stagingIsGoneAfterwards()
    {
        QFETCH(db::Dialect, dialect);
        TransferBench bench(m_databases.fresh(dialect));
        const bool postgres = dialect == db::Dialect::PostgreSql;
        if (postgres)
            bench.run("CREATE UNLOGGED TABLE a360_import_dead (rn bigint); COMMENT ON TABLE a360_import_dead IS '1 5'");
        else // locked by nobody
            QVERIFY(QFile(bench.pool().url().path + QStringLiteral("-import-1.stage")).open(QIODevice::WriteOnly));
        A360_VERIFY_OK(bench.import(QByteArray(kHeader) + "Ada,Quill,,,,,,\n"));
        if (postgres) {
            QCOMPARE(bench.ask("SELECT count(*) FROM pg_class WHERE relname LIKE 'a360\\_import\\_%'"), QStringLiteral("0"));
        } else {
            const QFileInfo info(bench.pool().url().path);
            QCOMPARE(info.dir().entryList({QStringLiteral("*.stage")}), QStringList());
        }
    }

    void decision2_fullExportComesBack_data()
    {
        QTest::addColumn<db::Dialect>("from");
        QTest::addColumn<db::Dialect>("to");
        QTest::newRow("sqlite to sqlite") << db::Dialect::Sqlite << db::Dialect::Sqlite;
        QTest::newRow("sqlite to postgresql") << db::Dialect::Sqlite << db::Dialect::PostgreSql;
        QTest::newRow("postgresql to sqlite") << db::Dialect::PostgreSql << db::Dialect::Sqlite;
        QTest::newRow("postgresql to postgresql") << db::Dialect::PostgreSql << db::Dialect::PostgreSql;
    }
    void decision2_fullExportComesBack()
    {
        QFETCH(db::Dialect, from);
        QFETCH(db::Dialect, to);
        TransferBench first(m_databases.fresh(from)), second(m_databases.fresh(to));
        A360_VERIFY_OK(first.import("first_name,last_name,email,title,departments,mobile_phone,company,employees,keywords,website,"
                                    "company_address,latest_funding_amount,last_raised_at,city\n"
                                    "Ada,\"Quill, Jr\",ada@n.example,\"CTO \"\"acting\"\"\",\"Sales, Design\",'+1 555,Pumps,1.5K,"
                                    "\"water, b2b\",n.example,\"1 Main St\nSuite 5\",$2M,2024-02-01,Köln\n"
                                    "-Bo,=Li,,😀,,,\"\"\"Q\"\" Ltd\",0,,,,,,\n"
                                    "Cy,,,,,,,,,,,,,\n"));
        for (const bool safe : {false, true}) {
            ExportRequest request;
            request.spreadsheetSafe = safe;
            for (const Entity entity : {Entity::Contact, Entity::Company}) {
                TransferBench target(m_databases.fresh(to));
                const auto exported = first.exportAs(entity, contacts::Preset::Full, request);
                A360_VERIFY_OK(exported);
                ImportRequest import;
                import.entity = entity;
                const auto report = target.import(*exported, import);
                A360_VERIFY_OK(report);
                QCOMPARE(report->rejected, 0);
                const auto again = target.exportAs(entity, contacts::Preset::Full, request);
                A360_VERIFY_OK(again);
                QCOMPARE(*again, *exported);
            }
        }
    }

    void decision1_companyValuesThatNothingNamesAreCounted_data() { addDialectRows(); }
    void decision1_companyValuesThatNothingNamesAreCounted()
    {
        QFETCH(db::Dialect, dialect);
        TransferBench bench(m_databases.fresh(dialect));
        const auto report = bench.import(QByteArray(kHeader) + "Ada,Quill,,CTO,,,,120\nBo,Li,,,,,,\nCy,Orr,,,,,Pumps,7\nDi,Ek,,,,,,9\n");
        A360_VERIFY_OK(report);
        QCOMPARE(report->inserted, 4);
        QCOMPARE(report->companiesInserted, 1);
        QCOMPARE(report->companiesLost, 2);
        QCOMPARE(report->notes.size(), 1);
        QVERIFY2(report->notes.front().startsWith(QStringLiteral("In 2 of the rows nothing says which company it is")),
                 qPrintable(report->notes.front()));
        QCOMPARE(report->toJson().value(QStringLiteral("companies")).toObject().value(QStringLiteral("rows_without_identity")).toInt(), 2);
    }

    void adoptedPlaceholdersReadAsNull_data() { addDialectRows(); }
    void adoptedPlaceholdersReadAsNull()
    {
        QFETCH(db::Dialect, dialect);
        TransferBench bench(m_databases.fresh(dialect));
        A360_VERIFY_OK(bench.import(QByteArray(kHeader) + "Ada,Quill,ada@n.example,,,,,\n"));
        bench.run("UPDATE contacts SET title = '_', seniority = '_'");
        const QByteArray same = QByteArray(kHeader) + "Ada,Quill,ada@n.example,,,,,\n";
        const auto unchanged = bench.import(same);
        A360_VERIFY_OK(unchanged);
        QCOMPARE(sum(*unchanged), QByteArray("1=0+0+1+0+0"));
        ImportRequest fill;
        fill.policy = ConflictPolicy::FillEmpty;
        const auto filled = bench.import(QByteArray(kHeader) + "Ada,Quill,ada@n.example,CTO,,,,\n", fill);
        A360_VERIFY_OK(filled);
        QCOMPARE(bench.ask("SELECT title FROM contacts"), QStringLiteral("CTO"));
        QCOMPARE(bench.ask("SELECT seniority FROM contacts"), QStringLiteral("_")); // not the file's business
    }

private:
    /// A contact with this last name takes for ever.
    static QByteArray endlessInsert(db::Dialect dialect, const QByteArray &lastName)
    {
        if (dialect == db::Dialect::PostgreSql)
            return "CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(600); RETURN new; END "
                   "$$; CREATE TRIGGER wait BEFORE INSERT ON contacts FOR EACH ROW WHEN (new.last_name = '" + lastName +
                   "') EXECUTE FUNCTION wait()";
        return "CREATE TRIGGER wait AFTER INSERT ON contacts WHEN new.last_name = '" + lastName + "' BEGIN UPDATE contacts SET "
               "last_name = (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n); END";
    }
    static std::vector<QByteArray> indexes(TransferBench &bench)
    {
        std::vector<QByteArray> made;
        Result<db::Lease> lease = bench.pool().lease();
        const auto list = db::listSecondaryIndexes(*lease, {"contacts", "contacts_metadata", "companies", "companies_metadata"});
        if (!list.ok())
            qFatal("%s", describe(list.error()).constData());
        for (const db::IndexDefinition &index : *list)
            made.push_back(index.name + ' ' + index.definition);
        return made;
    }
    static Result<qint64> broughtBack(TransferBench &bench)
    {
        A360_TRY_ASSIGN(db::Lease lease, bench.pool().lease());
        return db::rebuildLeftBehind(lease);
    }
    /// How many contacts a query finds; -1: failed.
    static qint64 found(TransferBench &bench, const char *text)
    {
        const auto query = contacts::parseQuery(Entity::Contact, QUrlQuery(QString::fromLatin1(text)).queryItems(),
                                                contacts::DefaultOrder::ById);
        const auto schema = bench.probe();
        Result<db::Lease> lease = bench.pool().lease();
        const auto count = contacts::Repository(*schema).count(*lease, query->query, contacts::CountMode::Exact);
        return count.ok() ? count->rows : -1;
    }
    TestDatabases m_databases;
};

QTEST_GUILESS_MAIN(TestImport)
#include "tst_import.moc"

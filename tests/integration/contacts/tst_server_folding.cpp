// SPDX-License-Identifier: GPL-3.0-or-later
// Decisions 14 and 15 on real engines: what PostgreSQL's lower() and SQLite's FTS5 make of every code point, against our
// own folding.
#include "contacts/fts_phrase.h"
#include "contacts/postgres_folding.h"
#include "contacts/schema_info.h"
#include "core/text.h"
#include "data_model.h"
#include "db/connection_pool.h"
#include "db/migrations.h"
#include "support/test_databases.h"

#include <QTest>

using namespace a360;
using namespace a360::contacts;
using namespace a360::test;
using db::ColumnType;
using db::Dialect;
using db::Sql;

namespace {

constexpr char32_t standIn = 0xFDD0; // the noncharacter that stands for the dotted capital I

std::string utf8(std::u32string_view text)
{
    std::string out;
    for (const char32_t c : text)
        appendUtf8(out, c);
    return out;
}

QByteArray bytes(std::u32string_view text)
{
    return QByteArray::fromStdString(utf8(text));
}

/// Every letter whose folding is another one.
std::vector<char32_t> foldingLetters()
{
    std::vector<char32_t> letters;
    for (char32_t c = 1; c <= 0x10FFFF; ++c) {
        if (foldCase(c) != c)
            letters.push_back(c);
    }
    return letters;
}


} // namespace

class TestServerFolding : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QVERIFY2(m_databases.open(), m_databases.problem()); }

    void decision14_everyCodePointOnPostgres_data()
    {
        QTest::addColumn<QByteArray>("creation");
        QTest::addColumn<bool>("asciiOnly");
        QTest::newRow("C.UTF-8") << QByteArray() << false;
        QTest::newRow("ICU") << QByteArray("LOCALE_PROVIDER icu ICU_LOCALE 'und'") << false;
        QTest::newRow("C") << QByteArray("LC_COLLATE 'C' LC_CTYPE 'C'") << true;
    }
    void decision14_everyCodePointOnPostgres()
    {
        QFETCH(QByteArray, creation);
        QFETCH(bool, asciiOnly);
        db::DatabaseUrl url = m_databases.fresh(Dialect::PostgreSql);
        if (!creation.isEmpty()) {
            A360_VERIFY_OK(m_databases.postgres().run(url, "DROP DATABASE IF EXISTS folding"));
            A360_VERIFY_OK(
                m_databases.postgres().run(url, "CREATE DATABASE folding TEMPLATE template0 " + creation));
            url.name = QStringLiteral("folding");
        }
        db::ConnectionPool pool(url, {});
        auto lease = pool.lease();
        A360_VERIFY_OK(lease);
        A360_VERIFY_OK(db::migrate(*lease));
        A360_VERIFY_OK(lease->executeScript("SET jit = off"));
        const auto schema = SchemaInfo::probe(*lease);
        A360_VERIFY_OK(schema);
        QCOMPARE(schema->serverLower, asciiOnly ? ServerLower::AsciiOnly : ServerLower::Unicode);
        QCOMPARE(schema->foldCollation.isEmpty(), !asciiOnly);

        fillCodePoints(*lease, *schema);
        recheckTellsExactlyTheFoldingClasses(*lease);
        exactNeedlesNeedNoRecheck(*lease, *schema);
        candidatesFindEveryForm(*lease, *schema);
        patternsProveWhatTheySay(*lease);
    }

    void decision15_everyFoldingIsFoundByFts()
    {
        db::ConnectionPool pool(m_databases.fresh(Dialect::Sqlite), {});
        auto lease = pool.lease();
        A360_VERIFY_OK(lease);
        A360_VERIFY_OK(lease->executeScript("CREATE VIRTUAL TABLE f USING fts5(t, tokenize='trigram')"));
        std::vector<char32_t> letters = foldingLetters();
        for (char32_t c = 1; c <= 0x10FFFF; c += 97) {
            if (c < 0xD800 || c > 0xDFFF)
                letters.push_back(c);
        }
        A360_VERIFY_OK(lease->begin(db::TransactionMode::ReadWrite));
        for (size_t i = 0; i < letters.size(); ++i)
            A360_VERIFY_OK(lease->execute(Sql(Dialect::Sqlite, "INSERT INTO f(rowid, t) VALUES (")
                                              .bind(qint64(i))
                                              .raw(", ")
                                              .bind(bytes(U"xABC" + std::u32string(1, letters[i]) + U"DEFx"))
                                              .raw(")")));
        for (size_t i = 0; i < letters.size(); ++i) {
            const std::string needle = utf8(U"abc" + std::u32string(1, foldCase(letters[i])) + U"def");
            const QByteArray phrases = ftsPhrases(needle, FtsContent::Plain);
            QVERIFY(!phrases.isEmpty());
            const auto found = lease->queryInteger(Sql(Dialect::Sqlite, "SELECT count(*) FROM f WHERE f MATCH ")
                                                       .bind(phrases)
                                                       .raw(" AND rowid = ")
                                                       .bind(qint64(i)));
            A360_VERIFY_OK(found);
            QVERIFY2(*found == 1, QByteArray::number(uint(letters[i]), 16).constData());
        }
        A360_VERIFY_OK(lease->rollback());
    }

private:
    /// Table p: of all code points those that fold, lower or recheck to another one, and the ones they go to. `f` is
    /// the folding, `k` the key of the recheck, `l` the server's lower().
    static void fillCodePoints(db::Lease &lease, const SchemaInfo &schema)
    {
        QByteArray pairs;
        for (const char32_t c : foldingLetters())
            pairs += (pairs.isEmpty() ? "(" : ", (") + QByteArray::number(uint(c)) + ", " +
                     QByteArray::number(uint(foldCase(c))) + ')';
        A360_VERIFY_OK(lease.executeScript(
            "CREATE TEMP TABLE folding AS SELECT * FROM (VALUES " + pairs +
            ") v(c, f);"
            "CREATE TEMP TABLE every AS SELECT g AS c, chr(g) AS t, lower(chr(g)) COLLATE \"C\" AS l, " +
            postgresFoldExpression("chr(g)", schema.foldCollation) +
            " COLLATE \"C\" AS k FROM generate_series(1, 1114111) g WHERE g NOT BETWEEN 55296 AND 57343 AND g <> " +
            QByteArray::number(uint(standIn)) +
            ";"
            "CREATE TEMP TABLE moved AS SELECT c, t, l, k FROM every WHERE l <> t COLLATE \"C\" OR k <> t COLLATE \"C\" "
            "OR c IN (SELECT c FROM folding);"
            "CREATE TEMP TABLE p AS SELECT e.c, e.t, e.l, e.k, coalesce(v.f, e.c) AS f FROM every e "
            "LEFT JOIN folding v ON v.c = e.c WHERE e.c IN (SELECT c FROM moved) OR e.c IN (SELECT f FROM folding) "
            "OR e.t COLLATE \"C\" IN (SELECT l FROM moved UNION SELECT k FROM moved)"));
        const auto rows = lease.queryInteger(Sql(Dialect::PostgreSql, "SELECT count(*) FROM p"));
        A360_VERIFY_OK(rows);
        QVERIFY(*rows > 2500);
    }
    static void recheckTellsExactlyTheFoldingClasses(db::Lease &lease)
    {
        const auto torn = lease.queryInteger(Sql(
            Dialect::PostgreSql, "SELECT count(*) FROM (SELECT f FROM p GROUP BY f HAVING count(DISTINCT k) > 1) x"));
        A360_VERIFY_OK(torn);
        QCOMPARE(*torn, qint64(0));
        const auto mixed = lease.queryInteger(Sql(
            Dialect::PostgreSql, "SELECT count(*) FROM (SELECT k FROM p GROUP BY k HAVING count(DISTINCT f) > 1) x"));
        A360_VERIFY_OK(mixed);
        QCOMPARE(*mixed, qint64(0));
    }
    /// Letters that the server's lower() brings together with others than our folding does are never "exact".
    static void exactNeedlesNeedNoRecheck(db::Lease &lease, const SchemaInfo &schema)
    {
        const auto rows = lease.query(
            Sql(Dialect::PostgreSql, "SELECT c::bigint FROM p WHERE l IN (SELECT l FROM p GROUP BY l HAVING "
                                     "count(DISTINCT f) > 1) OR f IN (SELECT f FROM p GROUP BY f HAVING "
                                     "count(DISTINCT l) > 1)"),
            {ColumnType::Integer});
        A360_VERIFY_OK(rows);
        QVERIFY(rows->rowCount() > 0);
        for (qsizetype row = 0; row < rows->rowCount(); ++row) {
            const auto c = static_cast<char32_t>(rows->cell(row, 0).integer());
            QVERIFY2(!postgresNeedle(utf8({&c, 1}), schema.serverLower).exact,
                     QByteArray::number(uint(c), 16).constData());
        }
    }
    /// What lower() brings together is one letter for our folding too, but for the dotted I: so a plain match proves it.
    static void patternsProveWhatTheySay(db::Lease &lease)
    {
        const auto deceived = lease.queryInteger(
            Sql(Dialect::PostgreSql, "SELECT count(*) FROM p text JOIN p needle ON needle.l = text.l AND needle.f <> text.f "
                                     "WHERE needle.c = needle.f AND 304 NOT IN (text.c, needle.c)"));
        A360_VERIFY_OK(deceived);
        QCOMPARE(*deceived, qint64(0));
    }
    /// Each form of each letter, and random mixtures, is found by the ILIKE patterns of the folded needle.
    static void candidatesFindEveryForm(db::Lease &lease, const SchemaInfo &schema)
    {
        std::vector<std::u32string> texts;
        std::map<char32_t, std::vector<char32_t>> forms;
        for (const char32_t c : foldingLetters()) {
            texts.push_back(U"AB" + std::u32string(1, c) + U"CD");
            forms[foldCase(c)].push_back(c);
        }
        std::mt19937 source(7);
        std::vector<char32_t> many; // letters with rare forms, more often than chance would have it
        for (const auto &[folded, others] : forms) {
            for (size_t i = 1; i < others.size(); ++i)
                many.insert(many.end(), 8, folded);
            many.push_back(folded);
        }
        for (int i = 0; i < 3000; ++i) {
            std::u32string text;
            for (int left = 1 + randomBelow(source, 14); left > 0; --left) {
                const char32_t folded = many[static_cast<size_t>(randomBelow(source, static_cast<int>(many.size())))];
                const auto &others = forms[folded];
                const int form = randomBelow(source, static_cast<int>(others.size()) + 1);
                text += form == 0 ? folded : others[static_cast<size_t>(form) - 1];
            }
            texts.push_back(text);
        }
        db::TextList numbers, haystacks, patterns;
        for (size_t i = 0; i < texts.size(); ++i) {
            const PostgresNeedle needle = postgresNeedle(utf8(texts[i]), schema.serverLower);
            for (const QByteArray &pattern : needle.candidates) {
                numbers.push_back(QByteArray::number(qulonglong(i)));
                haystacks.push_back(bytes(U"x" + texts[i] + U"y"));
                patterns.push_back(pattern);
            }
            numbers.push_back("wide" + QByteArray::number(qulonglong(i)));
            haystacks.push_back(bytes(texts[i]));
            patterns.push_back(needle.wideCandidate);
        }
        const auto found = lease.queryInteger(Sql(Dialect::PostgreSql, "SELECT count(DISTINCT n) FROM unnest(")
                                                  .bind(numbers)
                                                  .raw(", ")
                                                  .bind(haystacks)
                                                  .raw(", ")
                                                  .bind(patterns)
                                                  .raw(") AS u(n, t, p) WHERE t ILIKE p"));
        A360_VERIFY_OK(found);
        QCOMPARE(*found, static_cast<qint64>(texts.size() * 2));
    }

    TestDatabases m_databases;
};

QTEST_GUILESS_MAIN(TestServerFolding)
#include "tst_server_folding.moc"

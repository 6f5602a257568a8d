// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/statement_text.h"

#include <QTest>

using namespace a360::db;

class TestStatementText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void valuesAreTakenOut_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("fingerprint");
        const auto row = [](const char *text, const char *fingerprint) {
            QTest::newRow(text) << QByteArray(text) << QByteArray(fingerprint);
        };
        row("SELECT 1", "SELECT ?");
        row("SELECT  a,\n\tb FROM t;", "SELECT a, b FROM t");
        row("SELECT * FROM t WHERE a = 'it''s' AND b = 4.5e-3", "SELECT * FROM t WHERE a = ? AND b = ?");
        row("WHERE a = $1::text AND b = $12::bigint", "WHERE a = ? AND b = ?");
        row("WHERE a = ANY($1::text[]) AND b", "WHERE a = ANY(?) AND b");
        row("WHERE a = $1::text[] AND b[k - 1] > c[$2]", "WHERE a = ? AND b[k - ?] > c[...]");
        row("WHERE a = ?1 AND b = ?2", "WHERE a = ? AND b = ?");
        row("WHERE a IN (1, 2,3)", "WHERE a IN (...)");
        row("WHERE a IN ($1::text)", "WHERE a IN (...)");
        row("VALUES (1, 'x'), (2, 'y'), (3, 'z')", "VALUES (...)");
        row("SELECT f(1, 2), k1, \"Name 2\" FROM t2", "SELECT f(?, ?), k1, \"Name 2\" FROM t2");
        row("SELECT E'a\\'b' -- secret 7\n/* and '8' */ FROM t", "SELECT ? FROM t");
        row("SELECT $tag$it's 5$tag$, $$x$$", "SELECT ?, ?");
        row("LIMIT 100 OFFSET 20", "LIMIT ? OFFSET ?");
        row("SELECT 'open", "SELECT ?");
        row("", "");
    }
    void valuesAreTakenOut()
    {
        QFETCH(const QByteArray, text);
        QFETCH(const QByteArray, fingerprint);
        QCOMPARE(statementFingerprint(text), fingerprint);
    }
    void readsAreTold()
    {
        for (const char *text : {"SELECT 1", " (select 1)", "WITH x AS (SELECT 1) SELECT * FROM x", "EXPLAIN DELETE FROM t",
                                 "SET LOCAL work_mem = '64MB'", "SELECT 'a;b'", "SELECT 1;", "-- note\nSELECT 1"})
            QVERIFY2(onlyReads(text), text);
        for (const char *text : {"INSERT INTO t VALUES (1)", "WITH x AS (DELETE FROM t RETURNING *) SELECT * FROM x",
                                 "SELECT 1; DELETE FROM t", "UPDATE t SET a = 1", "CREATE TABLE t (a int)", ""})
            QVERIFY2(!onlyReads(text), text);
        QVERIFY(isSelect("WITH x AS (SELECT 1) SELECT * FROM x"));
        QVERIFY(!isSelect("EXPLAIN SELECT 1"));
        QVERIFY(!isSelect("SET x = 1"));
    }
};

QTEST_GUILESS_MAIN(TestStatementText)
#include "tst_statement_text.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/sql.h"

#include <QtTest>

using namespace a360::db;

class TestSql : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void placeholdersAreNumberedInOrder();
    void appendingJoinsPiecesAndValues();
    void emptyUntilSomethingIsAdded();
    void piecesSurroundTheValues();
};

void TestSql::placeholdersAreNumberedInOrder()
{
    const auto build = [](Dialect dialect) {
        Sql sql(dialect, "SELECT ");
        sql.bind(qint64(5)).raw(", ").bind(QByteArray("o'clock")).raw(", ").bind(TextList{"a"}).raw(", ").bind(Value());
        return sql.text();
    };
    QCOMPARE(build(Dialect::PostgreSql), QByteArray("SELECT $1::bigint, $2::text, $3::text[], $4"));
    QCOMPARE(build(Dialect::Sqlite), QByteArray("SELECT ?1, ?2, ?3, ?4"));
}

void TestSql::appendingJoinsPiecesAndValues()
{
    Sql part(Dialect::Sqlite);
    part.bind(qint64(1)).raw(" < x");
    Sql whole(Dialect::Sqlite, "WHERE ");
    whole.bind(QByteArray("v")).raw(" = y AND ").append(part).raw(" AND ").append(part);
    QCOMPARE(whole.text(), QByteArray("WHERE ?1 = y AND ?2 < x AND ?3 < x"));
    QCOMPARE(whole.values().size(), size_t(3));
}

void TestSql::emptyUntilSomethingIsAdded()
{
    Sql sql(Dialect::PostgreSql);
    QVERIFY(sql.isEmpty());
    sql.bind(qint64(1));
    QVERIFY(!sql.isEmpty());
    QVERIFY(!Sql(Dialect::PostgreSql, "x").isEmpty());
}

void TestSql::piecesSurroundTheValues()
{
    Sql sql(Dialect::PostgreSql, "a ");
    sql.bind(qint64(1)).bind(qint64(2)).raw(" b");
    const std::vector<QByteArray> expected{"a ", "", " b"};
    QVERIFY(sql.pieces() == expected);
}

QTEST_GUILESS_MAIN(TestSql)
#include "tst_sql.moc"

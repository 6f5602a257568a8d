// SPDX-License-Identifier: GPL-3.0-or-later
#include "contacts/search_scan.h"

#include <QTest>

using namespace a360;
using namespace a360::contacts;

class TestSearchScan : public QObject
{
    Q_OBJECT

    static QString reason(const SchemaInfo &schema, const QString &search)
    {
        const auto parsed = parseQuery(Entity::Contact, {{QStringLiteral("search"), search}, {QStringLiteral("title"), QStringLiteral("x")}},
                                       DefaultOrder::ById);
        return parsed.ok() ? searchScanReason(schema, parsed->query.filters).value_or(QString()) : QStringLiteral("no query");
    }
    static SchemaInfo schemaOf(db::Dialect dialect, bool own, bool indexed)
    {
        SchemaInfo schema;
        schema.dialect = dialect;
        schema.ownSchema = own;
        schema.hasSearchIndex = indexed;
        return schema;
    }

private Q_SLOTS:
    void decision16_theReasonSaysWhatHelps_data()
    {
        QTest::addColumn<bool>("postgres");
        QTest::addColumn<bool>("own");
        QTest::addColumn<bool>("indexed");
        QTest::addColumn<QString>("search");
        QTest::addColumn<QString>("says"); // empty: no scan
        const auto row = [](const char *name, bool postgres, bool own, bool indexed, const char *search, const char *says) {
            QTest::newRow(name) << postgres << own << indexed << QString::fromUtf8(search) << QString::fromUtf8(says);
        };
        row("own", true, true, true, "ada quill", "");
        row("own, short word", true, true, true, "ada xy q", "'xy'");
        row("own, no three in a row", true, true, true, "a-b-c-d ada", "'a-b-c-d'");
        row("own, SQLite", false, true, true, "ada a-b-c-d", "");
        row("own, SQLite, short word", false, true, true, "李 ada", "'李'");
        row("own, indexes down", true, true, false, "ada", "down for an import");
        row("adopted", true, false, false, "ada xy", "a360 indexes --create");
        row("adopted, indexed", true, false, true, "ada", "");
        row("adopted, indexed, short word", true, false, true, "ab", "three letters");
        row("adopted, SQLite", false, false, false, "ada", "made by another program");
        row("nothing to search for", true, false, false, " ", "");
    }
    void decision16_theReasonSaysWhatHelps()
    {
        QFETCH(bool, postgres);
        QFETCH(bool, own);
        QFETCH(bool, indexed);
        QFETCH(QString, search);
        QFETCH(QString, says);
        const QString said =
            reason(schemaOf(postgres ? db::Dialect::PostgreSql : db::Dialect::Sqlite, own, indexed), search);
        QCOMPARE(said.isEmpty(), says.isEmpty());
        QVERIFY2(said.contains(says), qPrintable(said));
        QVERIFY2(own == false || !said.contains(u"--create"), qPrintable(said)); // there they are our affair
    }
    void aLongWordIsCut()
    {
        const QString said = reason(schemaOf(db::Dialect::PostgreSql, true, true), QString(500, u'-'));
        QVERIFY(said.contains(QString(40, u'-') + QStringLiteral("…'")));
        QVERIFY(said.size() < 200);
    }
    void aTimeoutOfASearchIsKnown()
    {
        const Error error = searchTimeout(QStringLiteral("why."));
        QVERIFY(isSearchTimeout(error));
        QVERIFY(error.message.endsWith(u": why."));
        QVERIFY(!isSearchTimeout(makeError(ErrorCode::Timeout, QStringLiteral("busy"), QStringLiteral("DATABASE_POOL_TIMEOUT"))));
        QVERIFY(!isSearchTimeout(makeError(ErrorCode::InvalidArgument, QStringLiteral("bad"), QStringLiteral("search"))));
    }
};

QTEST_GUILESS_MAIN(TestSearchScan)
#include "tst_search_scan.moc"

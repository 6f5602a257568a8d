// SPDX-License-Identifier: GPL-3.0-or-later
#include "page_parameters.h"

#include "query_string.h"

#include <QTest>

using namespace a360;
using namespace a360::rest;

namespace {

Result<PageParameters> parse(const QByteArray &query)
{
    return PageParameters::parse(parseQueryString(query), {100, 1000});
}

} // namespace

class TestPageParameters : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void queryStringsDecode()
    {
        const contacts::Parameters pairs = parseQueryString("a=1&a=2&b=x+y%20z&c&&=v&d=%C3%BC%26&e=1=2");
        const contacts::Parameters expected{{QStringLiteral("a"), QStringLiteral("1")},
                                            {QStringLiteral("a"), QStringLiteral("2")},
                                            {QStringLiteral("b"), QStringLiteral("x y z")},
                                            {QStringLiteral("c"), QString()},
                                            {QString(), QStringLiteral("v")},
                                            {QStringLiteral("d"), QStringLiteral("ü&")},
                                            {QStringLiteral("e"), QStringLiteral("1=2")}};
        QCOMPARE(pairs, expected);
        QCOMPARE(lastValue(pairs, u"a"), QStringLiteral("2"));
        QVERIFY(lastValue(pairs, u"missing").isNull());
        QVERIFY(!lastValue(pairs, u"c").isNull());
    }

    void linksKeepOtherParametersAsTheyWere()
    {
        QCOMPARE(replaceInQuery("title=a%20b&offset=5&title=c+d&lim%69t=9&x", {"offset", "limit"}, {{"cursor", "a/b="}}),
                 "title=a%20b&title=c+d&x&cursor=a%2Fb%3D");
        QCOMPARE(replaceInQuery("", {"offset"}, {{"limit", "1"}}), "limit=1");
    }

    void limitsAndOffsets()
    {
        QCOMPARE(parse("")->limit, 100);
        QCOMPARE(parse("page_size=20")->limit, 20);
        QCOMPARE(parse("limit=30&page_size=20")->limit, 30);
        QCOMPARE(parse("limit=5000")->limit, 1000);
        QCOMPARE(parse("page=3&limit=50")->offset, 100);
        QCOMPARE(parse("page=3&offset=7")->offset, 7);
        QVERIFY(!parse("")->offsetGiven);
        QVERIFY(parse("offset=0")->offsetGiven);
        QVERIFY(parse("page=1")->offsetGiven);
        QVERIFY(!parse("page=1&cursor=x")->offsetGiven);
        QVERIFY(parse("view=simple")->simple);
        QCOMPARE(parse("count_mode=estimated")->count, std::optional(contacts::CountMode::Estimated));
        QVERIFY(!parse("count_mode=none")->count);
    }

    void adviceIsForWhatIsSlow()
    {
        QVERIFY(parse("limit=500&offset=999")->advice.recommendation.isEmpty());
        QVERIFY(parse("offset=1000")->advice.useCursor);
        QVERIFY(!parse("offset=1000")->advice.recommendation.isEmpty());
        QVERIFY(!parse("page=11")->advice.recommendation.isEmpty());
        QVERIFY(!parse("limit=501")->advice.recommendation.isEmpty());
        QVERIFY(!parse("limit=501")->advice.useCursor);
        // Whoever has a cursor is not told to use one, whatever offset stands beside it.
        QVERIFY(parse("cursor=bz0yMDAw&offset=5000")->advice.recommendation.isEmpty());
        QVERIFY(parse("cursor=eyJ2IjoxfQ&offset=5000")->advice.recommendation.isEmpty());
    }

    void badNumbersAreNamed_data()
    {
        QTest::addColumn<QByteArray>("query");
        QTest::addColumn<QString>("field");
        for (const char *field : {"limit", "page_size", "page"}) {
            for (const char *value : {"0", "-1", "x", "1.5", "99999999999999999999"})
                QTest::addRow("%s=%s", field, value) << QByteArray(field) + '=' + value << QString::fromLatin1(field);
        }
        QTest::newRow("offset") << QByteArray("offset=-1") << QStringLiteral("offset");
        QTest::newRow("far offset") << QByteArray("offset=9000000000000000000") << QStringLiteral("offset");
        QTest::newRow("far page") << QByteArray("page=9000000000000000000") << QStringLiteral("offset");
        QTest::newRow("count_mode") << QByteArray("count_mode=guess") << QStringLiteral("count_mode");
    }
    void badNumbersAreNamed()
    {
        QFETCH(QByteArray, query);
        QFETCH(QString, field);
        const Result<PageParameters> page = parse(query);
        QVERIFY(!page.ok());
        QCOMPARE(page.error().code, ErrorCode::UnusableInput);
        QCOMPARE(page.error().field, field);
    }
};

QTEST_GUILESS_MAIN(TestPageParameters)
#include "tst_page_parameters.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache/cache_key.h"

#include <QTest>
#include <QUrl>

using namespace a360::cache;

class TestCacheKey : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void holdsTheVectors();
    void writesJsonLikePython_data();
    void writesJsonLikePython();
    void dependsOnEveryPart();
    void carriesEpochsOnRequest();
};

void TestCacheKey::holdsTheVectors()
{
    QCOMPARE(makeKey("user", {{}, {{QStringLiteral("user_id"), 7}}}), QByteArray("query_cache:user:61cdfbff454bbcde52a743a07aaaeee2"));
    const QVariantMap kwargs{{QStringLiteral("filters"), QVariantMap{{QStringLiteral("distinct"), false}}}, {QStringLiteral("limit"), 100}, {QStringLiteral("offset"), 0}, {QStringLiteral("use_cursor"), false}};
    QCOMPARE(makeKey("contacts:list", {{}, kwargs}),
             QByteArray("query_cache:contacts:list:48aa6ed34e9351eef1cde0e5397d8f5d"));
}

void TestCacheKey::writesJsonLikePython_data()
{
    QTest::addColumn<QVariant>("value");
    QTest::addColumn<QByteArray>("expected"); // from json.dumps(value, sort_keys=True, default=str)
    QTest::newRow("null") << QVariant() << QByteArray("null");
    QTest::newRow("flags") << QVariant(QVariantList{true, false}) << QByteArray("[true, false]");
    QTest::newRow("integers") << QVariant(QVariantList{0, -7, 9'007'199'254'740'993LL}) << QByteArray("[0, -7, 9007199254740993]");
    QTest::newRow("doubles") << QVariant(QVariantList{1.0, 0.1, -2.5, 1e15, 1e16, 1.5e300, 0.0001, 0.00001, -0.0})
                             << QByteArray("[1.0, 0.1, -2.5, 1000000000000000.0, 1e+16, 1.5e+300, 0.0001, 1e-05, -0.0]");
    QTest::newRow("text") << QVariant(QString::fromUtf8("a\"\\/\n\t\x01 \x7f é €")) << QByteArray(R"("a\"\\/\n\t\u0001 \u007f \u00e9 \u20ac")");
    QTest::newRow("beyond the plane") << QVariant(QString::fromUtf8("\xF0\x9F\x98\x80")) << QByteArray(R"("\ud83d\ude00")");
    QTest::newRow("map") << QVariant(QVariantMap{{QStringLiteral("b"), 1}, {QStringLiteral("a"), QVariantMap{}}, {QStringLiteral("B"), QVariantList{}}}) << QByteArray(R"({"B": [], "a": {}, "b": 1})");
    // U+10000 sorts behind U+FFFD by code point, before it by UTF-16 unit.
    QTest::newRow("order of keys") << QVariant(QVariantMap{{QString::fromUtf8("\xF0\x90\x80\x80"), 1}, {QString::fromUtf8("\xEF\xBF\xBD"), 2}})
                                   << QByteArray(R"({"\ufffd": 2, "\ud800\udc00": 1})");
    QTest::newRow("texts") << QVariant(QStringList{QStringLiteral("x"), QStringLiteral("y")}) << QByteArray(R"(["x", "y"])");
    QTest::newRow("something else") << QVariant(QUrl(QStringLiteral("http://a/b"))) << QByteArray(R"("http://a/b")");
}

void TestCacheKey::writesJsonLikePython()
{
    QFETCH(QVariant, value);
    QFETCH(QByteArray, expected);
    QCOMPARE(pythonJson(value), expected);
}

void TestCacheKey::dependsOnEveryPart()
{
    const QByteArray key = makeKey("user", {{1}, {{QStringLiteral("a"), 2}}});
    QVERIFY(key != makeKey("users", {{1}, {{QStringLiteral("a"), 2}}}));
    QVERIFY(key != makeKey("user", {{2}, {{QStringLiteral("a"), 2}}}));
    QVERIFY(key != makeKey("user", {{1}, {{QStringLiteral("b"), 2}}}));
    QVERIFY(key != makeKey("user", {{1}, {{QStringLiteral("a"), QStringLiteral("2")}}}));
    QCOMPARE(hashArguments({{1}, {}}), hashArguments({{1}, {}}));
    QVERIFY(hashArguments({{1}, {}}) != hashArguments({{QStringLiteral("1")}, {}}));
}

void TestCacheKey::carriesEpochsOnRequest()
{
    const QByteArray key = makeKey("contacts:list", {{1}, {}});
    QVERIFY(!carriesEpochs(key));
    QVERIFY(carriesEpochs(keyAtEpochs(key, "ab12.3.4")));
    QVERIFY(keyAtEpochs(key, "ab12.3.4") != keyAtEpochs(key, "ab12.3.5"));
    QVERIFY(!carriesEpochs("other:thing"));
}

QTEST_GUILESS_MAIN(TestCacheKey)
#include "tst_cache_key.moc"

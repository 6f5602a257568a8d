// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache/glob.h"

#include <QTest>

using namespace a360::cache;

class TestGlob : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void matches_data();
    void matches();
    void escapedTextMatchesItselfOnly();
    void manyStarsStayCheap();
};

void TestGlob::matches_data()
{
    QTest::addColumn<QByteArray>("pattern");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("expected");
    const auto row = [](const char *pattern, const char *text, bool expected) {
        QTest::addRow("%s on %s", pattern, text) << QByteArray(pattern) << QByteArray(text) << expected;
    };
    row("query_cache:contacts:*", "query_cache:contacts:list:abc", true);
    row("query_cache:contacts:*", "query_cache:companies:list:abc", false);
    // What the old service did: drop the stars and look for a substring.
    row("contacts", "query_cache:contacts:list:abc", false);
    row("*contacts", "query_cache:contacts:list:abc", false);
    row("*contacts*", "query_cache:contacts:list:abc", true);
    row("a*c*e", "abcde", true);
    row("a*c*e", "abcdf", false);
    row("*", "", true);
    row("", "", true);
    row("", "a", false);
    row("?", "", false);
    row("a?c", "abc", true);
    row("a?c", "ac", false);
    row("[abc]x", "bx", true);
    row("[abc]x", "dx", false);
    row("[^abc]x", "dx", true);
    row("[^abc]x", "ax", false);
    row("[a-c]", "b", true);
    row("[c-a]", "b", true);
    row("[a-c]", "d", false);
    row("[a-]", "-", true);
    row("[]]", "]", true);
    row("[\\]]", "]", true);
    row("[abc", "[abc", true);
    row("[abc", "a", false);
    row("\\*", "*", true);
    row("\\*", "a", false);
    row("a\\", "a\\", true);
}

void TestGlob::matches()
{
    QFETCH(QByteArray, pattern);
    QFETCH(QByteArray, text);
    QFETCH(bool, expected);
    QCOMPARE(globMatches(pattern, text), expected);
}

void TestGlob::escapedTextMatchesItselfOnly()
{
    const QByteArray odd("a*b?[c]\\d^-");
    QVERIFY(globMatches(escapeGlob(odd), odd));
    QVERIFY(!globMatches(escapeGlob(odd), "aXbY[c]\\d^-"));
}

void TestGlob::manyStarsStayCheap()
{
    const QByteArray text(20'000, 'a');
    QVERIFY(!globMatches("*a*a*a*a*a*a*a*a*b", text)); // a backtracking matcher would not come back
}

QTEST_GUILESS_MAIN(TestGlob)
#include "tst_glob.moc"

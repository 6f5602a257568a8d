// SPDX-License-Identifier: GPL-3.0-or-later
#include "contacts/fts_phrase.h"
#include "contacts/postgres_folding.h"
#include "core/text.h"

#include <QTest>

using namespace a360;
using namespace a360::contacts;

namespace {

QByteArray joined(const std::vector<QByteArray> &patterns)
{
    QByteArray out;
    for (const QByteArray &pattern : patterns)
        out += (out.isEmpty() ? "" : " ") + pattern;
    return out;
}

} // namespace

class TestNeedles : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void decision15_postgresPatterns_data()
    {
        QTest::addColumn<QByteArray>("needle");
        QTest::addColumn<bool>("exact");
        QTest::addColumn<QByteArray>("candidates");
        QTest::addColumn<QByteArray>("wide");
        const auto row = [](const char *needle, bool exact, const char *candidates, const char *wide) {
            QTest::newRow(needle) << QByteArray(needle) << exact << QByteArray(candidates) << QByteArray(wide);
        };
        row("CEO", true, "%ceo%", "%ceo%");
        row("50%_\\", true, "%50\\%\\_\\\\%", "%50\\%\\_\\\\%");
        row("Kelvin", false, "%kelvin%", "%kelvin%"); // an i: the server's lower() also gives it for a dotted capital I
        row("sale", false, "%sale% %\u017Fale%", "%_ale%");
        row("boss", false, "%boss% %bo\u017F_% %bos\u017F%", "%bo__%");
        row("\u03B9", false, "%\u03B9% %\u0345% %\u1FBE%", "%_%");
        row("\u00C9t\u00E9", true, "%\u00E9t\u00E9%", "%\u00E9t\u00E9%");
        row("\u0130x", false, "%\u0130x%", "%\u0130x%");
    }
    void decision15_postgresPatterns()
    {
        QFETCH(QByteArray, needle);
        QFETCH(bool, exact);
        QFETCH(QByteArray, candidates);
        QFETCH(QByteArray, wide);
        const PostgresNeedle made = postgresNeedle(asView(needle), ServerLower::Unicode);
        QCOMPARE(made.exact, exact);
        QCOMPARE(joined(made.candidates), candidates);
        QCOMPARE(made.wideCandidate, wide);
    }
    void decision14_whatAPatternProves()
    {
        const auto proof = [](const char *text, ServerLower lower) { return postgresNeedle(text, lower).proof; };
        for (const char *sure : {"CEO", "Sale", "\u03C3\u03B1\u03C2", "\u00C9t\u00E9"})
            QCOMPARE(proof(sure, ServerLower::Unicode), PatternProof::All);
        QCOMPARE(proof("Engineer", ServerLower::Unicode), PatternProof::UnlessDottedI);
        QCOMPARE(proof("\u0130zmir", ServerLower::Unicode), PatternProof::Nothing);
        // An ASCII lower() knows no dotted I, and takes every other letter for itself.
        for (const char *sure : {"Engineer", "\u0130zmir", "K\u00F6ln"})
            QCOMPARE(proof(sure, ServerLower::AsciiOnly), PatternProof::All);
        QCOMPARE(postgresNeedle("Sales_", ServerLower::Unicode).pattern, QByteArray("%sales\\_%"));
    }
    void decision15_manyRareLettersStayFewPatterns()
    {
        const PostgresNeedle needle = postgresNeedle(std::string(200, 's'), ServerLower::Unicode);
        QVERIFY(needle.candidates.size() <= 12);
        QCOMPARE(needle.candidates.front().size(), qsizetype(202));
    }
    void decision15_asciiServersGetWildcards()
    {
        const PostgresNeedle plain = postgresNeedle("CEO_", ServerLower::AsciiOnly);
        QVERIFY(plain.exact);
        QCOMPARE(joined(plain.candidates), QByteArray("%ceo\\_%"));
        const PostgresNeedle wide = postgresNeedle("K\u00F6ln S", ServerLower::AsciiOnly);
        QVERIFY(!wide.exact);
        QCOMPARE(joined(wide.candidates), QByteArray("%__ln _%"));
    }

    void decision15_ftsPhrases_data()
    {
        QTest::addColumn<QByteArray>("needle");
        QTest::addColumn<QByteArray>("plain");
        QTest::addColumn<QByteArray>("json");
        const auto row = [](const char *needle, const char *plain, const char *json) {
            QTest::newRow(needle) << QByteArray(needle) << QByteArray(plain) << QByteArray(json);
        };
        row("Sales", "\"sales\"", "\"sales\"");
        row("ab", "", "");
        row("\u4E2D\u6587\u5B57", "\"\u4E2D\u6587\u5B57\"", "\"\u4E2D\u6587\u5B57\"");
        row("say \"hello\" now", "\"say \"\"hello\"\" now\"", "\"say \" AND \"hello\" AND \" now\"");
        row("C:\\dir", "\"c:\\dir\"", "\"dir\"");
        row("abc\u0432def", "\"abc\" AND \"def\"", "\"abc\" AND \"def\"");
        row("ab\u0432cd", "", "");
        row("* OR NEAR(a", "\"* or near(a\"", "\"* or near(a\"");
    }
    void decision15_ftsPhrases()
    {
        QFETCH(QByteArray, needle);
        QTEST(ftsPhrases(asView(needle), FtsContent::Plain), "plain");
        QTEST(ftsPhrases(asView(needle), FtsContent::Json), "json");
    }
};

QTEST_GUILESS_MAIN(TestNeedles)
#include "tst_needles.moc"

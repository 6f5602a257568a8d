// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text.h"

#include <QCryptographicHash>
#include <QTest>

using namespace a360;

namespace {

std::string utf8(std::u32string_view text)
{
    std::string out;
    for (const char32_t c : text)
        appendUtf8(out, c);
    return out;
}

} // namespace

class TestText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /// The digest was taken from the list of all simple foldings that Perl's Unicode::UCD (Unicode 14.0) gives.
    void decision14_foldingOfEveryCodePoint()
    {
        QByteArray list;
        int count = 0;
        for (char32_t c = 0; c <= 0x10FFFF; ++c) {
            const char32_t folded = foldCase(c);
            QVERIFY2(foldCase(folded) == folded, "folding twice must change nothing");
            if (folded == c)
                continue;
            list += QByteArray::number(static_cast<uint>(c), 16).toUpper() + '>' +
                    QByteArray::number(static_cast<uint>(folded), 16).toUpper() + '\n';
            ++count;
        }
        QCOMPARE(count, 1454);
        QCOMPARE(QCryptographicHash::hash(list, QCryptographicHash::Sha256).toHex(),
                 QByteArray("58659d364a55058b674475d9bf90a55ec3035af9fc55c0604ae4c5f1b746d01d"));
    }

    void decision14_charactersWithAFullFoldingFoldSimply_data()
    {
        QTest::addColumn<uint>("from");
        QTest::addColumn<uint>("to");
        QTest::newRow("capital sharp s") << 0x1E9Eu << 0xDFu;
        QTest::newRow("sharp s") << 0xDFu << 0xDFu;
        QTest::newRow("dotted capital I stays") << 0x130u << 0x130u;
        QTest::newRow("dotless i stays") << 0x131u << 0x131u;
        QTest::newRow("long s") << 0x17Fu << uint('s');
        QTest::newRow("kelvin") << 0x212Au << uint('k');
        QTest::newRow("final sigma") << 0x3C2u << 0x3C3u;
        QTest::newRow("micro sign") << 0xB5u << 0x3BCu;
        QTest::newRow("alpha with prosgegrammeni") << 0x1F88u << 0x1F80u;
        QTest::newRow("omega with prosgegrammeni") << 0x1FFCu << 0x1FF3u;
        QTest::newRow("ligature ffi stays") << 0xFB03u << 0xFB03u;
        QTest::newRow("Adlam") << 0x1E900u << 0x1E922u;
    }
    void decision14_charactersWithAFullFoldingFoldSimply()
    {
        QFETCH(uint, from);
        QFETCH(uint, to);
        QCOMPARE(static_cast<uint>(foldCase(static_cast<char32_t>(from))), to);
    }

    void foldsTextOfEveryLengthAndAlignment()
    {
        for (int length = 0; length < 40; ++length) {
            for (int at = -1; at < length; ++at) {
                std::u32string text, expected;
                for (int i = 0; i < length; ++i) {
                    const char32_t c = i == at ? U'\u023A' : static_cast<char32_t>(U'@' + (i * 7) % 60);
                    text += c;
                    expected += foldCase(c);
                }
                QCOMPARE(foldCase(utf8(text)), QByteArray::fromStdString(utf8(expected)));
            }
        }
    }
    void asciiBordersOfTheFastPath()
    {
        std::string all, expected;
        for (int c = 0; c < 128; ++c) {
            all += std::string(8, static_cast<char>(c));
            expected += std::string(8, static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c));
        }
        QCOMPARE(foldCase(all), QByteArray::fromStdString(expected));
    }
    void invalidBytesPassThrough()
    {
        const QByteArray text("A\xFF\xC3(\xED\xA0\x80\xF0\x9F\x98\xC0\x80Z");
        QCOMPARE(foldCase(asView(text)), QByteArray("a\xFF\xC3(\xED\xA0\x80\xF0\x9F\x98\xC0\x80z"));
    }

    void containsFoldsTheHaystack()
    {
        QVERIFY(containsFolded("Vice PRESIDENT of Sales", "president"));
        QVERIFY(containsFolded(utf8(U"STRA\u1E9EE"), utf8(U"stra\u00DFe")));
        QVERIFY(containsFolded(utf8(U"\u212Aelvin"), "kelvin"));
        QVERIFY(containsFolded("anything", ""));
        QVERIFY(!containsFolded("ab", "abc"));
        QVERIFY(!containsFolded(utf8(U"\u0130"), "i"));
    }

    void trimsUnicodeSpace()
    {
        QCOMPARE(trimmed("  a b\t\r\n"), std::string_view("a b"));
        QCOMPARE(trimmed(utf8(U"\uFEFF\u00A0\u2003x\u3000\u2028")), std::string_view("x"));
        QCOMPARE(trimmed(std::string_view("\0\0 ", 3)), std::string_view());
        QCOMPARE(trimmed(utf8(U"\u200Bx")), utf8(U"\u200Bx")); // zero width space is no white space in Unicode
        QCOMPARE(trimmed("a\x80"), std::string_view("a\x80"));
        QCOMPARE(trimmed("\xE2\x80 \xE2\x80"), std::string_view("\xE2\x80 \xE2\x80"));
        QCOMPARE(trimmed(utf8(U"\u00E9")), utf8(U"\u00E9"));
    }

    void validatesUtf8_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<bool>("valid");
        QTest::newRow("empty") << QByteArray() << true;
        QTest::newRow("ascii") << QByteArray("plain text, long enough") << true;
        QTest::newRow("two bytes at the end of a block") << QByteArray("1234567\xC3\xA9") << true;
        QTest::newRow("cut sequence") << QByteArray("1234567\xC3") << false;
        QTest::newRow("overlong two") << QByteArray("\xC0\x80") << false;
        QTest::newRow("overlong three") << QByteArray("\xE0\x9F\xBF") << false;
        QTest::newRow("first of three") << QByteArray("\xE0\xA0\x80") << true;
        QTest::newRow("surrogate") << QByteArray("\xED\xA0\x80") << false;
        QTest::newRow("noncharacter") << QByteArray("\xEF\xBF\xBF") << true;
        QTest::newRow("overlong four") << QByteArray("\xF0\x8F\xBF\xBF") << false;
        QTest::newRow("last") << QByteArray("\xF4\x8F\xBF\xBF") << true;
        QTest::newRow("beyond the last") << QByteArray("\xF4\x90\x80\x80") << false;
        QTest::newRow("lone continuation") << QByteArray("\x80") << false;
    }
    void validatesUtf8()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(bool, valid);
        QCOMPARE(isValidUtf8(asView(bytes)), valid);
    }

    void splitsAndSortsWords()
    {
        const std::vector<std::string_view> expected{"of", "VP", "Sales"};
        const std::string text = utf8(U"\u00A0of  VP\tSales\n");
        QVERIFY(words(text) == expected);
        QVERIFY(words(" \t ").empty());
        QCOMPARE(sortedWords("VP  of Sales"), QByteArray("of sales vp"));
        QCOMPARE(sortedWords(""), QByteArray());
    }

    void findsTheDomain_data()
    {
        QTest::addColumn<QByteArray>("website");
        QTest::addColumn<QByteArray>("domain");
        QTest::newRow("plain") << QByteArray("Northwind.example") << QByteArray("northwind.example");
        QTest::newRow("full") << QByteArray(" https://user:x@WWW.Northwind.example:8080/a?b#c ")
                              << QByteArray("northwind.example");
        QTest::newRow("query only") << QByteArray("northwind.example?x=http://other") << QByteArray("other");
        QTest::newRow("trailing dot") << QByteArray("http://northwind.example./") << QByteArray("northwind.example");
        QTest::newRow("placeholder") << QByteArray("_") << QByteArray();
        QTest::newRow("empty") << QByteArray("http:///x") << QByteArray();
    }
    void findsTheDomain()
    {
        QFETCH(QByteArray, website);
        QFETCH(QByteArray, domain);
        QCOMPARE(webDomain(asView(website)), domain);
    }

    void codePointsRoundTrip()
    {
        for (char32_t c = 0; c <= 0x10FFFF; c += c < 0x11000 ? 1 : 257) {
            if (c >= 0xD800 && c <= 0xDFFF)
                continue;
            const std::string bytes = utf8(std::u32string_view(&c, 1));
            std::string_view rest = bytes;
            QCOMPARE(static_cast<uint>(takeCodePoint(rest)), static_cast<uint>(c));
            QVERIFY(rest.empty());
        }
    }
};

QTEST_GUILESS_MAIN(TestText)
#include "tst_text.moc"

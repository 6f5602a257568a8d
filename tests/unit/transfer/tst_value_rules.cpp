// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text.h"
#include "db/cell.h"
#include "transfer/json_text.h"
#include "transfer/value_rules.h"

#include <QTest>
#include <QUuid>

#include <limits>
#include <random>

using namespace a360;
using namespace a360::transfer;

namespace {

QByteArrayList elements(const std::string &listCell)
{
    QByteArrayList list;
    const db::Cell cell{listCell.data(), static_cast<qint32>(listCell.size())};
    for (db::TextListReader r(cell); r.next();)
        list.append(QByteArray(r.element().data(), static_cast<qsizetype>(r.element().size())));
    return list;
}

QByteArray bytes(std::string_view text)
{
    return {text.data(), static_cast<qsizetype>(text.size())};
}

} // namespace

class TestValueRules : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void decision10_textIsTrimmedAndGuardApostropheGoes_data()
    {
        QTest::addColumn<QByteArray>("cell");
        QTest::addColumn<QByteArray>("text");
        const auto row = [](const char *cell, const char *text) {
            QTest::newRow(QByteArray("[" + QByteArray(cell).toPercentEncoding() + "]").constData()) << QByteArray(cell) << QByteArray(text);
        };
        row("", "");
        row("  ", "");
        row("_", "");
        row(" _ ", "");
        row("__", "__");
        row("a_", "a_");
        row(" Ada\t", "Ada");
        row("\xC2\xA0Zo\xC3\xAB\xE3\x80\x80", "Zo\xC3\xAB");
        row("'+1 555-0100", "+1 555-0100");
        row("'=1+1", "=1+1");
        row("'-x", "-x");
        row("'@home", "@home");
        row("'\tx", "\tx");
        row("'\nx", "\nx");
        row("''=x", "'=x");
        row("'''+", "''+");
        row("'", "'");
        row("''", "''");
        row("'Quoted'", "'Quoted'");
        row("O'Brien", "O'Brien");
        row("'t Hooft", "'t Hooft");
        row("+1 555", "+1 555");
        row("e\xCC\x81", "e\xCC\x81"); // not composed: text is never normalised
    }
    void decision10_textIsTrimmedAndGuardApostropheGoes()
    {
        QFETCH(QByteArray, cell);
        QFETCH(QByteArray, text);
        QCOMPARE(bytes(normaliseText(asView(cell))), text);
    }
    void aGuardedExportComesBackUnchanged()
    {
        // Every text over the characters that matter, up to five long, as long as it survives trimming at all.
        const std::string alphabet = "'=+-@\t\n a_";
        std::vector<std::string> texts{""};
        for (size_t from = 0, length = 0; length < 4; ++length) {
            const size_t to = texts.size();
            for (; from < to; ++from) {
                for (const char c : alphabet)
                    texts.push_back(texts[from] + c);
            }
        }
        int guarded = 0;
        for (const std::string &text : texts) {
            if (text.empty() || text == "_" || trimmed(text) != text)
                continue;
            std::string cell = text;
            if (needsGuard(text)) {
                cell.insert(cell.begin(), '\'');
                ++guarded;
            }
            QCOMPARE(bytes(normaliseText(cell)), bytes(text));
        }
        QVERIFY(guarded > 1000);
    }

    void decision7_numbers_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("valid");
        QTest::addColumn<qint64>("value");
        const auto is = [](const char *text, qint64 value) { QTest::addRow("%s", text) << QByteArray(text) << true << value; };
        const auto none = [](const char *text) { QTest::addRow("none: %s", text) << QByteArray(text) << false << qint64{0}; };
        is("0", 0);
        is("120", 120);
        is("120.0", 120);
        is("42000.99", 42000);
        is(" 17 ", 17);
        is("1,234", 1234);
        is("12,345,678.9", 12345678);
        is("$1,500", 1500);
        is("$9.5M", 9500000);
        is("9.5m", 9500000);
        is("1k", 1000);
        is("1.2345K", 1234);
        is("2B", 2000000000);
        is("0.123456789B", 123456789);
        is("0.1234567899B", 123456789);
        is("4.35M", 4350000); // 4349999.99 in binary floating point
        is("1,000K", 1000000);
        is("007", 7);
        is("9223372036854775807", std::numeric_limits<qint64>::max());
        is("9223372036854775807.9", std::numeric_limits<qint64>::max());
        none("9223372036854775808");
        none("9223372036854776K");
        none("99999999999B");
        none("");
        none(" ");
        none("-5");
        none("+5");
        none("1k+");
        none("10-50");
        none("n/a");
        none("unknown");
        none("twelve");
        none("1e5");
        none(".5");
        none("5.");
        none("$");
        none("$ 5");
        none("5 K");
        none("5$");
        none("1,23");
        none("1234,567");
        none(",123");
        none("1,,234");
        none("1,234,");
        none("1.2.3");
        none("1.5,000");
        none("5KM");
        none("0x10");
        none("\xD9\xA1");
    }
    void decision7_numbers()
    {
        QFETCH(QByteArray, text);
        QFETCH(bool, valid);
        QFETCH(qint64, value);
        const auto number = parseNumber(asView(text));
        QCOMPARE(number.has_value(), valid);
        if (valid)
            QCOMPARE(*number, value);
    }

    void decision7_timestamps_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("valid");
        QTest::addColumn<qint64>("value");
        const auto is = [](const char *text, qint64 value) { QTest::addRow("%s", text) << QByteArray(text) << true << value; };
        const auto none = [](const char *text) { QTest::addRow("none: %s", text) << QByteArray(text) << false << qint64{0}; };
        constexpr qint64 second = 1'000'000, day = 86400 * second;
        is("1970-01-01", 0);
        is("1970-01-02", day);
        is("1969-12-31T23:59:59.999999", -1);
        is("2025-11-08T16:26:20.987054", 1762619180987054);
        is("2025-11-08 16:26:20.987054", 1762619180987054);
        is("2025-11-08T16:26:20.9870549999", 1762619180987054);
        is("2025-11-08T16:26:20.987054Z", 1762619180987054);
        is("2025-11-08T17:26:20.987054+01:00", 1762619180987054);
        is("2025-11-08T11:56:20.987054-0430", 1762619180987054);
        is("2025-11-08 16:26:20.987054+00", 1762619180987054);
        is("1970-01-01T00:01", 60 * second);
        is("1970-01-01T00:00:00.5", second / 2);
        is("2024-02-29", 19782 * day);
        is("2000-02-29", 11016 * day);
        is("0001-01-01", -719162 * day);
        is("9999-12-31T23:59:59.999999", 253402300799999999);
        is("0001-01-01T14:00:00+14:00", -719162 * day);
        is("9999-12-31T23:59:59.999999+00", 253402300799999999);
        none("12345-01-01"); // neither SQLite's stored form nor the existing service has years of five digits
        none("294276-12-31");
        none("0001-01-01T13:59:59+14:00");
        none("9999-12-31T23:59:59-00:01");
        none("infinity");
        none("");
        none("today");
        none("2023-02-29");
        none("1900-02-29");
        none("2024-04-31");
        none("2024-13-01");
        none("2024-00-10");
        none("2024-01-00");
        none("0000-01-01");
        none("2024-1-1");
        none("20240101");
        none("24-01-01");
        none("2024-01-01T24:00:00");
        none("2024-01-01T12:60:00");
        none("2024-01-01T12:00:60");
        none("2024-01-01T12:00:00.");
        none("2024-01-01T12");
        none("2024-01-01X12:00:00");
        none("2024-01-01T12:00:00+25:00");
        none("2024-01-01T12:00:00+1");
        none("2024-01-01T12:00:00 UTC");
        none("2024-01-01T12:00:00Zjunk");
        none("01/02/2024");
        none("2024");
        none("2024-03");
    }
    void decision7_timestamps()
    {
        QFETCH(QByteArray, text);
        QFETCH(bool, valid);
        QFETCH(qint64, value);
        const auto time = parseTimestamp(asView(text));
        QCOMPARE(time.has_value(), valid);
        if (valid)
            QCOMPARE(*time, value);
    }
    void decision2_writtenTimesAreReadBack()
    {
        std::mt19937_64 random(1);
        std::uniform_int_distribution<qint64> any(-62'135'596'800'000'000, 253'402'300'799'999'999);
        for (int i = 0; i < 10000; ++i) {
            const qint64 time = i % 3 ? any(random) : any(random) / 1'000'000 * 1'000'000;
            std::string text;
            appendTimestamp(text, time);
            QCOMPARE(parseTimestamp(text).value_or(-1), time);
        }
    }
    void datesOfFundingRounds()
    {
        for (const char *text : {"2024", "2024-03", "2024-02-01", "2022-03-01T00:00:00+00:00", " 2024-03 "})
            QVERIFY2(isDate(text), text);
        for (const char *text : {"", "202", "202403", "20240301", "2024-13", "2024-02-30", "March 2024", "2024-3", "0000"})
            QVERIFY2(!isDate(text), text);
    }

    void decision7_emails()
    {
        for (const char *text : {"a@b.co", "ada.quill@northwind.example", "x+y@a.b.c", "ü@bücher.example", "'a'@b.co"})
            QVERIFY2(isEmail(text), text);
        for (const char *text : {"", "a", "not-an-email", "a@@b.com", "a@b@c.com", "@nolocal.com", "spaces in@mail.com",
                                 "nodomain@", "x@y", "a@b.", "a@.b", "a@b..c", "a@b.c ", "a\xC2\xA0@b.c", "a@b\t.c"})
            QVERIFY2(!isEmail(text), text);
    }

    void listsAreSplitTrimmedAndFreeOfRepeats()
    {
        std::string list;
        appendList(" water, b2b ,,Water,  , pumps,B2B,\xC3\x84pfel,\xC3\xA4PFEL ", list);
        QCOMPARE(elements(list), (QByteArrayList{"water", "b2b", "pumps", "\xC3\x84pfel"}));
        appendList("pumps,new,PUMPS", list);
        QCOMPARE(elements(list), (QByteArrayList{"water", "b2b", "pumps", "\xC3\x84pfel", "new"}));
        std::string none;
        appendList(" , ,", none);
        QVERIFY(none.empty());
        appendList("", none);
        QVERIFY(none.empty());
    }

    void decision1_keysAreTheContractsVectors()
    {
        // Contract §5.4, "/" as the end of a part is for reading only.
        const std::string company = uuid5Url("Northwind Pumps"
                                             "http://www.linkedin.com/company/northwind-pumps"
                                             "Northwind");
        QCOMPARE(company, std::string("c52f0382-f12e-50b5-b961-43727709222d"));
        QCOMPARE(uuid5Url("Ada" "Quill" "ada.quill@northwind.example" + company),
                 std::string("b3da0dd4-4c61-5814-aa0b-98b562ca1060"));
        QCOMPARE(uuid5Url(""), std::string("1b4db7eb-4057-5ddf-91e0-36dec72071f5"));
    }
    void keysAreVersion5Uuids()
    {
        const QUuid urlNamespace("{6ba7b811-9dad-11d1-80b4-00c04fd430c8}");
        for (int i = 0; i < 500; ++i) {
            const QByteArray name = QByteArray("\xC3\xA9x").repeated(i) + QByteArray::number(i);
            QCOMPARE(QString::fromStdString(uuid5Url(asView(name))),
                     QUuid::createUuidV5(urlNamespace, name).toString(QUuid::WithoutBraces));
        }
    }
};

QTEST_GUILESS_MAIN(TestValueRules)
#include "tst_value_rules.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/csv_format.h"
#include "transfer/encoding_detection.h"
#include "transfer_support.h"

#include <random>

using namespace a360;
using namespace a360::transfer;
using namespace a360::transfer::test;

namespace {

Result<CsvFormat> sniff(const QByteArray &bytes, const CsvOverrides &overrides = {}, bool wholeFile = true)
{
    Folder folder;
    A360_TRY_ASSIGN(const auto file, InputFile::open(folder.write(QStringLiteral("f.csv"), bytes)));
    return sniffCsv(*file, overrides, wholeFile);
}

CsvFormat format(const QByteArray &bytes, const CsvOverrides &overrides = {}, bool wholeFile = true)
{
    auto result = sniff(bytes, overrides, wholeFile);
    if (!result.ok()) {
        QTest::qFail(qPrintable(result.error().message), __FILE__, __LINE__);
        return {};
    }
    return std::move(result).value();
}

Error refusal(const QByteArray &bytes, const CsvOverrides &overrides = {})
{
    auto result = sniff(bytes, overrides);
    if (result.ok()) {
        QTest::qFail("the file was taken", __FILE__, __LINE__);
        return {};
    }
    return std::move(result).error();
}

/// The rule of decision 9 as Python's decoder counts: one invalid for each U+FFFD it would put.
std::pair<qint64, qint64> slowCensus(const QByteArray &bytes)
{
    qint64 valid = 0, invalid = 0;
    const auto at = [&](qsizetype i) { return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0u; };
    for (qsizetype i = 0; i < bytes.size();) {
        const unsigned lead = at(i);
        if (lead < 0x80) {
            ++i;
            continue;
        }
        int length = lead >= 0xF0 && lead <= 0xF4 ? 4 : lead >= 0xE0 && lead <= 0xEF ? 3 : lead >= 0xC2 && lead <= 0xDF ? 2 : 0;
        if (length == 0) {
            ++invalid;
            ++i;
            continue;
        }
        unsigned low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
        unsigned high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
        qsizetype k = i + 1;
        for (; k < i + length && at(k) >= low && at(k) <= high; ++k) {
            low = 0x80;
            high = 0xBF;
        }
        ++(k == i + length ? valid : invalid);
        i = k;
    }
    return {valid, invalid};
}

} // namespace

class TestCsvFormat : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void plainFile()
    {
        const CsvFormat f = format("first_name,email\nAda,a@b.co\n");
        QCOMPARE(f.encoding, Encoding::Utf8);
        QCOMPARE(f.delimiter, ',');
        QCOMPARE(f.quote, '"');
        QCOMPARE(f.newline, Newline::Lf);
        QVERIFY(!f.byteOrderMark);
        QCOMPARE(f.headerOffset, 0);
        QCOMPARE(f.headerLine, 1);
        QCOMPARE(f.header, (QStringList{QStringLiteral("first_name"), QStringLiteral("email")}));
        QCOMPARE(f.firstRowOffset, 17);
        QCOMPARE(f.firstRowLine, 2);
    }

    void decision9_byteOrderMarkDecides()
    {
        const CsvFormat utf8 = format("\xEF\xBB\xBF" "a,b\n\xE9,\xE9\n");
        QCOMPARE(utf8.encoding, Encoding::Utf8); // in spite of the bytes
        QVERIFY(utf8.byteOrderMark);
        QCOMPARE(utf8.headerOffset, 3);
        QCOMPARE(utf8.firstRowOffset, 7);
        QCOMPARE(utf8.header.first(), QStringLiteral("a"));
        for (const bool big : {false, true}) {
            const QByteArray bytes =
                QByteArray(big ? "\xFE\xFF" : "\xFF\xFE") + utf16(QStringLiteral("Zoë;伟\r\nx;y\r\n"), big);
            const CsvFormat f = format(bytes);
            QCOMPARE(f.encoding, big ? Encoding::Utf16Be : Encoding::Utf16Le);
            QVERIFY(f.byteOrderMark);
            QCOMPARE(f.delimiter, ';');
            QCOMPARE(f.newline, Newline::CrLf);
            QCOMPARE(f.header, (QStringList{QStringLiteral("Zoë"), QStringLiteral("伟")}));
            QCOMPARE(f.headerOffset, 2);
            QCOMPARE(f.firstRowOffset, 2 + 2 * 7);
        }
    }
    void decision9_withoutMarkTheMajorityDecides()
    {
        QCOMPARE(format("a,b\nplain,ascii\n").encoding, Encoding::Utf8);
        QCOMPARE(format("a,b\nZo\xC3\xAB,x\n").encoding, Encoding::Utf8);
        QCOMPARE(format("a,b\nZo\xEB,x\n").encoding, Encoding::Windows1252);
        QCOMPARE(format("a,b\nZo\xEB,Zo\xC3\xAB\n").encoding, Encoding::Utf8);              // as many valid as invalid
        QCOMPARE(format("a,b\nZo\xEB,Zo\xC3\xAB,\xE9\n").encoding, Encoding::Windows1252);
        QCOMPARE(format("Pr\xE9nom,b\nx,y\n").header.first(), QStringLiteral("Prénom"));
    }
    void decision9_theWholeFileVotes()
    {
        QByteArray bytes = "a,b\nZo\xEB,x\n"; // invalid first …
        bytes += QByteArray("plain,text\n").repeated(500000);
        bytes += "Zo\xC3\xAB,\xC3\xA9\n"; // … outvoted beyond the first 4 MiB
        QVERIFY(bytes.size() > 5 * 1024 * 1024);
        QCOMPARE(format(bytes).encoding, Encoding::Utf8);
        QCOMPARE(format(bytes, {}, false).encoding, Encoding::Windows1252); // a preview sees the start only
    }
    void decision9_overrideWins()
    {
        CsvOverrides latin;
        latin.encoding = Encoding::Latin1;
        QCOMPARE(format("a,b\nZo\xC3\xAB,x\n", latin).encoding, Encoding::Latin1);
        const CsvFormat marked = format("\xEF\xBB\xBF" "a,b\nc,d\n", latin);
        QCOMPARE(marked.encoding, Encoding::Latin1);
        QCOMPARE(marked.header.first(), QStringLiteral("a"));
        CsvOverrides utf16le;
        utf16le.encoding = Encoding::Utf16Le;
        const CsvFormat unmarked = format(utf16(QStringLiteral("a,b\nc,d\n"), false), utf16le);
        QCOMPARE(unmarked.header, (QStringList{QStringLiteral("a"), QStringLiteral("b")}));
        QVERIFY(!unmarked.byteOrderMark);
        QCOMPARE(unmarked.firstRowOffset, 8);
        // The mark knows better which half comes first.
        QCOMPARE(format("\xFE\xFF" + utf16(QStringLiteral("a,b\nc,d\n"), true), utf16le).encoding, Encoding::Utf16Be);
    }
    void theCensusIsThatOfASlowOneAtEveryCut()
    {
        std::mt19937 random(5);
        const QByteArrayList pieces = {"a", "plain ascii text, long", "\xC3\xA9", "\xE4\xBC\x9F", "\xF0\x9F\x98\x80", "\xFF",
                                       "\xE9", "\xC3", "\xE4\xBC", "\xF0\x9F", "\xED\xA0\x80", "\xC0\x80", "\xF4\x90\x80\x80",
                                       "\x80", "\xE0\x80"};
        for (int i = 0; i < 2000; ++i) {
            QByteArray bytes;
            for (int k = static_cast<int>(random() % 12); k >= 0; --k)
                bytes += pieces[static_cast<qsizetype>(random() % static_cast<unsigned>(pieces.size()))];
            const auto [valid, invalid] = slowCensus(bytes);
            Utf8Census census;
            for (qsizetype at = 0; at < bytes.size();) {
                const qsizetype n = std::min<qsizetype>(bytes.size() - at, 1 + static_cast<qsizetype>(random() % 9));
                census.add({bytes.constData() + at, static_cast<size_t>(n)});
                at += n;
            }
            census.finish();
            QVERIFY2(census.valid() == valid && census.invalid() == invalid, bytes.toPercentEncoding());
        }
    }

    void decision10_delimiters_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<char>("delimiter");
        QTest::addColumn<int>("columns");
        const auto row = [](const char *name, const char *bytes, char delimiter, int columns) {
            QTest::newRow(name) << QByteArray(bytes) << delimiter << columns;
        };
        row("comma", "a,b,c\n1,2,3\n", ',', 3);
        row("semicolon", "a;b;c\n1,5;2,5;3,5\n", ';', 3);
        row("tab", "a\tb\n1, x\t2\n", '\t', 2);
        row("pipe", "a|b|c\n1,0|2|3\n", '|', 3);
        row("one column", "email\nx@y.zz\n", ',', 1);
        row("one column with delimiters in cells", "name\nSmith, John\nDoe; Jane\n", ',', 1);
        row("quoted header with others inside", "\"a;b;c;d\",\"e\nf\",g\n1,2,3\n", ',', 3);
        row("names with commas", "Last, First;Email;Phone\nSmith, Ann;a@b.co;1\nDoe, Jo;c@d.co;2\n", ';', 3);
        row("lists in cells", "name,tags\nA,x;y;z\nB,p;q;r\nC,u;v;w\n", ',', 2);
        row("pipe in one header", "a|b,c,d\n1,2,3\n4,5,6\n", ',', 3);
        row("dirty rows", "a;b;c;d\n1;2\n1;2;3\n1;2;3;4\nx,y\n", ';', 4);
        row("multiline quoted cells", "a;b\n\"x,\ny,\nz\";1\n\"p,\nq\";2\n", ';', 2);
    }
    void decision10_delimiters()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(char, delimiter);
        QFETCH(int, columns);
        for (const char *newline : {"\n", "\r\n", "\r"}) {
            const CsvFormat f = format(QByteArray(bytes).replace("\n", newline));
            QCOMPARE(f.delimiter, delimiter);
            QCOMPARE(f.header.size(), columns);
        }
    }
    void decision10_newlines()
    {
        QCOMPARE(format("a,b\n1,2\n").newline, Newline::Lf);
        QCOMPARE(format("a,b\r\n1,2\r\n").newline, Newline::CrLf);
        QCOMPARE(format("a,b\r1,2\r").newline, Newline::Cr);
        QCOMPARE(format("a,\"b\nc\"\r\n1,2\r\n").newline, Newline::CrLf); // not the one in the quotes
        const CsvFormat cr = format("a,\"b\rc\"\r1,2\r");
        QCOMPARE(cr.newline, Newline::Cr);
        QCOMPARE(cr.firstRowLine, 3);
    }
    void decision10_separatorHintIsNotData_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<char>("delimiter");
        QTest::newRow("semicolon") << QByteArray("sep=;\r\n") << ';';
        QTest::newRow("upper case, quoted") << QByteArray("\"SEP=,\"\n") << ',';
        QTest::newRow("tab") << QByteArray("sep=\t\n") << '\t';
        QTest::newRow("another") << QByteArray("sep=^\n") << '^';
        QTest::newRow("blank lines around") << QByteArray("\nsep=|\n\n") << '|';
    }
    void decision10_separatorHintIsNotData()
    {
        QFETCH(QByteArray, line);
        QFETCH(char, delimiter);
        const QByteArray header = QByteArray("a,b") + delimiter + "c;d\n";
        const CsvFormat f = format(line + header + "1" + delimiter + "2\n");
        QCOMPARE(f.delimiter, delimiter);
        QCOMPARE(f.headerOffset, line.size());
        QCOMPARE(f.headerLine, 1 + line.count('\n'));
        QCOMPARE(f.firstRowOffset, line.size() + header.size());
        QVERIFY(!f.header.join(QChar()).contains(QStringLiteral("sep=")));
        CsvOverrides pipe;
        pipe.delimiter = ':';
        QCOMPARE(format(line + "a:b\n1:2\n", pipe).delimiter, ':');
    }
    void decision10_headerIsTrimmedAndEmptyCellsAreNoDuplicates()
    {
        const CsvFormat f = format(" a , ,\"  b\n\",,\xC2\xA0\n1,2,3,4,5\n");
        QCOMPARE(f.header, (QStringList{QStringLiteral("a"), QString(), QStringLiteral("b"), QString(), QString()}));
        QCOMPARE(f.firstRowLine, 3);
    }
    void decision10_blankRecordsBeforeTheHeader()
    {
        const CsvFormat f = format("\r\n  \r\n\r\na,b\r\n\r\n1,2\r\n");
        QCOMPARE(f.headerLine, 4);
        QCOMPARE(f.headerOffset, 8);
        QCOMPARE(f.firstRowLine, 5);
        QCOMPARE(f.header.size(), 2);
    }
    void veryWideHeadersAreRefused()
    {
        QCOMPARE(format("a" + QByteArray(16'383, ',') + "\nx\n").header.size(), 16'384);
        const Error error = refusal("a" + QByteArray(16'384, ',') + "\nx\n");
        QCOMPARE(error.code, ErrorCode::UnusableInput);
        QVERIFY2(error.message.contains(QStringLiteral("16385 columns")), qPrintable(error.message));
    }
    void duplicateHeadersAreRefused()
    {
        const Error same = refusal("a,email,b,email\n1,2,3,4\n");
        QCOMPARE(same.code, ErrorCode::UnusableInput);
        QVERIFY(same.message.contains(QStringLiteral("\"email\"")));
        QVERIFY(same.message.contains(QStringLiteral("column 2")) && same.message.contains(QStringLiteral("column 4")));
        const Error trimmedSame = refusal("a, email ,email\n1,2,3\n");
        QVERIFY(trimmedSame.message.contains(QStringLiteral("column 2")));
        const Error folded = refusal("Email,x,EMAIL\n1,2,3\n");
        QVERIFY(folded.message.contains(QStringLiteral("\"Email\"")) && folded.message.contains(QStringLiteral("\"EMAIL\"")));
        QCOMPARE(refusal("Ärger,ärger\n1,2\n").code, ErrorCode::UnusableInput);
    }
    void decision8_unusableFiles()
    {
        const Error headerOnly = refusal("a,b\n");
        QCOMPARE(headerOnly.code, ErrorCode::UnusableInput);
        QVERIFY(headerOnly.message.contains(QStringLiteral("no data row")));
        QVERIFY(refusal("a,b").message.contains(QStringLiteral("no data row")));
        QVERIFY(refusal("a,b\n\n  \n\r\n").message.contains(QStringLiteral("no data row")));
        QVERIFY(refusal("\xEF\xBB\xBF").message.contains(QStringLiteral("no header")));
        QVERIFY(refusal("\n \n\n").message.contains(QStringLiteral("no header")));
        const Error open = refusal("a,\"b\n1,2\n3,4\n");
        QCOMPARE(open.code, ErrorCode::UnusableInput);
        QVERIFY(open.message.contains(QStringLiteral("never closed")));
    }
    void decision8_binaryFilesAreRefused()
    {
        const Error binary = refusal(QByteArray("a,b\n1,\0" "2\n", 9));
        QCOMPARE(binary.code, ErrorCode::UnusableInput);
        QVERIFY2(binary.message.contains(QStringLiteral("byte 6")), qPrintable(binary.message));
        QByteArray late = "a,b\n" + QByteArray("1,2\n").repeated(1500000);
        const qsizetype at = late.size() - 10;
        late[at] = '\0';
        QVERIFY(refusal(late).message.contains(QStringLiteral("byte %1 ").arg(at)));
        const Error utf16le = refusal(utf16(QStringLiteral("first,second,third\n1,2,3\n"), false));
        QVERIFY(utf16le.message.contains(QStringLiteral("utf-16le")));
        const Error utf16be = refusal(utf16(QStringLiteral("first,second,third\n1,2,3\n"), true));
        QVERIFY(utf16be.message.contains(QStringLiteral("utf-16be")));
        QVERIFY(refusal(QByteArray("PK\x03\x04\x14\0\x06\0", 8)).message.contains(QStringLiteral("ZIP")));
        QVERIFY(refusal(QByteArray("\xFF\xFE\0\0a\0\0\0", 8)).message.contains(QStringLiteral("UTF-32")));
    }
    void apostrophesAsQuotes()
    {
        const CsvFormat f = format("'a;b','c'\n'1,1','2'\n");
        QCOMPARE(f.quote, '\'');
        QCOMPARE(f.delimiter, ',');
        QCOMPARE(f.header, (QStringList{QStringLiteral("a;b"), QStringLiteral("c")}));
        QCOMPARE(format("'a,b\n1,2\n").quote, '"');
        QCOMPARE(format("'a',b\n1,2\n").quote, '"');
    }
    void overridesAreChecked()
    {
        CsvOverrides o;
        o.delimiter = '"';
        QCOMPARE(refusal("a,b\n1,2\n", o).field, QStringLiteral("delimiter"));
        o.delimiter = '\n';
        QCOMPARE(refusal("a,b\n1,2\n", o).code, ErrorCode::InvalidArgument);
        o.delimiter = ';';
        o.quote = '\r';
        QCOMPARE(refusal("a,b\n1,2\n", o).field, QStringLiteral("quote"));
        o.quote = '\'';
        const CsvFormat f = format("'a;b';c\n1;2\n", o);
        QCOMPARE(f.header, (QStringList{QStringLiteral("a;b"), QStringLiteral("c")}));
    }
    void cancelling()
    {
        Folder folder;
        const auto file = InputFile::open(folder.write(QStringLiteral("f.csv"), "a,b\n1,2\n"));
        QVERIFY(file.ok());
        CancelSource source;
        source.cancel();
        const auto result = sniffCsv(**file, {}, true, nullptr, source.token());
        QVERIFY(!result.ok());
        QCOMPARE(result.error().code, ErrorCode::Cancelled);
    }
    void encodingNames()
    {
        QCOMPARE(encodingByName(u"UTF-8"), Encoding::Utf8);
        QCOMPARE(encodingByName(u"cp1252"), Encoding::Windows1252);
        QCOMPARE(encodingByName(u"latin1"), Encoding::Latin1);
        QVERIFY(!encodingByName(u"ebcdic"));
        for (const Encoding e : {Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf16Be, Encoding::Windows1252, Encoding::Latin1})
            QCOMPARE(encodingByName(encodingName(e)), e);
    }
};

QTEST_GUILESS_MAIN(TestCsvFormat)
#include "tst_csv_format.moc"

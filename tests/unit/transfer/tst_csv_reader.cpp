// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/csv_reader.h"
#include "transfer_support.h"

#include <random>

using namespace a360;
using namespace a360::transfer;
using namespace a360::transfer::test;

namespace {

/// A record as read, or as it should be read.
struct Record
{
    QByteArrayList cells;
    qint64 row = 0, line = 0, offset = 0;
    QByteArray original;
    bool unterminated = false;
    bool operator==(const Record &) const = default;
};

QByteArray toText(const Record &r)
{
    return "row " + QByteArray::number(r.row) + " line " + QByteArray::number(r.line) + " offset " +
           QByteArray::number(r.offset) + (r.unterminated ? " open" : "") + " [" + r.cells.join('|') + "]";
}

CsvFormat plainFormat(Newline newline = Newline::Lf)
{
    CsvFormat format;
    format.newline = newline;
    format.firstRowLine = 1;
    return format;
}

Result<std::vector<Record>> readRecords(std::unique_ptr<ByteSource> source, const CsvFormat &format, bool lenient = false,
                                        ChunkSizes sizes = {})
{
    ChunkReader reader(std::move(source), format, lenient, sizes);
    std::vector<Record> records;
    for (;;) {
        RecordChunk chunk;
        A360_TRY_ASSIGN(const bool more, reader.next(chunk));
        if (!more)
            return records;
        RecordCursor cursor(chunk, format);
        qint64 rows = 0;
        while (cursor.next()) {
            Record r;
            for (const std::string_view cell : cursor.cells())
                r.cells.append(QByteArray(cell.data(), static_cast<qsizetype>(cell.size())));
            r.row = cursor.row();
            r.line = cursor.line();
            r.offset = cursor.offset();
            r.original = QByteArray(cursor.original().data(), static_cast<qsizetype>(cursor.original().size()));
            r.unterminated = cursor.unterminated();
            records.push_back(std::move(r));
            ++rows;
        }
        if (rows != chunk.rows)
            return makeError(ErrorCode::Internal, QStringLiteral("chunk says %1 rows, cursor %2").arg(chunk.rows).arg(rows));
    }
}

std::vector<Record> read(const QByteArray &bytes, const CsvFormat &format = plainFormat(), bool lenient = false,
                         ChunkSizes sizes = {})
{
    auto records = readRecords(wholeSource(bytes), format, lenient, sizes);
    if (!records.ok())
        qFatal("%s", qPrintable(records.error().message));
    return std::move(records).value();
}

std::vector<QByteArrayList> cellsOf(const QByteArray &bytes, const CsvFormat &format = plainFormat())
{
    std::vector<QByteArrayList> cells;
    for (const Record &r : read(bytes, format))
        cells.push_back(r.cells);
    return cells;
}

using Rows = std::vector<QByteArrayList>;

/// Random rows and the file they make, with the place of each record noted while writing.
struct Sample
{
    QByteArray bytes; // in UTF-8
    std::vector<Record> records;
};

Sample randomSample(std::mt19937 &random, char delimiter, Newline newline)
{
    const auto below = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
    const QByteArray newlineBytes = newline == Newline::Lf ? "\n" : newline == Newline::CrLf ? "\r\n" : "\r";
    const QByteArrayList pieces = {"a", "b ", "\"", "\"\"", QByteArray(1, delimiter), "\n", "\r\n", "\r", ",", ";", "\t", "|",
                                   "\xC3\xA9", "\xE4\xBC\x9F", "\xF0\x9F\x98\x80", "long text without an end", "'", " "};
    Sample sample;
    qint64 line = 1;
    const int rows = 1 + below(12);
    for (int i = 0; i < rows; ++i) {
        while (below(8) == 0) {
            sample.bytes += newlineBytes; // a blank record
            ++line;
        }
        Record r;
        r.row = i + 1;
        r.line = line;
        r.offset = sample.bytes.size();
        const int cells = 1 + below(5);
        QByteArray written;
        for (int c = 0; c < cells; ++c) {
            QByteArray cell;
            for (int k = below(5); k > 0; --k)
                cell += pieces[below(static_cast<int>(pieces.size()))];
            const bool mustQuote = cell.contains(delimiter) || cell.contains('\n') || cell.contains('\r') ||
                                   cell.startsWith('"') || (cells == 1 && cell.trimmed().isEmpty());
            if (c > 0)
                written += delimiter;
            written += mustQuote || below(4) == 0 ? '"' + QByteArray(cell).replace("\"", "\"\"") + '"' : cell;
            for (qsizetype at = 0; at < cell.size(); ++at) {
                const bool afterCr = at > 0 && cell[at - 1] == '\r';
                if (newline == Newline::Cr)
                    line += cell[at] == '\r' || (cell[at] == '\n' && !afterCr);
                else
                    line += cell[at] == '\n';
            }
            r.cells.append(cell);
        }
        // A record of spaces would be a blank one.
        const QByteArray visible = QByteArray(written).replace(' ', "").replace('\t', delimiter == '\t' ? "\t" : "");
        if (visible.isEmpty()) {
            written = "x";
            r.cells = {"x"};
        }
        r.original = written;
        sample.bytes += written;
        if (i + 1 < rows || below(3) > 0)
            sample.bytes += newlineBytes;
        ++line;
        sample.records.push_back(std::move(r));
    }
    return sample;
}

/// Reads as the header promises, one byte at a time: what the fast reader is held against.
std::vector<Record> slowRead(const QByteArray &bytes, const CsvFormat &format)
{
    std::vector<Record> records;
    const bool crLines = format.newline == Newline::Cr;
    const auto at = [&](qsizetype i) { return i < bytes.size() ? bytes[i] : '\0'; };
    const auto isNewline = [&](qsizetype i) { return i < bytes.size() && (at(i) == '\n' || at(i) == '\r'); };
    const auto behindNewline = [&](qsizetype i) {
        return isNewline(i) ? i + (at(i) == '\r' && at(i + 1) == '\n' ? 2 : 1) : i;
    };
    qint64 line = 1;
    for (qsizetype pos = 0; pos < bytes.size();) {
        Record r;
        r.row = static_cast<qint64>(records.size()) + 1;
        r.line = line;
        r.offset = pos;
        qsizetype p = pos, openedAt = 0;
        qint64 linesBefore = 0, lines = 0;
        for (;;) {
            QByteArray cell;
            if (at(p) == '"' && p < bytes.size()) {
                openedAt = p;
                linesBefore = lines;
                for (++p; p < bytes.size(); ++p) {
                    if (at(p) == '"' && at(p + 1) == '"')
                        ++p;
                    else if (at(p) == '"')
                        break;
                    lines += crLines ? at(p) == '\r' || (at(p) == '\n' && at(p - 1) != '\r') : at(p) == '\n';
                    cell += at(p);
                }
                r.unterminated = p >= bytes.size();
                if (r.unterminated)
                    break;
                ++p;
            }
            for (; p < bytes.size() && at(p) != format.delimiter && !isNewline(p); ++p)
                cell += at(p);
            r.cells.append(cell);
            if (p >= bytes.size() || at(p) != format.delimiter)
                break;
            ++p;
        }
        if (r.unterminated) {
            for (p = openedAt; p < bytes.size() && !isNewline(p); ++p) { }
            lines = linesBefore;
            r.cells.clear();
        }
        r.original = bytes.sliced(pos, p - pos);
        pos = behindNewline(p);
        line += lines + 1;
        if (!QByteArray(r.original).replace(' ', "").isEmpty())
            records.push_back(std::move(r));
    }
    return records;
}

void compare(const std::vector<Record> &actual, const std::vector<Record> &expected, const QByteArray &bytes)
{
    for (size_t i = 0; i < std::min(actual.size(), expected.size()); ++i) {
        if (!(actual[i] == expected[i]))
            QVERIFY2(false, "got " + toText(actual[i]) + "\nnot " + toText(expected[i]) + "\nin " + bytes.toPercentEncoding());
    }
    QVERIFY2(actual.size() == expected.size(), "number of records in " + bytes.toPercentEncoding());
}

} // namespace

class TestCsvReader : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void plainCells()
    {
        QCOMPARE(cellsOf("a,b\nc,d\n"), (Rows{{"a", "b"}, {"c", "d"}}));
        QCOMPARE(cellsOf("a,b\nc,d"), (Rows{{"a", "b"}, {"c", "d"}}));
        QCOMPARE(cellsOf("a,,\n,\n"), (Rows{{"a", "", ""}, {"", ""}}));
        QCOMPARE(cellsOf(""), Rows{});
        QCOMPARE(cellsOf("one"), (Rows{{"one"}}));
    }
    void quotedCells()
    {
        QCOMPARE(cellsOf("\"a,b\",\"c\nd\",\"e\"\"f\"\n"), (Rows{{"a,b", "c\nd", "e\"f"}}));
        QCOMPARE(cellsOf("\"\",\"\"\"\",\"\"\"\"\"\"\n"), (Rows{{"", "\"", "\"\""}}));
        QCOMPARE(cellsOf("\"\"\n"), (Rows{{""}}));
        QCOMPARE(cellsOf("\"a\""), (Rows{{"a"}}));
    }
    void quotesInMidCellAreText()
    {
        QCOMPARE(cellsOf("5\" pipe,say \"hi\",x\n1,2,3\n"), (Rows{{"5\" pipe", "say \"hi\"", "x"}, {"1", "2", "3"}}));
        QCOMPARE(cellsOf(" \"a,b\"\n"), (Rows{{" \"a", "b\""}})); // behind a space it is mid-cell, as in Python's csv
    }
    void textBehindAClosingQuoteIsKept()
    {
        QCOMPARE(cellsOf("\"a\"b,c\n"), (Rows{{"ab", "c"}}));
        QCOMPARE(cellsOf("\"a\" \"b\",c\n"), (Rows{{"a \"b\"", "c"}}));
        QCOMPARE(cellsOf("\"a\"\"b\"c\"d\",e\n"), (Rows{{"a\"bc\"d\"", "e"}}));
    }
    void decision10_newlinesInAnyMixture()
    {
        const auto records = read("a\r\nb\nc\rd\r\n\r\ne\r\rf");
        QCOMPARE(records.size(), size_t{6});
        const std::vector<std::array<qint64, 3>> places = {{1, 1, 0}, {2, 2, 3}, {3, 3, 5}, {4, 4, 7}, {5, 6, 12}, {6, 8, 15}};
        for (size_t i = 0; i < places.size(); ++i) {
            QCOMPARE(records[i].row, places[i][0]);
            QCOMPARE(records[i].line, places[i][1]);
            QCOMPARE(records[i].offset, places[i][2]);
        }
    }
    void decision10_blankRecordsAreSkippedButCountAsLines()
    {
        const auto records = read("\n  \n\t\na,b\n\n\nc\n  ");
        QCOMPARE(records.size(), size_t{2});
        QCOMPARE(records[0].row, 1);
        QCOMPARE(records[0].line, 4);
        QCOMPARE(records[0].offset, 6);
        QCOMPARE(records[1].row, 2);
        QCOMPARE(records[1].line, 7);
        CsvFormat tabs = plainFormat();
        tabs.delimiter = '\t';
        QCOMPARE(cellsOf("\t\n", tabs), (Rows{{"", ""}}));
    }
    void aRecordOfMillionsOfCellsKeepsOnlySome()
    {
        constexpr qsizetype many = 3'000'000;
        const qsizetype kept = RecordCursor::mostKept;
        const CsvFormat format = plainFormat();
        RecordChunk chunk;
        chunk.bytes = "a,\"b\"" + QByteArray(many - 2, ',') + "\nc," + QByteArray(kept - 1, ',') + "\"d, e\"\n" + "f"
            + QByteArray(kept - 1, ',') + "\ng,h\n";
        RecordCursor cursor(chunk, format);
        QVERIFY(cursor.next());
        QCOMPARE(cursor.cells().size(), size_t(kept));
        QCOMPARE(cursor.cells()[1], std::string_view("b"));
        QCOMPARE(cursor.cellCount(), size_t(many));
        QVERIFY(!cursor.surplusHoldsText());
        QCOMPARE(cursor.surplus(), std::string_view(QByteArray(many - kept - 1, ',').constData(), size_t(many - kept - 1)));
        QVERIFY(cursor.next());
        QCOMPARE(cursor.line(), 3);
        QCOMPARE(cursor.cellCount(), size_t(kept + 1));
        QVERIFY(cursor.surplusHoldsText());
        QCOMPARE(cursor.surplus(), std::string_view("\"d, e\""));
        QVERIFY(cursor.next());
        QCOMPARE(cursor.cellCount(), size_t(kept)); // just as many as are kept
        QVERIFY(cursor.surplus().empty());
        QVERIFY(cursor.next());
        QCOMPARE(cursor.cells().size(), size_t{2});
        QVERIFY(cursor.surplus().empty() && !cursor.surplusHoldsText());
        QVERIFY(!cursor.next());
    }
    void decision11_linesInsideQuotesCount()
    {
        const auto records = read("\"x\ny\",1\n\"p\r\nq\r\nr\",2\nz,3\n");
        QCOMPARE(records.size(), size_t{3});
        QCOMPARE(records[1].line, 3);
        QCOMPARE(records[2].line, 6);
        QCOMPARE(records[2].offset, 20);
        const auto crRecords = read("\"x\ry\",1\rz,3\r", plainFormat(Newline::Cr));
        QCOMPARE(crRecords.size(), size_t{2});
        QCOMPARE(crRecords[1].line, 3);
    }
    void originalIsTheRecordsOwnBytes()
    {
        const auto records = read("\"a\"\"\",b\r\nc\n");
        QCOMPARE(records[0].original, QByteArray("\"a\"\"\",b"));
        QCOMPARE(records[1].original, QByteArray("c"));
    }

    void unterminatedQuoteIsAnError()
    {
        CsvFormat format = plainFormat();
        format.firstRowLine = 2;
        format.firstRowOffset = 4;
        const auto result = readRecords(wholeSource("h,i\na,b\nc,\"d\ne,f\n"), format);
        QVERIFY(!result.ok());
        QCOMPARE(result.error().code, ErrorCode::UnusableInput);
        QVERIFY2(result.error().message.contains(QStringLiteral("line 3 (byte 10)")), qPrintable(result.error().message));
    }
    void unterminatedQuoteCostsOneLineWhenLenient()
    {
        const auto records = read("a,b\nc,\"d\r\ne,f\ng,h\n", plainFormat(), true);
        QCOMPARE(records.size(), size_t{4});
        QVERIFY(records[1].unterminated);
        QCOMPARE(records[1].original, QByteArray("c,\"d"));
        QCOMPARE(records[1].line, 2);
        QCOMPARE(records[2].cells, (QByteArrayList{"e", "f"}));
        QCOMPARE(records[2].line, 3);
        QCOMPARE(records[2].offset, 10);
        QCOMPARE(records[2].row, 3);
        QVERIFY(!records[3].unterminated);
    }
    void unterminatedQuoteBehindAMultilineCell()
    {
        const auto records = read("\"a\nb\",\"c\nd\n", plainFormat(), true);
        QCOMPARE(records.size(), size_t{2});
        QCOMPARE(records[0].original, QByteArray("\"a\nb\",\"c"));
        QVERIFY(records[0].unterminated);
        QCOMPARE(records[1].line, 3);
        QCOMPARE(records[1].cells, (QByteArrayList{"d"}));
    }
    void unterminatedQuoteAtTheVeryEnd()
    {
        for (const QByteArray &end : {QByteArray("\""), QByteArray("\"x"), QByteArray("\"x\n"), QByteArray("\"x\r\n")}) {
            const auto records = read("a\n" + end, plainFormat(), true);
            QCOMPARE(records.size(), size_t{2});
            QVERIFY(records[1].unterminated);
            QCOMPARE(records[1].original, end.trimmed());
        }
    }
    void tooLongQuotedRecordIsUnterminated()
    {
        QByteArray bytes = "a,\"open\n";
        for (int i = 0; i < 400; ++i)
            bytes += "row " + QByteArray::number(i) + ",x\n";
        const qint64 rows = 401;
        bytes += "z,\"closes here\"\n";
        const ChunkSizes sizes{256, 1024};
        const auto strict = readRecords(wholeSource(bytes), plainFormat(), false, sizes);
        QVERIFY(!strict.ok());
        QCOMPARE(strict.error().code, ErrorCode::UnusableInput);
        QVERIFY2(strict.error().message.contains(QStringLiteral("line 1 (byte 2)")), qPrintable(strict.error().message));
        const auto records = read(bytes, plainFormat(), true, sizes);
        QCOMPARE(static_cast<qint64>(records.size()), rows + 1);
        QVERIFY(records.front().unterminated);
        QCOMPARE(records.back().cells, (QByteArrayList{"z", "closes here"}));
        QCOMPARE(records.back().line, rows + 1);
    }
    void tooLongLineIsAnErrorEitherWay()
    {
        const QByteArray bytes = "a,b\n" + QByteArray(5000, 'x') + "\n";
        for (const bool lenient : {false, true}) {
            const auto result = readRecords(wholeSource(bytes), plainFormat(), lenient, {256, 1024});
            QVERIFY(!result.ok());
            QCOMPARE(result.error().code, ErrorCode::UnusableInput);
            QVERIFY2(result.error().message.contains(QStringLiteral("line 2 (byte 4)")), qPrintable(result.error().message));
        }
    }
    void manyUnterminatedLinesStayLinear()
    {
        // One open quote, then lines of doubled quotes only: the search for the end must not start over at each line.
        QByteArray bytes = "\"open\n";
        for (int i = 0; i < 200000; ++i)
            bytes += "\"\",\"\"\"\"\n";
        const auto records = read(bytes, plainFormat(), true);
        QCOMPARE(records.size(), size_t{200001});
        QVERIFY(records.front().unterminated);
        QCOMPARE(records.back().cells, (QByteArrayList{"", "\""}));
    }

    void everyCutGivesTheSame_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("crlf") << QByteArray("a,b\r\n\r\n\"c\r\nd\",e\r\nf,g\r\n");
        QTest::newRow("quotes") << QByteArray("\"\"\"a\"\"\",\"\"\n\"b\"\"\"x,\"c,\"\"\n\"\"d\"\n\"e\"");
        QTest::newRow("cr") << QByteArray("a\rb\r\r\"c\rd\"\r");
        QTest::newRow("bytes") << QByteArray("\xC3\xA9,\xF0\x9F\x98\x80\n\"\xE4\xBC\x9F\"\"\xE4\xBC\x9F\",x\n");
        QTest::newRow("open") << QByteArray("a,b\n\"c\"\"d,e\r\nf,g\r\n\"h\"\",i\n");
    }
    void everyCutGivesTheSame()
    {
        QFETCH(QByteArray, bytes);
        const auto expected = read(bytes, plainFormat(), true);
        for (qint64 chunk = 1; chunk <= bytes.size() + 1; ++chunk) {
            for (qint64 piece = 1; piece <= bytes.size(); ++piece) {
                auto source = std::make_unique<PiecewiseSource>(bytes, [piece] { return piece; });
                const auto records = readRecords(std::move(source), plainFormat(), true, {chunk, 1 << 20});
                QVERIFY(records.ok());
                compare(*records, expected, bytes);
            }
        }
    }
    void writtenRowsAreReadBack_data()
    {
        QTest::addColumn<char>("delimiter");
        QTest::addColumn<int>("newline");
        for (const char delimiter : {',', ';', '\t', '|'}) {
            for (int newline = 0; newline < 3; ++newline)
                QTest::addRow("%d %d", delimiter, newline) << delimiter << newline;
        }
    }
    void writtenRowsAreReadBack()
    {
        QFETCH(char, delimiter);
        QFETCH(int, newline);
        std::mt19937 random(static_cast<unsigned>(delimiter * 7 + newline));
        CsvFormat format = plainFormat(static_cast<Newline>(newline));
        format.delimiter = delimiter;
        for (int i = 0; i < 400; ++i) {
            const Sample sample = randomSample(random, delimiter, format.newline);
            const auto piece = [&random] { return qint64{1} + random() % 40; };
            const ChunkSizes sizes{1 + static_cast<qint64>(random() % 200), 1 << 20};
            const auto records =
                readRecords(std::make_unique<PiecewiseSource>(sample.bytes, piece), format, i % 2 == 0, sizes);
            QVERIFY2(records.ok(), records.ok() ? "" : qPrintable(records.error().message));
            compare(*records, sample.records, sample.bytes);
        }
    }
    void anySoupOfQuotesAndNewlinesIsReadAsTheSlowWay()
    {
        std::mt19937 random(2024);
        const QByteArray soup = "a,\"\n\r, b\"";
        for (int i = 0; i < 20000; ++i) {
            QByteArray bytes;
            for (int k = static_cast<int>(random() % 60); k > 0; --k)
                bytes += soup[static_cast<qsizetype>(random() % static_cast<unsigned>(soup.size()))];
            const CsvFormat format = plainFormat(static_cast<Newline>(i % 3));
            const auto piece = [&random] { return qint64{1} + random() % 20; };
            const ChunkSizes sizes{1 + static_cast<qint64>(random() % 70), 1 << 20};
            auto records = readRecords(std::make_unique<PiecewiseSource>(bytes, piece), format, true, sizes);
            QVERIFY2(records.ok(), records.ok() ? "" : qPrintable(records.error().message));
            for (Record &r : *records) {
                if (r.unterminated)
                    r.cells.clear();
            }
            compare(*records, slowRead(bytes, format), bytes);
            if (QTest::currentTestFailed())
                return;
        }
    }
    void decision9_utf16RowsAreReadBackWithTheirOffsets()
    {
        std::mt19937 random(99);
        for (int i = 0; i < 400; ++i) {
            CsvFormat format = plainFormat(i % 2 ? Newline::CrLf : Newline::Lf);
            format.encoding = i % 3 ? Encoding::Utf16Le : Encoding::Utf16Be;
            format.firstRowOffset = 2;
            Sample sample = randomSample(random, ',', format.newline);
            for (Record &r : sample.records)
                r.offset = 2 + 2 * QString::fromUtf8(sample.bytes.left(r.offset)).size();
            const bool big = format.encoding == Encoding::Utf16Be;
            const QByteArray bytes = QByteArray(big ? "\xFE\xFF" : "\xFF\xFE") + utf16(QString::fromUtf8(sample.bytes), big);
            const auto piece = [&random] { return qint64{1} + random() % 9; };
            const auto records = readRecords(std::make_unique<PiecewiseSource>(bytes, piece), format, false, {50, 1 << 20});
            QVERIFY(records.ok());
            compare(*records, sample.records, sample.bytes);
        }
    }
    void loneSurrogatesAreInvalidCells()
    {
        CsvFormat format = plainFormat();
        format.encoding = Encoding::Utf16Le;
        QString text = QStringLiteral("a,b\nc,d\n");
        text[0] = QChar(0xD800);
        text[6] = QChar(0xDC00);
        QByteArray bytes = utf16(text, false) + "\x41"; // and half a unit
        const auto records = read(bytes, format);
        QCOMPARE(records.size(), size_t{3});
        QCOMPARE(records[0].cells, (QByteArrayList{"\xFF", "b"}));
        QCOMPARE(records[1].cells, (QByteArrayList{"c", "\xFF"}));
        QCOMPARE(records[1].offset, 8);
        QCOMPARE(records[2].offset, 16);
        std::vector<char> scratch;
        std::string_view out;
        QVERIFY(!decodeCell("\xFF", Encoding::Utf16Le, scratch, out));
    }
    void decision7_cellsThatDoNotDecode()
    {
        std::vector<char> scratch;
        std::string_view out;
        const auto decoded = [&](std::string_view cell, Encoding encoding) {
            return decodeCell(cell, encoding, scratch, out) ? QByteArray(out.data(), static_cast<qsizetype>(out.size()))
                                                            : QByteArray("(invalid)");
        };
        QCOMPARE(decoded("", Encoding::Utf8), QByteArray());
        QCOMPARE(decoded("Zo\xC3\xAB", Encoding::Utf8), QByteArray("Zo\xC3\xAB"));
        for (const std::string_view bad : {"\xff\xfe", "Jos\xe9", "\xc3\x28", "\xf0\x9f\x98", "\xed\xa0\x80", "\xc0\x80"})
            QCOMPARE(decoded(bad, Encoding::Utf8), QByteArray("(invalid)"));
        QCOMPARE(decoded(std::string_view("a\0b", 3), Encoding::Utf16Le), QByteArray("(invalid)"));
        QCOMPARE(decoded("Jos\xe9 \x80", Encoding::Windows1252), QByteArray("Jos\xC3\xA9 \xE2\x82\xAC"));
        for (const std::string_view hole : {"\x81", "\x8d", "\x8f", "\x90", "\x9d"})
            QCOMPARE(decoded(hole, Encoding::Windows1252), QByteArray("(invalid)"));
        QCOMPARE(decoded("Jos\xe9 \x80", Encoding::Latin1), QByteArray("Jos\xC3\xA9 \xC2\x80"));
        const std::string_view plain = "plain text of more than sixteen bytes";
        QVERIFY(decodeCell(plain, Encoding::Windows1252, scratch, out));
        QCOMPARE(out.data(), plain.data()); // not copied
    }
    void chunksAreSmallAndWhole()
    {
        QByteArray bytes;
        for (int i = 0; i < 60000; ++i)
            bytes += QByteArray::number(i) + ",\"quoted, with\nnewline\",some more text to fill the line\n";
        const CsvFormat format = plainFormat();
        ChunkReader reader(wholeSource(bytes), format, false);
        RecordChunk chunk;
        qint64 offset = 0, rows = 0, chunks = 0;
        for (;;) {
            const auto more = reader.next(chunk);
            QVERIFY(more.ok());
            if (!*more)
                break;
            QCOMPARE(chunk.firstOffset, offset);
            QCOMPARE(chunk.firstRow, rows + 1);
            QCOMPARE(chunk.firstLine, 2 * rows + 1);
            QVERIFY(chunk.bytes.size() <= (1 << 20));
            QVERIFY(chunk.bytes.endsWith('\n'));
            offset += chunk.bytes.size();
            rows += chunk.rows;
            ++chunks;
        }
        QCOMPARE(offset, bytes.size());
        QCOMPARE(rows, 60000);
        QVERIFY(chunks >= 3);
    }
};

QTEST_GUILESS_MAIN(TestCsvReader)
#include "tst_csv_reader.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
// Damaged CSV files through all that reads them: decompressor, sniffer, reader, import parser.
#include "core/text.h"
#include "mutator.h"
#include "transfer/byte_sink.h"
#include "transfer/import_parser.h"
#include "transfer/row_encoder.h"

#include <QFile>
#include <QStringEncoder>
#include <QTemporaryDir>
#include <QTest>

using namespace a360;
using namespace a360::transfer;
using a360::fuzz::Mutator;

namespace {

const QByteArrayList kTokens{"\"", "\"\"", "\r", "\n", "\r\n", ",", ";", "\t", "|", QByteArray(1, '\0'), "\xEF\xBB\xBF", "\xFF\xFE",
                             "\xFE\xFF", "sep=;\n", "\xC3", "\xE2\x82\xAC", "\x80", "'=", "_", "@", "1,234", "$9.5M",
                             "\n\n", ",,,,,,,,,,,,", "\xF0\x9F\x98\x80", "\xED\xA0\x80", " ", "\x1A"};

QByteArray makeFile(Mutator &random)
{
    const QByteArrayList header{"first_name", "last_name", "email", "title", "departments", "employees", "company", "created_at"};
    const QByteArrayList cells{"Ada", "Quill", "ada@n.example", "\"CTO, acting\"", "\"Sales, Design\"", "120", "\"Pumps \"\"Q\"\" Ltd\"",
                               "2024-02-01", "", "\"two\nlines\"", "K\xC3\xB6ln", "_", "'+1 555", "not a number"};
    const QByteArray newline = random.pick(QByteArrayList{"\n", "\r\n", "\r"});
    const char delimiter = random.pick(QByteArray(",;\t|"));
    QByteArray file = header.join(delimiter) + newline;
    for (int rows = random.below(12); rows > 0; --rows) {
        QByteArrayList record;
        for (qsizetype i = 0; i < header.size(); ++i)
            record.append(random.pick(cells));
        file += record.join(delimiter) + newline;
    }
    if (random.oneIn(20))
        file.insert(random.below(static_cast<int>(file.size())), QByteArray(200'000, 'g'));
    return file;
}

/// As another program might have saved it.
QByteArray reencoded(Mutator &random, const QByteArray &utf8)
{
    if (random.oneIn(6)) {
        const bool big = random.oneIn(2);
        QStringEncoder encoder(big ? QStringConverter::Utf16BE : QStringConverter::Utf16LE, QStringConverter::Flag::WriteBom);
        return encoder.encode(QString::fromUtf8(utf8));
    }
    return random.oneIn(6) ? QByteArray("\xEF\xBB\xBF") + utf8 : utf8;
}

struct Record
{
    qint64 row, line, offset;
    std::vector<std::string> cells;
    std::string original;
    bool unterminated;
    bool operator==(const Record &) const = default;
};

/// All records, or the error that ended the reading.
Result<std::vector<Record>> readRecords(const InputFile &file, const CsvFormat &format, bool lenient, qint64 chunkSize)
{
    A360_TRY_ASSIGN(auto source, file.source(InputDigest::None));
    ChunkReader reader(std::move(source), format, lenient, {chunkSize, 64 * 1024});
    std::vector<Record> records;
    for (RecordChunk chunk;;) {
        A360_TRY_ASSIGN(const bool more, reader.next(chunk));
        if (!more)
            return records;
        qint64 inChunk = 0;
        for (RecordCursor cursor(chunk, format); cursor.next(); ++inChunk) {
            Record record{cursor.row(), cursor.line(), cursor.offset(), {}, std::string(cursor.original()), cursor.unterminated()};
            for (const std::string_view cell : cursor.cells())
                record.cells.emplace_back(cell);
            records.push_back(std::move(record));
        }
        if (inChunk != chunk.rows)
            return makeError(ErrorCode::Internal, QStringLiteral("The chunk counts %1 rows, the cursor %2").arg(chunk.rows).arg(inChunk));
    }
}

/// What is wrong with a list of records; empty: nothing.
QByteArray inconsistency(const std::vector<Record> &records, const CsvFormat &format, const QByteArray &bytes)
{
    const bool wide = format.encoding == Encoding::Utf16Le || format.encoding == Encoding::Utf16Be;
    qint64 row = 0, line = format.firstRowLine, offset = format.firstRowOffset;
    for (const Record &record : records) {
        if (record.row != ++row)
            return "rows are not counted one by one";
        if (record.line < line || record.offset < offset || record.offset >= bytes.size())
            return "places do not grow";
        if (record.cells.empty())
            return "a record without cells";
        const auto size = static_cast<qsizetype>(record.original.size());
        if (!wide && bytes.mid(record.offset, size) != QByteArrayView(record.original.data(), size))
            return "the original is not what stands at the offset";
        line = record.line + 1;
        offset = record.offset + (wide ? 1 : size);
    }
    return {};
}

QByteArray inconsistency(const ParsedChunk &parsed, const ImportPlan &plan)
{
    const qsizetype rows = parsed.rows.rowCount();
    if (parsed.read != rows + static_cast<qsizetype>(parsed.rejects.size()))
        return "read is not staged + rejected";
    if (parsed.companies.size() != static_cast<size_t>(rows))
        return "not one company digest a row";
    const auto types = stagingColumnTypes(plan);
    if (parsed.rows.columnCount() != static_cast<int>(types.size()))
        return "the batch has other columns";
    for (qsizetype row = 0; row < rows; ++row) {
        for (int column = 0; column < parsed.rows.columnCount(); ++column) {
            const db::Cell cell = parsed.rows.cell(row, column);
            if (types[static_cast<size_t>(column)] != db::ColumnType::Text || cell.isNull())
                continue;
            if (!isValidUtf8(cell.text()) || cell.text().find('\0') != std::string_view::npos || cell.text().empty())
                return "a staged text is empty or no UTF-8";
        }
    }
    return {};
}

Result<void> writePacked(const QString &path, const QByteArray &bytes, Compression compression)
{
    A360_TRY_ASSIGN(auto sink, openFileSink(path));
    sink = compressingSink(std::move(sink), compression);
    A360_TRY(sink->write(bytes));
    return sink->finish();
}

void addSeeds(int count)
{
    QTest::addColumn<quint32>("seed");
    for (int seed = 1; seed <= count; ++seed)
        QTest::addRow("seed %d", seed) << static_cast<quint32>(seed);
}

} // namespace

class TestFuzzCsv : public QObject
{
    Q_OBJECT

    QString write(const QByteArray &bytes)
    {
        QFile file(m_folder.filePath(QStringLiteral("in.csv")));
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("cannot write %s", qPrintable(file.fileName()));
        return file.fileName();
    }

private Q_SLOTS:
    void damagedFilesAreReadConsistentlyOrRefused_data() { addSeeds(400); }
    void damagedFilesAreReadConsistentlyOrRefused()
    {
        QFETCH(quint32, seed);
        Mutator random(seed);
        QByteArray bytes = reencoded(random, makeFile(random));
        bytes = random.damaged(bytes, kTokens);
        const auto file = InputFile::open(write(bytes));
        if (!file.ok()) {
            QVERIFY(bytes.isEmpty());
            return;
        }
        CsvOverrides overrides;
        if (random.oneIn(5))
            overrides.encoding = random.pick(std::vector{Encoding::Utf8, Encoding::Windows1252, Encoding::Latin1, Encoding::Utf16Le});
        const Result<CsvFormat> format = sniffCsv(**file, overrides, true);
        if (!format.ok()) {
            QCOMPARE(format.error().code, ErrorCode::UnusableInput);
            QVERIFY(!format.error().message.isEmpty());
            return;
        }
        QVERIFY(format->headerOffset <= format->firstRowOffset && format->firstRowOffset <= bytes.size());
        QVERIFY(format->headerLine < format->firstRowLine);
        for (const bool lenient : {false, true}) {
            const auto whole = readRecords(**file, *format, lenient, 1 << 20);
            const auto pieces = readRecords(**file, *format, lenient, 37);
            QCOMPARE(whole.ok(), pieces.ok());
            if (!whole.ok()) {
                QCOMPARE(whole.error().code, ErrorCode::UnusableInput);
                continue;
            }
            ++m_read;
            const QByteArray wrong = inconsistency(*whole, *format, bytes);
            QVERIFY2(wrong.isEmpty(), wrong.constData());
            QVERIFY2(*whole == *pieces, "the size of the chunks changes what is read");
        }
    }

    void manyOfTheDamagedFilesWereRead() { QVERIFY2(m_read > 300, qPrintable(QString::number(m_read))); }

    void damagedFilesGoThroughTheImportParser_data() { addSeeds(300); }
    void damagedFilesGoThroughTheImportParser()
    {
        QFETCH(quint32, seed);
        Mutator random(seed + 1'000'000);
        const auto file = InputFile::open(write(random.damaged(makeFile(random), kTokens)));
        const auto format = file.ok() ? sniffCsv(**file, {}, true) : Result<CsvFormat>(file.error());
        const auto mapping = format.ok() ? mapHeader(contacts::Entity::Contact, format->header, {})
                                         : Result<HeaderMapping>(format.error());
        if (!mapping.ok())
            return; // refused with a reason, which other tests look at
        const auto plan = makeImportPlan(contacts::Entity::Contact, *mapping, MatchBy::Default);
        QVERIFY(plan.ok());
        for (const bool lenient : {false, true}) {
            auto source = (*file)->source(InputDigest::None);
            QVERIFY(source.ok());
            ChunkReader reader(std::move(*source), *format, lenient);
            RecordChunk chunk;
            for (auto more = reader.next(chunk); more.ok() && *more; more = reader.next(chunk)) {
                const ParsedChunk parsed = parseImportChunk(chunk, *format, *plan, lenient);
                const QByteArray wrong = inconsistency(parsed, *plan);
                QVERIFY2(wrong.isEmpty(), wrong.constData());
                QVERIFY(lenient || parsed.warnings.empty());
            }
        }
    }

    void whatIsWrittenIsReadAgain_data() { addSeeds(200); }
    void whatIsWrittenIsReadAgain()
    {
        QFETCH(quint32, seed);
        Mutator random(seed + 2'000'000);
        const QByteArrayList parts{"a", "\"", ",", "\n", "\r\n", "\r", " ", "\xC3\xB6", "\xF0\x9F\x98\x80", ";", "\t", "'", "=", "x\"y", "sep="};
        const int columns = 2 + random.below(5);
        std::vector<std::vector<std::string>> table(1 + static_cast<size_t>(random.below(20)));
        std::string text;
        for (int column = 0; column < columns; ++column)
            text += (column ? ",column" : "column") + std::to_string(column);
        text += '\n';
        for (auto &record : table) {
            for (int column = 0; column < columns; ++column) {
                std::string cell;
                for (int n = random.below(6); n > 0; --n)
                    cell += random.pick(parts).toStdString();
                if (column)
                    text += ',';
                appendCsvCell(text, cell);
                record.push_back(std::move(cell));
            }
            text += '\n';
        }
        const auto file = InputFile::open(write(QByteArray::fromStdString(text)));
        QVERIFY(file.ok());
        CsvOverrides overrides;
        overrides.delimiter = ',';
        const auto format = sniffCsv(**file, overrides, true);
        QVERIFY2(format.ok(), format.ok() ? "" : qPrintable(format.error().message));
        const auto records = readRecords(**file, *format, false, 50);
        QVERIFY2(records.ok(), records.ok() ? "" : qPrintable(records.error().message));
        QCOMPARE(records->size(), table.size());
        for (size_t i = 0; i < table.size(); ++i)
            QVERIFY2((*records)[i].cells == table[i], "a record came back different");
    }

    void damagedCompressedFilesEndInDataOrAReason_data() { addSeeds(150); }
    void damagedCompressedFilesEndInDataOrAReason()
    {
        QFETCH(quint32, seed);
        Mutator random(seed + 3'000'000);
        const QByteArray plain = makeFile(random).repeated(1 + random.below(200));
        const QString path = m_folder.filePath(QStringLiteral("in.packed"));
        const auto packed = writePacked(path, plain, random.oneIn(2) ? Compression::Gzip : Compression::Zstd);
        QVERIFY2(packed.ok(), packed.ok() ? "" : qPrintable(packed.error().message));
        QFile stored(path);
        QVERIFY(stored.open(QIODevice::ReadOnly));
        const QByteArray whole = stored.readAll();
        const bool cut = random.oneIn(3);
        const QByteArray bytes = cut ? whole.first(4 + random.below(static_cast<int>(whole.size()) - 4)) : random.damaged(whole, kTokens);
        const auto file = InputFile::open(write(bytes));
        if (!file.ok())
            return;
        auto source = (*file)->source();
        QVERIFY(source.ok());
        QByteArray buffer(4096, '\0'), all;
        for (;;) {
            const auto got = (*source)->read(buffer.data(), buffer.size());
            if (!got.ok()) {
                QCOMPARE(got.error().code, ErrorCode::UnusableInput);
                return;
            }
            if (*got == 0)
                break;
            QVERIFY(*got <= buffer.size());
            all.append(buffer.constData(), *got);
            QVERIFY2(all.size() < 256 * 1024 * 1024, "no end");
        }
        QVERIFY2(!cut, "a file that was cut short was taken for a whole one");
        QVERIFY(!(*source)->inputSha256().isEmpty());
    }

private:
    int m_read = 0;
    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestFuzzCsv)
#include "tst_fuzz_csv.moc"

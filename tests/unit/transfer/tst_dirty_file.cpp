// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text.h"
#include "transfer/csv_reader.h"
#include "transfer/header_mapping.h"
#include "transfer/value_rules.h"
#include "transfer_support.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

using namespace a360;
using namespace a360::transfer;
using namespace a360::transfer::test;

namespace {

/// A bad row: where it is, and of which kind. Repeats of good rows are no matter of reading.
struct BadRow
{
    qint64 row = 0, line = 0, offset = 0;
    QString kind;
    bool operator==(const BadRow &) const = default;
};

QString dataFile(const char *name)
{
    return QStringLiteral(A360_TEST_DATA "/") + QString::fromLatin1(name);
}

std::vector<BadRow> truth(qint64 extraBytesPerLine)
{
    QFile file(dataFile("dirty_contacts.truth.json"));
    if (!file.open(QIODevice::ReadOnly))
        qFatal("no truth file");
    std::vector<BadRow> rows;
    const QJsonArray bad = QJsonDocument::fromJson(file.readAll()).object()[u"bad"].toArray();
    for (const QJsonValue &value : bad) {
        const QJsonObject o = value.toObject();
        const QString kind = o[u"kind"].toString();
        const qint64 line = o[u"line"].toInteger();
        if (!kind.startsWith(QStringLiteral("duplicate")))
            rows.push_back({o[u"row"].toInteger(), line, o[u"offset"].toInteger() + extraBytesPerLine * (line - 1), kind});
    }
    return rows;
}

/// What is wrong with a record, in the generator's words; empty: nothing.
QString kindOf(const RecordCursor &record, const CsvFormat &format, qsizetype email, qsizetype employees)
{
    const auto cells = record.cells();
    if (static_cast<qsizetype>(cells.size()) < format.header.size())
        return QStringLiteral("too_few_columns");
    if (static_cast<qsizetype>(cells.size()) > format.header.size())
        return QStringLiteral("too_many_columns");
    std::vector<char> scratch;
    std::string_view text;
    for (const std::string_view cell : cells) {
        if (!decodeCell(cell, format.encoding, scratch, text))
            return QStringLiteral("invalid_utf8");
    }
    const auto value = [&](qsizetype column) { return normaliseText(cells[static_cast<size_t>(column)]); };
    if (!value(email).empty() && !isEmail(value(email)))
        return QStringLiteral("invalid_email");
    if (!value(employees).empty() && !parseNumber(value(employees)))
        return QStringLiteral("non_numeric_employees");
    return {};
}

} // namespace

class TestDirtyFile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void decision11_badRowsAreFoundWhereTheyAre_data()
    {
        QTest::addColumn<bool>("crlf");
        QTest::newRow("as generated") << false;
        QTest::newRow("with CRLF") << true;
    }
    void decision11_badRowsAreFoundWhereTheyAre()
    {
        QFETCH(bool, crlf);
        Folder folder;
        QFile original(dataFile("dirty_contacts.csv"));
        QVERIFY(original.open(QIODevice::ReadOnly));
        QByteArray bytes = original.readAll();
        if (crlf)
            bytes.replace("\n", "\r\n");
        const auto file = InputFile::open(folder.write(QStringLiteral("f.csv"), bytes));
        QVERIFY(file.ok());
        const auto sniffed = sniffCsv(**file, {}, true);
        QVERIFY(sniffed.ok());
        const CsvFormat &format = *sniffed;
        QCOMPARE(format.encoding, Encoding::Utf8);
        QCOMPARE(format.delimiter, ',');
        QCOMPARE(format.newline, crlf ? Newline::CrLf : Newline::Lf);
        const auto mapping = mapHeader(contacts::Entity::Contact, format.header, {});
        QVERIFY(mapping.ok());
        QVERIFY(mapping->unmapped.isEmpty() && mapping->conflicts.isEmpty());
        const qsizetype email = format.header.indexOf(QStringLiteral("Email"));
        const qsizetype employees = format.header.indexOf(QStringLiteral("# Employees"));

        std::vector<BadRow> found;
        qint64 rows = 0;
        bool linesDifferFromRows = false;
        auto source = (*file)->source();
        QVERIFY(source.ok());
        ChunkReader reader(std::move(*source), format, false, {4096, 1 << 20});
        RecordChunk chunk;
        for (;;) {
            const auto more = reader.next(chunk);
            QVERIFY(more.ok());
            if (!*more)
                break;
            for (RecordCursor record(chunk, format); record.next();) {
                ++rows;
                QCOMPARE(record.row(), rows);
                linesDifferFromRows = linesDifferFromRows || record.line() != rows + 1;
                QVERIFY(bytes.sliced(record.offset()).startsWith(
                    QByteArrayView(record.original().data(), static_cast<qsizetype>(record.original().size()))));
                const QString kind = kindOf(record, format, email, employees);
                if (!kind.isEmpty())
                    found.push_back({record.row(), record.line(), record.offset(), kind});
            }
        }
        QCOMPARE(rows, 160);
        QVERIFY(linesDifferFromRows); // there are newlines in cells, or this shows little
        const std::vector<BadRow> expected = truth(crlf ? 1 : 0);
        QCOMPARE(found.size(), expected.size());
        for (size_t i = 0; i < found.size(); ++i) {
            QCOMPARE(found[i].row, expected[i].row);
            QCOMPARE(found[i].line, expected[i].line);
            QCOMPARE(found[i].offset, expected[i].offset);
            QCOMPARE(found[i].kind, expected[i].kind);
        }
    }
};

QTEST_GUILESS_MAIN(TestDirtyFile)
#include "tst_dirty_file.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/row_encoder.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace a360;
using namespace a360::transfer;
using db::ColumnType;

namespace {

std::vector<contacts::OutputColumn> columns()
{
    return {{"name", ColumnType::Text, nullptr, nullptr, ", "},
            {"employees", ColumnType::Integer, nullptr, nullptr, ", "},
            {"tags", ColumnType::TextList, nullptr, nullptr, ","},
            {"at", ColumnType::Timestamp, nullptr, nullptr, ", "}};
}

std::string listCell(const QByteArrayList &elements)
{
    std::string out;
    for (const QByteArray &element : elements) {
        const qint32 size = element.isNull() ? -1 : static_cast<qint32>(element.size());
        out.append(reinterpret_cast<const char *>(&size), sizeof size);
        out.append(element.constData(), static_cast<size_t>(element.size()));
    }
    return out;
}

/// Three rows: everything set, everything NULL, and awkward text; a fifth column stands for an order key.
db::RowBatch sample()
{
    db::RowBatch batch({ColumnType::Text, ColumnType::Integer, ColumnType::TextList, ColumnType::Timestamp, ColumnType::Integer});
    batch.appendText("Ada, \"Quill\"");
    batch.appendInteger(0);
    batch.appendListBytes(listCell({"a", "b c", QByteArray(), "_"}));
    batch.appendTimestamp(1'762'619'180'987'054);
    batch.appendInteger(1);
    for (int i = 0; i < 4; ++i)
        batch.appendNull();
    batch.appendInteger(2);
    batch.appendText("two\nlines");
    batch.appendInteger(-5);
    batch.appendListBytes(listCell({}));
    batch.appendTimestamp(0);
    batch.appendInteger(3);
    return batch;
}

QByteArray encode(Format format, const std::vector<contacts::OutputColumn> &cols, const db::RowBatch &batch, bool safe = false)
{
    const auto encoder = makeEncoder(format, cols, safe);
    std::string out;
    encoder->begin(out);
    encoder->rows(batch, true, out);
    encoder->end(batch.rowCount() > 0, out);
    return QByteArray::fromStdString(out);
}

QByteArray csvOfText(const QByteArray &text, bool safe)
{
    db::RowBatch batch({ColumnType::Text});
    batch.appendText({text.constData(), static_cast<size_t>(text.size())});
    return encode(Format::Csv, {{"t", ColumnType::Text, nullptr, nullptr, ","}}, batch, safe).mid(2).chopped(1);
}

} // namespace

class TestRowEncoder : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void csv()
    {
        QCOMPARE(encode(Format::Csv, columns(), sample()),
                 QByteArray("name,employees,tags,at\n"
                            "\"Ada, \"\"Quill\"\"\",0,\"a,b c\",2025-11-08T16:26:20.987054\n"
                            ",,,\n"
                            "\"two\nlines\",-5,,1970-01-01T00:00:00\n"));
    }
    void csvHasAHeaderWithoutRows()
    {
        QCOMPARE(encode(Format::Csv, columns(), db::RowBatch({ColumnType::Text})), QByteArray("name,employees,tags,at\n"));
    }
    void csvSingleNullColumnIsNoBlankRecord()
    {
        db::RowBatch batch({ColumnType::Text});
        batch.appendNull();
        QCOMPARE(encode(Format::Csv, {{"t", ColumnType::Text, nullptr, nullptr, ","}}, batch), QByteArray("t\n\"\"\n"));
    }
    void decision29_jsonLines()
    {
        QCOMPARE(encode(Format::JsonLines, columns(), sample()),
                 QByteArray("{\"name\":\"Ada, \\\"Quill\\\"\",\"employees\":0,\"tags\":\"a,b c\",\"at\":\"2025-11-08T16:26:20.987054\"}\n"
                            "{\"name\":null,\"employees\":null,\"tags\":null,\"at\":null}\n"
                            "{\"name\":\"two\\nlines\",\"employees\":-5,\"tags\":null,\"at\":\"1970-01-01T00:00:00\"}\n"));
    }
    void jsonArrayIsOneDocument()
    {
        const QByteArray json = encode(Format::Json, columns(), sample());
        QJsonParseError error;
        const QJsonDocument document = QJsonDocument::fromJson(json, &error);
        QVERIFY2(document.isArray(), qPrintable(error.errorString()));
        QCOMPARE(document.array().size(), 3);
        QCOMPARE(document.array().at(2).toObject().value(QStringLiteral("employees")).toInt(), -5);
    }
    /// As an export does it: the batches go to encoders that know nothing of each other.
    void batchesEncodedApartJoinToTheSameBytes_data()
    {
        QTest::addColumn<int>("format");
        QTest::newRow("csv") << int(Format::Csv);
        QTest::newRow("jsonl") << int(Format::JsonLines);
        QTest::newRow("json") << int(Format::Json);
    }
    void batchesEncodedApartJoinToTheSameBytes()
    {
        QFETCH(int, format);
        const auto of = static_cast<Format>(format);
        std::string apart;
        makeEncoder(of, columns(), false)->begin(apart);
        makeEncoder(of, columns(), false)->rows(sample(), true, apart);
        makeEncoder(of, columns(), false)->rows(sample(), false, apart);
        makeEncoder(of, columns(), false)->end(true, apart);
        const QByteArray one = encode(of, columns(), sample());
        const QByteArray joined = QByteArray::fromStdString(apart);
        if (of == Format::Json) {
            QCOMPARE(QJsonDocument::fromJson(joined).array().size(), 6);
            QCOMPARE(joined, one.chopped(3) + ',' + one.mid(1));
        } else {
            const qsizetype head = of == Format::Csv ? one.indexOf('\n') + 1 : 0;
            QCOMPARE(joined, one + one.mid(head));
        }
    }
    void jsonArrayWithoutRows()
    {
        QCOMPARE(encode(Format::Json, columns(), db::RowBatch({ColumnType::Text})), QByteArray("[]\n"));
    }
    void placeholdersReadAsNull()
    {
        db::RowBatch batch({ColumnType::Text});
        batch.appendText("_");
        batch.appendText("");
        batch.appendText("'+1 555-0100");
        const std::vector<contacts::OutputColumn> one{{"t", ColumnType::Text, nullptr, nullptr, ","}};
        QCOMPARE(encode(Format::JsonLines, one, batch), QByteArray("{\"t\":null}\n{\"t\":null}\n{\"t\":\"+1 555-0100\"}\n"));
    }

    void spreadsheetGuard_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("raw");
        QTest::addColumn<QByteArray>("safe");
        QTest::newRow("formula") << QByteArray("=1+1") << QByteArray("=1+1") << QByteArray("'=1+1");
        QTest::newRow("phone") << QByteArray("+1 555") << QByteArray("+1 555") << QByteArray("'+1 555");
        QTest::newRow("minus") << QByteArray("-Ada") << QByteArray("-Ada") << QByteArray("'-Ada");
        QTest::newRow("at") << QByteArray("@x") << QByteArray("@x") << QByteArray("'@x");
        QTest::newRow("tab") << QByteArray("\tx") << QByteArray("\tx") << QByteArray("'\tx");
        QTest::newRow("plain") << QByteArray("x=1") << QByteArray("x=1") << QByteArray("x=1");
        QTest::newRow("apostrophe") << QByteArray("'tis") << QByteArray("'tis") << QByteArray("'tis");
        // One apostrophe comes off again on import, so what looks guarded already gets one more.
        QTest::newRow("lookalike") << QByteArray("'=x") << QByteArray("''=x") << QByteArray("''=x");
    }
    void spreadsheetGuard()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, raw);
        QFETCH(QByteArray, safe);
        QCOMPARE(csvOfText(text, false), raw);
        QCOMPARE(csvOfText(text, true), safe);
    }
    void spreadsheetGuardLeavesNumbersAndTimesAlone()
    {
        db::RowBatch batch({ColumnType::Integer, ColumnType::Timestamp});
        batch.appendInteger(-5);
        batch.appendTimestamp(0);
        const std::vector<contacts::OutputColumn> two{{"n", ColumnType::Integer, nullptr, nullptr, ","},
                                                      {"t", ColumnType::Timestamp, nullptr, nullptr, ","}};
        QCOMPARE(encode(Format::Csv, two, batch, true), QByteArray("n,t\n-5,1970-01-01T00:00:00\n"));
    }
    void formatNames()
    {
        QCOMPARE(*formatByName(u"jsonl"), Format::JsonLines);
        QVERIFY(!formatByName(u"xml"));
        QCOMPARE(contentType(Format::JsonLines), QByteArray("application/x-ndjson"));
    }
};

QTEST_GUILESS_MAIN(TestRowEncoder)
#include "tst_row_encoder.moc"

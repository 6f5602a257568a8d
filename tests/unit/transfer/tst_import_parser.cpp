// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/import_parser.h"
#include "transfer/reject_text.h"

#include <QTest>

using namespace a360;
using namespace a360::transfer;
using contacts::Entity;

namespace {

struct Parsed
{
    ImportPlan plan;
    ParsedChunk chunk;

    /// The staged text of a column ("contacts_first_name", "u", "cu"), "NULL" for NULL, digits for numbers.
    QString value(qsizetype row, const QByteArray &column) const
    {
        const auto names = stagingColumnNames(plan);
        const auto found = std::find(names.begin(), names.end(), column);
        if (found == names.end())
            return QStringLiteral("no such column");
        const int index = static_cast<int>(found - names.begin());
        const db::Cell cell = chunk.rows.cell(row, index);
        if (cell.isNull())
            return QStringLiteral("NULL");
        const db::ColumnType type = stagingColumnTypes(plan)[static_cast<size_t>(index)];
        if (type == db::ColumnType::Integer || type == db::ColumnType::Timestamp)
            return QString::number(cell.integer());
        if (type == db::ColumnType::TextList) {
            QStringList elements;
            for (db::TextListReader reader(cell); reader.next();)
                elements.append(QString::fromUtf8(reader.element().data(), static_cast<qsizetype>(reader.element().size())));
            return elements.join(u'|');
        }
        return QString::fromUtf8(cell.data, cell.size);
    }
};

Parsed parse(const QByteArray &header, const QByteArray &records, bool lenient = false, Entity entity = Entity::Contact,
             MatchBy match = MatchBy::Default, Encoding encoding = Encoding::Utf8)
{
    CsvFormat format;
    format.encoding = encoding;
    format.header = QString::fromUtf8(header).split(u',');
    const Result<HeaderMapping> mapping = mapHeader(entity, format.header, {});
    if (!mapping.ok())
        qFatal("%s", qPrintable(mapping.error().message));
    Result<ImportPlan> plan = makeImportPlan(entity, *mapping, match);
    if (!plan.ok())
        qFatal("%s", qPrintable(plan.error().message));
    RecordChunk chunk;
    chunk.bytes = records;
    chunk.firstOffset = header.size() + 1;
    Parsed parsed{*plan, {}};
    parsed.chunk = parseImportChunk(chunk, format, parsed.plan, lenient);
    return parsed;
}

constexpr char kHeader[] = "first_name,last_name,email,employees,company,company_linkedin_url,company_name_for_emails,created_at";

} // namespace

class TestImportParser : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void decision1_keysOfTheContract()
    {
        const Parsed p = parse(kHeader, "Ada,Quill, ada.quill@northwind.example ,120.0,Northwind Pumps,"
                                        "http://www.linkedin.com/company/northwind-pumps,Northwind,\n");
        QCOMPARE(p.chunk.read, 1);
        QCOMPARE(p.chunk.rejects.size(), size_t(0));
        QCOMPARE(p.value(0, "cu"), QStringLiteral("c52f0382-f12e-50b5-b961-43727709222d"));
        QCOMPARE(p.value(0, "cid"), p.value(0, "cu"));
        QCOMPARE(p.value(0, "u"), QStringLiteral("b3da0dd4-4c61-5814-aa0b-98b562ca1060"));
        QCOMPARE(p.value(0, "mk"), p.value(0, "u"));
        QCOMPARE(p.value(0, "companies_employees_count"), QStringLiteral("120"));
        QCOMPARE(p.value(0, "contacts_email"), QStringLiteral("ada.quill@northwind.example"));
    }
    void decision1_rowWithoutCompanyHasNone()
    {
        const Parsed p = parse("first_name,last_name,email,company", "Bo,Li,bo@li.example,\n");
        QCOMPARE(p.value(0, "cu"), QStringLiteral("NULL"));
        QCOMPARE(p.value(0, "cid"), QStringLiteral("NULL"));
        // Its key still uses the empty company's uuid, so it differs from the key without one.
        const Parsed with = parse("first_name,last_name,email,company", "Bo,Li,bo@li.example,X\n");
        QVERIFY(p.value(0, "u") != with.value(0, "u"));
    }
    void decision1_uuidColumnsAreTheIdentity()
    {
        const Parsed p = parse("contact_uuid,contact_first_name,company_uuid,company_name", "c-1,Ada,k-1,Pumps\n");
        QCOMPARE(p.value(0, "u"), QStringLiteral("c-1"));
        QCOMPARE(p.value(0, "cu"), QStringLiteral("k-1"));
    }
    void decision1_matchByEmailFoldsTheKey()
    {
        const Parsed p = parse("first_name,email", "Ada,ADA@X.EXAMPLE\nBo,\n", false, Entity::Contact, MatchBy::Email);
        QCOMPARE(p.value(0, "mk"), QStringLiteral("ada@x.example"));
        QCOMPARE(p.value(1, "mk"), p.value(1, "u"));
    }

    void decision7_rejections_data()
    {
        QTest::addColumn<QByteArray>("record");
        QTest::addColumn<QString>("column");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("reason");
        const auto row = [](const char *name, const QByteArray &record, const char *column, const char *value, const char *reason) {
            QTest::newRow(name) << record << QString::fromUtf8(column) << QString::fromUtf8(value) << QString::fromUtf8(reason);
        };
        row("too few", "Ada,Quill\n", "", "2 cells, the header has 8", "wrong_column_count");
        row("too many", "a,b,,,,,,,extra\n", "", "9 cells, the header has 8", "wrong_column_count");
        row("no at sign", "a,b,not-an-email,,,,,\n", "email", "not-an-email", "invalid_email");
        row("two at signs", "a,b,a@@b.com,,,,,\n", "email", "a@@b.com", "invalid_email");
        row("no dotted domain", "a,b,x@y,,,,,\n", "email", "x@y", "invalid_email");
        row("range", "a,b,,10-50,,,,\n", "employees", "10-50", "invalid_number");
        row("plus", "a,b,,1k+,,,,\n", "employees", "1k+", "invalid_number");
        row("date", "a,b,,,,,,yesterday\n", "created_at", "yesterday", "invalid_date");
    }
    void decision7_rejections()
    {
        QFETCH(QByteArray, record);
        QFETCH(QString, column);
        QFETCH(QString, value);
        QFETCH(QString, reason);
        const Parsed p = parse(kHeader, "Zed,Z,,,,,,\n" + record + "Yan,Y,,,,,,\n");
        QCOMPARE(p.chunk.read, 3);
        QCOMPARE(p.chunk.rows.rowCount(), 2); // the good neighbours stay
        QCOMPARE(p.chunk.rejects.size(), size_t(1));
        const Reject &reject = p.chunk.rejects.front();
        QCOMPARE(reject.row, 2);
        QCOMPARE(reject.line, 3);
        QCOMPARE(reject.offset, qint64(sizeof kHeader) + 12);
        QCOMPARE(reject.column, column);
        QCOMPARE(reject.value, value);
        QCOMPARE(reject.reason, reason);
    }
    void decision7_surplusOfEmptyCellsIsForgiven()
    {
        const Parsed p = parse("first_name,last_name", "Ada,Quill,,  ,\n");
        QCOMPARE(p.chunk.rejects.size(), size_t(0));
        QCOMPARE(p.value(0, "contacts_last_name"), QStringLiteral("Quill"));
    }
    void decision7_millionsOfCellsAreRejectedWhereTheyAre()
    {
        const qsizetype many = RecordCursor::mostKept + 1'000;
        const QByteArray long_ = "Bo" + QByteArray(many - 2, ',') + ",\"x, \"\"y\"\"\"";
        const Parsed p = parse("first_name,last_name", "Ada,Quill\n" + long_ + "\nYan,Y" + QByteArray(many, ',') + "\n");
        QCOMPARE(p.chunk.read, 3);
        QCOMPARE(p.chunk.rows.rowCount(), 2); // a surplus of empty cells is forgiven, however many
        QCOMPARE(p.chunk.rejects.size(), size_t(1));
        const Reject &reject = p.chunk.rejects.front();
        QCOMPARE(reject.row, 2);
        QCOMPARE(reject.line, 3);
        QCOMPARE(reject.offset, 31);
        QCOMPARE(reject.value, QStringLiteral("%1 cells, the header has 2").arg(many));
        QCOMPARE(reject.reason, QStringLiteral("wrong_column_count"));
        // The text of what is not kept is there, in one cell.
        QVERIFY(p.chunk.rejectsCsv.ends_with(",\"\"x, \"\"\"\"y\"\"\"\"\"\"\"\n"));
        QVERIFY(qsizetype(p.chunk.rejectsCsv.size()) > many);
    }
    void decision6_aRowOfEmptyCellsIsNoRow_data()
    {
        QTest::addColumn<QByteArray>("record");
        for (const char *record : {",,", " , \t,", "\"\",\"\",\"\"", "_,,_", ",", ",,,,,,", "\" \"\t,,"})
            QTest::newRow(record) << QByteArray(record);
    }
    void decision6_aRowOfEmptyCellsIsNoRow()
    {
        QFETCH(QByteArray, record);
        for (const Entity entity : {Entity::Contact, Entity::Company}) {
            const QByteArray header = entity == Entity::Contact ? "first_name,email,note" : "name,website,note";
            for (const bool lenient : {false, true}) {
                const Parsed p = parse(header, "Ada,,\n" + record + "\nBo,,\n", lenient, entity);
                QCOMPARE(p.chunk.read, 2);
                QCOMPARE(p.chunk.rows.rowCount(), 2);
                QCOMPARE(p.value(1, "rn"), QStringLiteral("3")); // its number is left out, so that places stay true
                QVERIFY(p.chunk.rejects.empty() && p.chunk.warnings.empty());
            }
        }
    }
    void decision6_aRowWithNothingToTakeIsRejected()
    {
        for (const Entity entity : {Entity::Contact, Entity::Company}) {
            const QByteArray header = entity == Entity::Contact ? "first_name,email,note" : "name,website,note";
            for (const bool lenient : {false, true}) {
                const Parsed p = parse(header, "Ada,,\n,_,call him\nBo,,\n", lenient, entity);
                QCOMPARE(p.chunk.read, 3);
                QCOMPARE(p.chunk.rows.rowCount(), 2);
                QCOMPARE(p.chunk.rejects.size(), size_t(1));
                QCOMPARE(p.chunk.rejects.front().row, 2);
                QCOMPARE(p.chunk.rejects.front().reason, QStringLiteral("no_values"));
                QCOMPARE(rejectSentence(p.chunk.rejects.front()), QStringLiteral("every mapped column is empty"));
            }
        }
    }
    void decision7_lenientKeepsARowWhoseOnlyValueIsWrong()
    {
        const Parsed p = parse("first_name,email", QByteArray(",nonsense\n\xff,\n"), true);
        QCOMPARE(p.chunk.read, 2);
        QCOMPARE(p.chunk.rows.rowCount(), 2);
        QCOMPARE(p.chunk.warnings.size(), size_t(2));
    }
    void decision7_lenientEmptiesTheCellAndWarns()
    {
        const Parsed p = parse(kHeader, "Ada,Quill,nonsense,many,,,,\nBo\n", true);
        QCOMPARE(p.chunk.rejects.size(), size_t(0));
        QCOMPARE(p.chunk.rows.rowCount(), 2);
        QCOMPARE(p.chunk.warnings.size(), size_t(3));
        QCOMPARE(p.value(0, "contacts_email"), QStringLiteral("NULL"));
        QCOMPARE(p.value(0, "companies_employees_count"), QStringLiteral("NULL"));
        QCOMPARE(p.value(1, "contacts_first_name"), QStringLiteral("Bo"));
    }
    void decision7_invalidBytesAreRejected()
    {
        const Parsed p = parse("first_name,last_name", QByteArray("Jos\xe9,X\nAda,Y\n"));
        QCOMPARE(p.chunk.rejects.size(), size_t(1));
        QCOMPARE(p.chunk.rejects.front().reason, QStringLiteral("invalid_encoding"));
        QCOMPARE(p.chunk.rejects.front().column, QStringLiteral("first_name"));
        QCOMPARE(p.chunk.rejectsCsv, std::string("1,2,21,first_name,Jos\xe9,invalid_encoding,Jos\xe9,X\n"));
    }
    void windows1252CellsBecomeUtf8()
    {
        const Parsed p = parse("first_name,last_name", QByteArray("Jos\xe9,\x80uro\n"), false, Entity::Contact, MatchBy::Default,
                               Encoding::Windows1252);
        QCOMPARE(p.value(0, "contacts_first_name"), QString::fromUtf8("José"));
        QCOMPARE(p.value(0, "contacts_last_name"), QString::fromUtf8("€uro"));
    }
    void decision10_valuesAreNormalised()
    {
        const Parsed p = parse("first_name,last_name,mobile_phone,departments", " Ada ,_,'+1 555,\"Sales,  sales, ,Design\"\n");
        QCOMPARE(p.value(0, "contacts_first_name"), QStringLiteral("Ada"));
        QCOMPARE(p.value(0, "contacts_last_name"), QStringLiteral("NULL"));
        QCOMPARE(p.value(0, "contacts_mobile_phone"), QStringLiteral("+1 555"));
        QCOMPARE(p.value(0, "contacts_departments"), QStringLiteral("Sales|Design"));
    }
    void fullNameIsSplitAtTheFirstSpace()
    {
        const Parsed p = parse("Full Name,email", "Ada de Quill,\nCher,\n");
        QCOMPARE(p.value(0, "contacts_first_name"), QStringLiteral("Ada"));
        QCOMPARE(p.value(0, "contacts_last_name"), QStringLiteral("de Quill"));
        QCOMPARE(p.value(1, "contacts_last_name"), QStringLiteral("NULL"));
    }
    void decision11_rejectsLineCarriesTheOriginalCells()
    {
        const Parsed p = parse("first_name,email", "\"A, \"\"B\"\"\",bad\n");
        QCOMPARE(p.chunk.rejectsCsv, std::string("1,2,17,email,bad,invalid_email,\"A, \"\"B\"\"\",bad\n"));
    }
    void companiesFileNeedsSomethingThatNamesTheCompany()
    {
        const Parsed p = parse("name,website", "Pumps,http://p.example\n,http://q.example\n", false, Entity::Company);
        QCOMPARE(p.chunk.rows.rowCount(), 1);
        QCOMPARE(p.chunk.rejects.front().reason, QStringLiteral("no_identity"));
    }
};

QTEST_GUILESS_MAIN(TestImportParser)
#include "tst_import_parser.moc"

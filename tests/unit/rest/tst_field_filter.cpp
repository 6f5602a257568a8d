// SPDX-License-Identifier: GPL-3.0-or-later
#include "field_filter.h"

#include "query_string.h"
#include "record_shape.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace a360;
using namespace a360::rest;

namespace {

FieldFilter filter(const QByteArray &query)
{
    return FieldFilter::parse(parseQueryString(query));
}

/// A row of the shape's columns: texts are "x", numbers 7, lists and times NULL.
db::RowBatch rowsOf(const RecordShape &shape, int count)
{
    std::vector<db::ColumnType> types;
    for (const contacts::OutputColumn &column : shape.columns())
        types.push_back(column.type);
    db::RowBatch rows(types);
    for (int i = 0; i < count; ++i) {
        for (const db::ColumnType type : types) {
            if (type == db::ColumnType::Text)
                rows.appendText("x");
            else if (type == db::ColumnType::Integer)
                rows.appendInteger(7);
            else
                rows.appendNull();
        }
    }
    return rows;
}

QJsonArray serialized(const RecordShape &shape, int count)
{
    std::string out;
    shape.serialize(out, rowsOf(shape, count));
    return QJsonDocument::fromJson(QByteArray::fromStdString(out)).array();
}

} // namespace

class TestFieldFilter : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void withoutParametersEverythingIsShown()
    {
        QVERIFY(filter("").isEmpty());
        QVERIFY(filter("fields=&exclude_fields=,%20,").isEmpty());
        QVERIFY(filter("title=cto").isEmpty());
        QVERIFY(filter("").shows(QStringLiteral("uuid")));
    }
    void includeWinsOverExclude()
    {
        const FieldFilter shown = filter("fields=uuid,title&exclude_fields=title,email");
        QVERIFY(shown.shows(QStringLiteral("uuid")) && shown.shows(QStringLiteral("title")));
        QVERIFY(!shown.shows(QStringLiteral("email")) && !shown.shows(QStringLiteral("first_name")));
        const FieldFilter hidden = filter("exclude_fields=title,email");
        QVERIFY(hidden.shows(QStringLiteral("first_name")));
        QVERIFY(!hidden.shows(QStringLiteral("title")) && !hidden.shows(QStringLiteral("email")));
    }
    void oneChoiceHasOneText()
    {
        QCOMPARE(filter("fields=uuid,title").canonical(), QStringLiteral("+title,uuid"));
        QCOMPARE(filter("fields=title&fields=%20uuid,,title&exclude_fields=email").canonical(), QStringLiteral("+title,uuid"));
        QCOMPARE(filter("exclude_fields=b,a").canonical(), QStringLiteral("-a,b"));
        QCOMPARE(filter("").canonical(), QString());
    }
    void unknownNamesAreRefused_data()
    {
        QTest::addColumn<QByteArray>("query");
        QTest::addColumn<QString>("parameter");
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("meant");
        QTest::newRow("shown") << QByteArray("fields=uuid,titel") << QStringLiteral("fields") << QStringLiteral("titel")
                               << QStringLiteral("Did you mean 'title'?");
        QTest::newRow("hidden") << QByteArray("exclude_fields=Email") << QStringLiteral("exclude_fields")
                                << QStringLiteral("Email") << QStringLiteral("Did you mean 'email'?");
        QTest::newRow("hidden, though shown wins") << QByteArray("fields=uuid&exclude_fields=emial")
                                                   << QStringLiteral("exclude_fields") << QStringLiteral("emial")
                                                   << QStringLiteral("Did you mean 'email'?");
        QTest::newRow("nothing near") << QByteArray("fields=shoe_size_of_left_foot") << QStringLiteral("fields")
                                      << QStringLiteral("shoe_size_of_left_foot") << QStringLiteral("There are uuid, first_name,");
        QTest::newRow("within an object") << QByteArray("fields=meta_data.latest_funding_amount") << QStringLiteral("fields")
                                          << QStringLiteral("meta_data.latest_funding_amount") << QStringLiteral("There are");
    }
    void unknownNamesAreRefused()
    {
        QFETCH(QByteArray, query);
        QFETCH(QString, parameter);
        QFETCH(QString, name);
        QFETCH(QString, meant);
        const Result<RecordShape> shape = RecordShape::contactItem().only(filter(query));
        QVERIFY(!shape.ok());
        QCOMPARE(shape.error().code, ErrorCode::InvalidArgument);
        QCOMPARE(shape.error().field, parameter);
        QVERIFY2(shape.error().message.contains(QStringLiteral("Unknown field: ") + name), qPrintable(shape.error().message));
        QVERIFY2(shape.error().message.contains(meant), qPrintable(shape.error().message));
    }

    void aShapeNeedsOnlyTheColumnsItShows()
    {
        const RecordShape whole = RecordShape::contactDetail();
        const Result<RecordShape> few = whole.only(filter("fields=title,uuid,metadata"));
        QVERIFY(few.ok());
        for (const contacts::OutputColumn &column : few->columns())
            QVERIFY2(column.source->table == contacts::Table::Contacts || column.source->table == contacts::Table::ContactsMetadata,
                     column.header.constData());
        QCOMPARE(few->columns().size(), 2 + contacts::physicalColumns(contacts::Table::ContactsMetadata).size());
        const QJsonObject record = serialized(*few, 1).at(0).toObject();
        QCOMPARE(record.keys(), (QStringList{QStringLiteral("metadata"), QStringLiteral("title"), QStringLiteral("uuid")}));
        QCOMPARE(record.value(u"metadata").toObject().value(u"city").toString(), QStringLiteral("x"));
    }
    void whatIsLeftOutIsNotThere()
    {
        const RecordShape whole = RecordShape::companyItem();
        const Result<RecordShape> most = whole.only(filter("exclude_fields=metadata,keywords"));
        QVERIFY(most.ok());
        QJsonObject expected = serialized(whole, 1).at(0).toObject();
        expected.remove(QStringLiteral("metadata"));
        expected.remove(QStringLiteral("keywords"));
        QCOMPARE(serialized(*most, 1).at(0).toObject(), expected);
        QVERIFY(most->columns().size() < whole.columns().size());
    }
    void aRecordOfNothingIsStillARecord()
    {
        const RecordShape simple = RecordShape::contactSimple();
        const Result<RecordShape> none = simple.only(filter(
            "exclude_fields=uuid,first_name,last_name,title,location,company_name,person_linkedin_url,company_domain"));
        QVERIFY(none.ok());
        QCOMPARE(none->columns().size(), size_t(1));
        QCOMPARE(serialized(*none, 2), (QJsonArray{QJsonObject(), QJsonObject()}));
    }
    void noRowsAreAnEmptyArray()
    {
        std::string out = "before ";
        const RecordShape shape = RecordShape::contactItem();
        shape.serialize(out, rowsOf(shape, 0));
        QCOMPARE(out, std::string("before []"));
        QCOMPARE(serialized(shape, 3).size(), 3);
    }
};

QTEST_GUILESS_MAIN(TestFieldFilter)
#include "tst_field_filter.moc"

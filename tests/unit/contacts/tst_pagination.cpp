// SPDX-License-Identifier: GPL-3.0-or-later
#include "contacts/pagination.h"
#include "contacts/repository.h"

#include <QTest>

using namespace a360;
using namespace a360::contacts;

namespace {

Query query(const QString &ordering, const QString &title = QStringLiteral("cto"), Entity entity = Entity::Contact)
{
    const Parameters parameters{{QStringLiteral("ordering"), ordering}, {QStringLiteral("title"), title}};
    auto parsed = parseQuery(entity, parameters, DefaultOrder::NewestFirst);
    return parsed.ok() ? parsed->query : Query();
}

QByteArray url64(const QByteArray &text)
{
    return text.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
}

} // namespace

class TestPagination : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void keysetCursorsComeBack_data()
    {
        QTest::addColumn<QString>("ordering");
        QTest::addColumn<QList<QByteArray>>("texts"); // "#5" is a number, "-" is NULL
        QTest::newRow("id") << QStringLiteral("id") << QList<QByteArray>{"#9223372036854775807"};
        QTest::newRow("time and id") << QString() << QList<QByteArray>{"#1709209800250000", "#5"};
        QTest::newRow("text") << QStringLiteral("email") << QList<QByteArray>{"\xC3\x89 \"quoted\" \\ ,", "#5"};
        QTest::newRow("empty text") << QStringLiteral("email") << QList<QByteArray>{"", "#5"};
        QTest::newRow("NULL") << QStringLiteral("email") << QList<QByteArray>{"-", "#5"};
        QTest::newRow("no UTF-8") << QStringLiteral("email") << QList<QByteArray>{"\xFF\xFE", "#5"};
        QTest::newRow("several") << QStringLiteral("company,-employees,email")
                                 << QList<QByteArray>{"x", "#9007199254740993", "-", "#1"};
    }
    void keysetCursorsComeBack()
    {
        QFETCH(QString, ordering);
        QFETCH(QList<QByteArray>, texts);
        Keyset place;
        for (const QByteArray &text : texts) {
            if (text == "-")
                place.values.emplace_back(std::monostate());
            else if (text.startsWith('#'))
                place.values.emplace_back(text.mid(1).toLongLong());
            else
                place.values.emplace_back(text);
        }
        const Query asked = query(ordering);
        const QByteArray cursor = encodeCursor(asked, place);
        QVERIFY(!cursor.contains('=') && !cursor.contains('+') && !cursor.contains('/'));
        const auto slice = decodeCursor(asked, cursor);
        QVERIFY(slice.ok());
        QVERIFY(slice->after.has_value());
        QVERIFY(slice->after->values == place.values);
        QCOMPARE(slice->skip, qint64(0));
    }
    void aCursorOfAnotherQueryIsRefused()
    {
        const QByteArray cursor = encodeCursor(query(QStringLiteral("email")), {{QByteArray("x"), qint64(5)}});
        QVERIFY(decodeCursor(query(QStringLiteral("email")), cursor).ok());
        // The same query in other words.
        QVERIFY(decodeCursor(query(QStringLiteral(" email,email"), QStringLiteral("CTO,cto")), cursor).ok());
        const Query others[] = {query(QStringLiteral("-email")), query(QStringLiteral("title")),
                                query(QStringLiteral("email"), QStringLiteral("ceo")),
                                query(QStringLiteral("email,title")), query(QString())};
        for (const Query &other : others) {
            const auto slice = decodeCursor(other, cursor);
            QVERIFY(!slice.ok());
            QCOMPARE(slice.error().code, ErrorCode::InvalidArgument);
            QCOMPARE(slice.error().message, QStringLiteral("Invalid cursor value"));
            QCOMPARE(slice.error().field, QStringLiteral("cursor"));
        }
    }
    void brokenCursorsAreRefused_data()
    {
        QTest::addColumn<QByteArray>("cursor");
        const QByteArray hash = query(QStringLiteral("email")).hash();
        const auto json = [&](const QByteArray &values, const QByteArray &id, const QByteArray &version) {
            return url64("{\"v\":" + version + ",\"order\":\"email,id\",\"values\":" + values + ",\"id\":" + id +
                         ",\"hash\":\"" + hash + "\"}");
        };
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("garbage") << QByteArray("%%%");
        QTest::newRow("not base64") << QByteArray("bz0w!");
        QTest::newRow("negative offset") << url64("o=-5");
        QTest::newRow("negative number") << QByteArray("-5");
        QTest::newRow("offset too large") << url64("o=99999999999999999999");
        QTest::newRow("other text") << url64("hello");
        QTest::newRow("no value") << json("[]", "5", "1");
        QTest::newRow("too many values") << json("[\"a\",\"b\"]", "5", "1");
        QTest::newRow("no id") << json("[\"a\"]", "null", "1");
        QTest::newRow("id is text") << json("[\"a\"]", "\"5\"", "1");
        QTest::newRow("value of no kind") << json("[true]", "5", "1");
        QTest::newRow("another version") << json("[\"a\"]", "5", "2");
        QTest::newRow("the unused keyset cursor of the existing service") << QByteArray("eyJpZCI6IDQ3MTF9");
    }
    void brokenCursorsAreRefused()
    {
        QFETCH(QByteArray, cursor);
        const auto slice = decodeCursor(query(QStringLiteral("email")), cursor);
        QVERIFY(!slice.ok());
        QCOMPARE(slice.error().message, QStringLiteral("Invalid cursor value"));
    }
    void aWellFormedCursorOfTheseFieldsIsRead()
    {
        const Query asked = query(QStringLiteral("email"));
        const auto slice = decodeCursor(asked, url64("{\"v\":1,\"order\":\"email,id\",\"values\":[\"a\"],\"id\":5,"
                                                     "\"hash\":\"" + asked.hash() + "\"}"));
        QVERIFY(slice.ok());
    }
    void offsetCursors_data()
    {
        QTest::addColumn<qint64>("offset");
        QTest::addColumn<QByteArray>("cursor");
        QTest::newRow("0") << qint64(0) << QByteArray("bz0w");
        QTest::newRow("25") << qint64(25) << QByteArray("bz0yNQ==");
        QTest::newRow("100") << qint64(100) << QByteArray("bz0xMDA=");
        QTest::newRow("2000") << qint64(2000) << QByteArray("bz0yMDAw");
    }
    void offsetCursors()
    {
        QFETCH(qint64, offset);
        QFETCH(QByteArray, cursor);
        QCOMPARE(encodeOffsetCursor(offset), cursor);
        const QByteArray bare = QByteArray::number(offset);
        for (const QByteArray &form : {cursor, bare, bare.toBase64(), url64("o=" + bare)}) {
            const auto slice = decodeCursor(query(QString()), form);
            QVERIFY(slice.ok());
            QCOMPARE(slice->skip, offset);
            QVERIFY(!slice->after.has_value());
        }
    }

    void pageSizes()
    {
        QCOMPARE(normalizePageSize(std::nullopt, 100, 1000), qint64(100));
        QCOMPARE(normalizePageSize(0, 100, 1000), qint64(100));
        QCOMPARE(normalizePageSize(-3, 100, 1000), qint64(100));
        QCOMPARE(normalizePageSize(1, 100, 1000), qint64(1));
        QCOMPARE(normalizePageSize(1000, 100, 1000), qint64(1000));
        QCOMPARE(normalizePageSize(1001, 100, 1000), qint64(1000));
    }
    void pageOffsets()
    {
        QCOMPARE(pageOffset(1, 100), qint64(0));
        QCOMPARE(pageOffset(3, 100), qint64(200));
        QCOMPARE(pageOffset(0, 100), qint64(0));
        QCOMPARE(pageOffset(-7, 100), qint64(0));
        QCOMPARE(pageOffset(std::numeric_limits<qint64>::max(), 1000), std::numeric_limits<qint64>::max());
    }
    void cursorIsAdvisedForLargeOffsets()
    {
        QVERIFY(!shouldUseCursorPagination(999));
        QVERIFY(shouldUseCursorPagination(1000));
        QVERIFY(shouldUseCursorPagination(5, 5));
        const PaginationAdvice far = optimizePaginationParams(1500, 100, {});
        QVERIFY(far.useCursor && far.cursor.isEmpty() && !far.recommendation.isEmpty());
        QCOMPARE(far.offset, qint64(1500));
        const PaginationAdvice near = optimizePaginationParams(10, 100, {});
        QVERIFY(!near.useCursor && near.recommendation.isEmpty());
        const PaginationAdvice large = optimizePaginationParams(0, 501, {});
        QVERIFY(!large.useCursor && !large.recommendation.isEmpty());
        const PaginationAdvice withCursor = optimizePaginationParams(0, 100, "bz0yMDAw");
        QVERIFY(withCursor.useCursor && withCursor.recommendation.isEmpty());
        QCOMPARE(withCursor.offset, qint64(2000));
        const PaginationAdvice broken = optimizePaginationParams(7, 100, "???");
        QVERIFY(!broken.useCursor && broken.cursor.isEmpty());
        QCOMPARE(broken.offset, qint64(7));
    }
    void metadata()
    {
        const PaginationMetadata known = paginationMetadata(10'000, 100, 500);
        QCOMPARE(known.currentPage, qint64(6));
        QCOMPARE(*known.totalPages, qint64(100));
        QVERIFY(*known.hasNext && known.hasPrevious);
        const PaginationMetadata last = paginationMetadata(101, 100, 100);
        QCOMPARE(*last.totalPages, qint64(2));
        QVERIFY(!*last.hasNext);
        const PaginationMetadata unknown = paginationMetadata(std::nullopt, 100, 100);
        QVERIFY(!unknown.totalItems && !unknown.totalPages && !unknown.hasNext && unknown.hasPrevious);
        const PaginationMetadata none = paginationMetadata(0, 100, 0);
        QCOMPARE(*none.totalPages, qint64(1));
        QVERIFY(!*none.hasNext && !none.hasPrevious);
        const PaginationMetadata noSize = paginationMetadata(10, 0, 5);
        QCOMPARE(*noSize.totalPages, qint64(1));
        QCOMPARE(noSize.currentPage, qint64(1));
    }
};

QTEST_GUILESS_MAIN(TestPagination)
#include "tst_pagination.moc"

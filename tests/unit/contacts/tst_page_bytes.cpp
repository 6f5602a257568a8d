// SPDX-License-Identifier: GPL-3.0-or-later
#include "contacts/page_bytes.h"

#include "core/bytes.h"

#include <QTest>

using namespace a360;
using namespace a360::contacts;

/// A page has to come back from a cache as it went in, and nothing else may come back as a page.
class TestPageBytes : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void comesBackWhole();
    void refusesOtherBytes();

private:
    static std::vector<OutputColumn> columns()
    {
        return {{"name", db::ColumnType::Text}, {"count", db::ColumnType::Integer}, {"tags", db::ColumnType::TextList}};
    }
    static Page page()
    {
        Page page;
        page.columns = columns();
        page.rows = db::RowBatch({db::ColumnType::Text, db::ColumnType::Integer, db::ColumnType::TextList, db::ColumnType::Integer});
        for (int i = 0; i < 3; ++i) {
            if (i == 1)
                page.rows.appendNull();
            else
                page.rows.appendText(i == 0 ? "Zo\xC3\xAB" : "");
            page.rows.appendInteger(i - 1);
            page.rows.appendListBytes(std::string_view("\x01\0\0\0x", 5));
            page.rows.appendInteger(100 + i);
        }
        page.more = true;
        page.scannedWithoutIndex = true;
        page.first = Keyset{{db::Value(QByteArray("a\0b", 3)), db::Value(qint64(100))}};
        page.last = Keyset{{db::Value(), db::Value(qint64(-1))}};
        return page;
    }
};

void TestPageBytes::comesBackWhole()
{
    const Page before = page();
    const std::optional<Page> after = decodePage(encodePage(before), columns());
    QVERIFY(after);
    QCOMPARE(after->columns.size(), size_t(3));
    QCOMPARE(after->rows.types(), before.rows.types());
    QCOMPARE(after->rows.rowCount(), 3);
    for (qsizetype row = 0; row < 3; ++row) {
        for (int column = 0; column < 4; ++column) {
            QCOMPARE(after->rows.cell(row, column).isNull(), before.rows.cell(row, column).isNull());
            QCOMPARE(bytesOf(after->rows.cell(row, column).text()), bytesOf(before.rows.cell(row, column).text()));
        }
    }
    QVERIFY(after->more && after->scannedWithoutIndex);
    QVERIFY(after->first->values == before.first->values);
    QVERIFY(after->last->values == before.last->values);
    Page empty;
    empty.rows = db::RowBatch({db::ColumnType::Text, db::ColumnType::Integer, db::ColumnType::TextList});
    const std::optional<Page> nothing = decodePage(encodePage(empty), columns());
    QVERIFY(nothing && nothing->rows.rowCount() == 0 && !nothing->first && !nothing->more);
}

void TestPageBytes::refusesOtherBytes()
{
    const QByteArray bytes = encodePage(page());
    QVERIFY(decodePage(bytes, columns()));
    for (qsizetype size = 0; size < bytes.size(); ++size)
        QVERIFY2(!decodePage(bytes.first(size), columns()), qPrintable(QString::number(size)));
    QVERIFY(!decodePage(bytes + 'x', columns()));
    QVERIFY(!decodePage("{\"results\":[]}", columns()));
    std::vector<OutputColumn> others = columns();
    others[1].type = db::ColumnType::Text;
    QVERIFY(!decodePage(bytes, others));
    for (qsizetype i = 0; i < bytes.size(); ++i) { // whatever became of it, nobody crashes
        QByteArray broken = bytes;
        broken[i] = char(broken[i] ^ 0x81);
        static_cast<void>(decodePage(broken, columns()));
    }
}

QTEST_GUILESS_MAIN(TestPageBytes)
#include "tst_page_bytes.moc"

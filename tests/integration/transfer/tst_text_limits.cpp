// SPDX-License-Identifier: GPL-3.0-or-later
// Texts that PostgreSQL's indexes cannot take are rejected by row, on both databases alike.
#include "transfer_fixture.h"

#include "contacts/text_limits.h"

#include <QRandomGenerator>
#include <QTest>

using namespace a360;
using namespace a360::test;
using namespace a360::transfer;
using contacts::Entity;
using contacts::PhysicalColumn;
using contacts::Table;
using contacts::TextLimit;

namespace {

constexpr Table kTables[] = {Table::Contacts, Table::ContactsMetadata, Table::Companies, Table::CompaniesMetadata};

/// Letters without any repetition that a compressor could use.
QByteArray noise(int bytes, quint32 seed = 1)
{
    QRandomGenerator random(seed);
    QByteArray text;
    while (text.size() < bytes)
        text += "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"[random.bounded(64)];
    return text;
}

/// A value that reaches the column's limit exactly.
QByteArray longest(const PhysicalColumn &column)
{
    const TextLimit limit = contacts::textLimit(column.table, column.name);
    const auto seed = static_cast<quint32>(qHash(column.header));
    if (limit.elementBytes > 0)
        return noise(limit.elementBytes, seed) + ',' + noise(limit.elementBytes, seed + 1);
    if (column.name == "email")
        return noise(limit.bytes - 4, seed) + "@a.b";
    if (column.type != db::ColumnType::TextList)
        return noise(limit.bytes, seed);
    QByteArrayList elements; // short ones have the greatest overhead
    while (elements.size() < limit.bytes / (8 + 2))
        elements.append(QByteArray::number(elements.size(), 16).rightJustified(2, '0'));
    return elements.join(',');
}

bool isLimited(const PhysicalColumn &column)
{
    const TextLimit limit = contacts::textLimit(column.table, column.name);
    return limit.bytes > 0 || limit.elementBytes > 0;
}

/// Header and one record with every limited column of the full export at its limit; `over` one byte longer.
QByteArray fullFile(std::string_view over = {})
{
    QByteArrayList header, cells;
    for (const Table table : kTables) {
        for (const PhysicalColumn &column : contacts::physicalColumns(table)) {
            if (!isLimited(column))
                continue;
            header.append(QByteArray(column.header.data(), static_cast<qsizetype>(column.header.size())));
            cells.append('"' + longest(column) + (column.header == over ? "x" : "") + '"');
        }
    }
    return header.join(',') + '\n' + cells.join(',') + '\n';
}

} // namespace

class TestTextLimits : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QVERIFY2(m_databases.open(), m_databases.problem()); }

    void aLongTitleCostsItsOwnRowOnly_data() { addDialectRows(); }
    void aLongTitleCostsItsOwnRowOnly()
    {
        QFETCH(db::Dialect, dialect);
        TransferBench bench(m_databases.fresh(dialect));
        ImportRequest request;
        request.rejectsPath = bench.file(QStringLiteral("rejects.csv"));
        const QByteArray title = noise(3000);
        const QByteArray file = "first_name,email,Job Title\nAda,ada@n.example,CTO\nBo,bo@n.example," + title
            + "\nCy,cy@n.example,CEO\n";
        const auto report = bench.import(file, request);
        A360_VERIFY_OK(report);
        QCOMPARE(report->inserted, 2);
        QCOMPARE(report->rejected, 1);
        QCOMPARE(report->rejectedByReason.value(QStringLiteral("text_too_long")), 1);
        const Reject &reject = report->firstRejects.front();
        QCOMPARE(reject.row, 2);
        QCOMPARE(reject.column, QStringLiteral("Job Title"));
        QCOMPARE(reject.limit, 2500);
        QVERIFY(reject.value.size() <= 201); // a thousand of them are kept
        QFile rejects(request.rejectsPath);
        QVERIFY(rejects.open(QIODevice::ReadOnly));
        QCOMPARE(rejects.readAll(), "_row,_line,_offset,_column,_value,_reason,first_name,email,Job Title\n2,3,49,Job Title,"
                     + title + ",text_too_long,Bo,bo@n.example," + title + '\n');
        request.lenient = true;
        const auto lenient = bench.import(file, request);
        A360_VERIFY_OK(lenient);
        QCOMPARE(lenient->inserted, 1);
        QCOMPARE(lenient->warnings, 1);
        QCOMPARE(lenient->firstWarnings.front().reason, QStringLiteral("text_too_long"));
        QCOMPARE(bench.ask("SELECT title FROM contacts WHERE first_name = 'Bo'"), QStringLiteral("NULL"));
    }

    void everyColumnTakesItsLimitAndNoMore_data() { addDialectRows(); }
    void everyColumnTakesItsLimitAndNoMore()
    {
        QFETCH(db::Dialect, dialect);
        TransferBench bench(m_databases.fresh(dialect));
        const auto full = bench.import(fullFile());
        A360_VERIFY_OK(full);
        QCOMPARE(full->inserted, 1);
        QCOMPARE(full->companiesInserted, 1);
        for (const Table table : kTables) {
            for (const PhysicalColumn &column : contacts::physicalColumns(table)) {
                if (!isLimited(column))
                    continue;
                const auto over = bench.import(fullFile(column.header));
                A360_VERIFY_OK(over);
                const QByteArray name(column.header.data(), static_cast<qsizetype>(column.header.size()));
                QVERIFY2(over->rejected == 1, name.constData());
                QCOMPARE(over->firstRejects.front().column, QString::fromLatin1(name));
                QCOMPARE(over->firstRejects.front().reason, QStringLiteral("text_too_long"));
            }
        }
    }

    void lenientKeysFallBackToTheMadeOnes_data() { addDialectRows(); }
    void lenientKeysFallBackToTheMadeOnes()
    {
        QFETCH(db::Dialect, dialect);
        TransferBench bench(m_databases.fresh(dialect));
        ImportRequest request;
        request.lenient = true;
        const auto report = bench.import("uuid,first_name,company_uuid,company\n" + noise(3000) + ",Ada," + noise(3000) + ",Pumps\n", request);
        A360_VERIFY_OK(report);
        QCOMPARE(report->warnings, 2);
        QCOMPARE(bench.ask("SELECT length(uuid) FROM contacts"), QStringLiteral("36"));
        QCOMPARE(bench.ask("SELECT length(uuid) FROM companies"), QStringLiteral("36"));
    }

    /// The table in contacts/text_limits.cpp knows every index there is.
    void everyIndexFitsWithItsColumnsAtTheirLimits()
    {
        TransferBench bench(m_databases.fresh(db::Dialect::PostgreSql));
        auto lease = bench.pool().lease();
        A360_VERIFY_OK(lease);
        using enum db::ColumnType;
        const auto rows = lease->query(
            db::Sql(db::Dialect::PostgreSql,
                    "SELECT i.relname::text, t.relname::text, m.amname::text, a.attname::text, a.atttypid::regtype::text"
                    " FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid"
                    " JOIN pg_am m ON m.oid = i.relam CROSS JOIN unnest(x.indkey) WITH ORDINALITY k(attnum, n)"
                    " JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.attnum"
                    " JOIN pg_opclass o ON o.oid = x.indclass[k.n - 1]"
                    " WHERE t.relname IN ('contacts', 'contacts_metadata', 'companies', 'companies_metadata')"
                    " AND (m.amname = 'btree' OR o.opcname = 'array_ops') ORDER BY 1"),
            {Text, Text, Text, Text, Text});
        A360_VERIFY_OK(rows);
        QVERIFY(rows->rowCount() > 25);
        QMap<QByteArray, int> entryBytes;
        for (qsizetype row = 0; row < rows->rowCount(); ++row) {
            const auto text = [&](int column) {
                return QByteArray(rows->cell(row, column).data, rows->cell(row, column).size);
            };
            const QByteArray name = text(1) + '.' + text(3);
            const auto *table = std::find_if(std::begin(kTables), std::end(kTables),
                                             [&](Table t) { return contacts::tableName(t) == text(1).toStdString(); });
            const TextLimit limit = contacts::textLimit(*table, text(3).toStdString());
            const bool list = text(4) == "text[]";
            if (text(2) == "gin")
                QVERIFY2(limit.elementBytes > 0 ? limit.elementBytes <= 2600 : limit.bytes > 0, name.constData());
            else if (list || text(4) == "text" || text(4).startsWith("character"))
                QVERIFY2(limit.bytes > 0, name.constData());
            // Headers of an entry and of its values, padding included (PostgreSQL, itup.h and array.h).
            if (text(2) == "btree")
                entryBytes[text(0)] += limit.bytes + (list ? 24 + 8 : 8);
        }
        for (auto it = entryBytes.cbegin(); it != entryBytes.cend(); ++it)
            QVERIFY2(16 + it.value() <= 2704, it.key().constData());
    }

private:
    TestDatabases m_databases;
};

QTEST_GUILESS_MAIN(TestTextLimits)
#include "tst_text_limits.moc"

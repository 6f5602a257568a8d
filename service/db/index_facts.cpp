// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/index_facts.h"

#include "db/schema_facts.h"

namespace a360::db {

namespace {

QByteArray bytesOf(Cell cell)
{
    return {cell.text().data(), static_cast<qsizetype>(cell.text().size())};
}

// One row for each key of each index.
constexpr char postgresKeys[] = R"sql(
SELECT c.relname::text, quote_ident(n.nspname) || '.' || quote_ident(c.relname), t.relname::text, am.amname::text,
       x.indisvalid::int::bigint, (x.indpred IS NOT NULL)::int::bigint, k::bigint,
       pg_get_indexdef(x.indexrelid, k, false), CASE WHEN o.opcdefault THEN '' ELSE o.opcname::text END,
       (x.indoption[k - 1] & 3)::bigint, (a.attnum IS NOT NULL AND a.attcollation <> x.indcollation[k - 1])::int::bigint
FROM pg_index x
JOIN pg_class c ON c.oid = x.indexrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_class t ON t.oid = x.indrelid
JOIN pg_am am ON am.oid = c.relam
CROSS JOIN LATERAL generate_series(1, x.indnkeyatts) k
JOIN pg_opclass o ON o.oid = x.indclass[k - 1]
LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = x.indkey[k - 1] AND a.attnum > 0
WHERE t.oid IN (to_regclass('contacts'), to_regclass('contacts_metadata'), to_regclass('companies'),
                to_regclass('companies_metadata'))
ORDER BY 3, 1, k)sql";

// The same columns. An expression has no name in xinfo and is of no use here: the whole index is passed over.
constexpr char sqliteKeys[] = R"sql(
SELECT i.name, i.name, t.name, 'btree', 1, i.partial, k.seqno + 1, k.name, '', k."desc" * 3, k.coll <> 'BINARY'
FROM sqlite_master t, pragma_index_list(t.name) i, pragma_index_xinfo(i.name) k
WHERE t.type = 'table' AND t.name IN ('contacts', 'contacts_metadata', 'companies', 'companies_metadata')
  AND k.key = 1 AND NOT EXISTS (SELECT 1 FROM pragma_index_xinfo(i.name) e WHERE e.key = 1 AND e.name IS NULL)
ORDER BY t.name, i.name, k.seqno)sql";

IndexKey keyOf(const RowBatch &rows, qsizetype row)
{
    constexpr qint64 descendingNullsFirst = 3, ascendingNullsLast = 0;
    const qint64 order = rows.cell(row, 9).integer();
    IndexKey key;
    key.expression = normalisedIndexKey(bytesOf(rows.cell(row, 7)));
    key.operatorClass = bytesOf(rows.cell(row, 8));
    key.descending = order == descendingNullsFirst;
    key.unusual = (order != descendingNullsFirst && order != ascendingNullsLast) || rows.cell(row, 10).integer() != 0;
    return key;
}

} // namespace

Result<std::vector<IndexFact>> listIndexes(Lease &lease)
{
    const bool postgres = lease.dialect() == Dialect::PostgreSql;
    const Sql select(lease.dialect(), postgres ? postgresKeys : sqliteKeys);
    using enum ColumnType;
    A360_TRY_ASSIGN(const RowBatch rows, lease.query(select, {Text, Text, Text, Text, Integer, Integer, Integer, Text, Text,
                                                              Integer, Integer}));
    std::vector<IndexFact> indexes;
    for (qsizetype row = 0; row < rows.rowCount(); ++row) {
        if (rows.cell(row, 6).integer() == 1) {
            indexes.push_back({bytesOf(rows.cell(row, 0)), bytesOf(rows.cell(row, 1)), bytesOf(rows.cell(row, 2)),
                               bytesOf(rows.cell(row, 3)), rows.cell(row, 4).integer() != 0,
                               rows.cell(row, 5).integer() != 0, {}});
        }
        indexes.back().keys.push_back(keyOf(rows, row));
    }
    return indexes;
}

QByteArray normalisedIndexKey(QByteArrayView key)
{
    QByteArray out;
    bool quoted = false;
    for (const char c : key) {
        if (c == '\'')
            quoted = !quoted;
        if (quoted)
            out += c;
        else if (c != ' ' && c != '\n' && c != '(' && c != ')')
            out += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    }
    out.replace("e'\\n'", "'\n'"); // how people write what the server prints as a line feed
    for (const char *cast : {"::text[]", "::text", "::charactervarying"})
        out.replace(cast, "");
    return out;
}

bool isTrigramClass(const QByteArray &operatorClass)
{
    return operatorClass == "gin_trgm_ops" || operatorClass == "gist_trgm_ops";
}

} // namespace a360::db

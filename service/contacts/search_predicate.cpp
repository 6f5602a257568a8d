// SPDX-License-Identifier: GPL-3.0-or-later
#include "contacts/predicates.h"

#include "contacts/fts_phrase.h"
#include "core/text.h"
#include "db/search_expressions.h"

namespace a360::contacts {

namespace {

using db::Sql;

QByteArray bytes(std::string_view text)
{
    return {text.data(), static_cast<qsizetype>(text.size())};
}

constexpr Table allTables[] = {Table::Contacts, Table::ContactsMetadata, Table::Companies, Table::CompaniesMetadata};

bool isSearched(const SqlTerms &terms, Table table)
{
    return terms.entity() == Entity::Contact || table >= Table::Companies;
}

/// The searched columns of a table as one text, joined by line feeds, which no word holds; NULLs left out. Empty when
/// the database has none of them.
QByteArray searchedText(const SqlTerms &terms, Table table)
{
    QByteArray out;
    for (const PhysicalColumn *column : searchColumns(table)) {
        if (!terms.has(column))
            continue;
        const QByteArray value = terms.reading(column, nullptr);
        const bool list = column->type == db::ColumnType::TextList;
        if (terms.isPostgres())
            out += ", " + (list ? "array_to_string(" + value + ", E'\\n')" : value);
        else
            out += (out.isEmpty() ? "coalesce(" : " || char(10) || coalesce(") +
                   (list ? "a360_array_text(" + value + ", char(10))" : value) + ", '')";
    }
    return terms.isPostgres() && !out.isEmpty() ? "concat_ws(E'\\n'" + out + ')' : out;
}

/// "FROM companies co JOIN contacts m ON …": a table with the main table's rows that belong to it.
QByteArray fromTable(const SqlTerms &terms, Table table)
{
    const QByteArray alias = bytes(tableAlias(table));
    const QByteArray from = "FROM " + bytes(tableName(table)) + ' ' + alias;
    const Table main = terms.mainTable();
    if (table == main)
        return from;
    const bool byUuid = main == Table::Companies || table == Table::ContactsMetadata;
    return from + " JOIN " + bytes(tableName(main)) + " m ON m." + (byUuid ? "uuid" : "company_id") + " = " + alias +
           ".uuid";
}

QByteArray mainId(const SqlTerms &terms, Table table)
{
    return table == terms.mainTable() ? terms.id() : QByteArray("m.id");
}

/// The row of `table` holds the word, found by index.
Sql indexedMatch(const SqlTerms &terms, const db::SearchTable &searched, Table table, const QByteArray &word)
{
    const QByteArray alias = bytes(tableAlias(table));
    if (terms.isPostgres())
        return containsText(terms, db::postgresSearchExpression(searched, asView(alias + '.')), word, true);
    Sql condition = terms.empty();
    const QByteArray phrases =
        ftsPhrases(asView(word), searched.listColumns.empty() ? FtsContent::Plain : FtsContent::Json);
    if (!phrases.isEmpty())
        condition.raw(alias + ".id IN ").append(ftsRows(terms, searched, phrases)).raw(" AND ");
    return condition.append(containsText(terms, searchedText(terms, table), word, false));
}

/// "c.id"; with a plus where SQLite is not to start from the list that follows.
QByteArray listedId(const SqlTerms &terms, RowList list)
{
    return (list == RowList::Checks && !terms.isPostgres() ? "+" : "") + terms.id();
}

Sql indexedWord(const SqlTerms &terms, const QByteArray &word, RowList list)
{
    Sql sql = terms.text(listedId(terms, list) + " IN (");
    bool first = true;
    for (const Table table : allTables) {
        const db::SearchTable *searched = db::findSearchTable(tableName(table));
        if (!isSearched(terms, table) || searched == nullptr)
            continue;
        sql.raw((first ? "SELECT " : " UNION SELECT ") + mainId(terms, table) + ' ' + fromTable(terms, table) + " WHERE ")
            .append(indexedMatch(terms, *searched, table, word));
        first = false;
    }
    return sql.raw(")");
}

/// Without indexes each table is read once for all words: "SELECT id, word 1 found, word 2 found", put together by id.
Sql scannedWords(const SqlTerms &terms, const std::vector<QByteArray> &words, RowList list)
{
    Sql rows = terms.empty();
    for (const Table table : allTables) {
        const QByteArray text = isSearched(terms, table) ? searchedText(terms, table) : QByteArray();
        if (text.isEmpty())
            continue;
        std::vector<Sql> any;
        rows.raw((rows.isEmpty() ? "SELECT " : " UNION ALL SELECT ") + mainId(terms, table) + " AS id");
        for (size_t i = 0; i < words.size(); ++i) {
            any.push_back(containsText(terms, text, words[i], false));
            rows.raw(", ").append(any.back()).raw(" AS w" + QByteArray::number(qulonglong(i)));
        }
        rows.raw(' ' + fromTable(terms, table) + " WHERE ").append(joined(any, "OR", terms.schema().dialect));
    }
    if (rows.isEmpty())
        return terms.text("1 = 0");
    Sql sql = terms.text(listedId(terms, list) + " IN (SELECT s.id FROM (").append(rows).raw(") s GROUP BY s.id HAVING ");
    for (size_t i = 0; i < words.size(); ++i) {
        const QByteArray found = "s.w" + QByteArray::number(qulonglong(i)) + ')';
        sql.raw((i == 0 ? QByteArray() : QByteArray(" AND ")) +
                (terms.isPostgres() ? "bool_or(" + found : "max(" + found + " = 1"));
    }
    return sql.raw(")");
}

} // namespace

Sql compileSearch(const SqlTerms &terms, const Filter &filter, RowList list)
{
    std::vector<Sql> conditions;
    std::vector<QByteArray> scanned;
    for (const QByteArray &word : filter.texts) {
        // The placeholder of adopted data stands in the index like a text.
        const bool placeholder = word == "_" && !terms.schema().ownSchema;
        if (terms.schema().hasSearchIndex && !placeholder)
            conditions.push_back(indexedWord(terms, word, list));
        else
            scanned.push_back(word);
    }
    if (!scanned.empty())
        conditions.push_back(scannedWords(terms, scanned, list));
    return joined(conditions, "AND", terms.schema().dialect);
}

} // namespace a360::contacts

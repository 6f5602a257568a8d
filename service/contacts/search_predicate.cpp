// SPDX-License-Identifier: GPL-3.0-or-later
#include "contacts/predicates.h"

#include "contacts/fts_phrase.h"
#include "contacts/text_match.h"
#include "core/text.h"
#include "db/search_expressions.h"

#include <algorithm>

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

/// The searched columns of the tables as one text, joined by line feeds, which no word holds; NULLs left out.
QByteArray searchedText(const SqlTerms &terms, std::span<const Table> tables, TableSet &used)
{
    QByteArray out;
    for (const Table table : tables) {
        for (const PhysicalColumn *column : searchColumns(table)) {
            if (!isSearched(terms, table) || !terms.has(column))
                continue;
            used.insert(table);
            const QByteArray value = terms.reading(column, nullptr);
            const bool list = column->type == db::ColumnType::TextList;
            if (terms.isPostgres())
                out += ", " + (list ? "array_to_string(" + value + ", E'\\n')" : value);
            else
                out += (out.isEmpty() ? "coalesce(" : " || char(10) || coalesce(") +
                       (list ? "a360_array_text(" + value + ", char(10))" : value) + ", '')";
        }
    }
    return terms.isPostgres() ? "concat_ws(E'\\n'" + out + ')' : out;
}

/// The ids of the main table whose row in `table` holds the word, found by index.
Sql candidatesOf(const SqlTerms &terms, const db::SearchTable &searched, Table table, const QByteArray &word)
{
    const QByteArray alias = bytes(tableAlias(table));
    Sql condition = terms.empty();
    if (terms.isPostgres()) {
        condition = containsText(terms, db::postgresSearchExpression(searched, asView(alias + '.')), word, true);
    } else {
        const QByteArray fts = bytes(searched.ftsTable);
        const QByteArray phrases = ftsPhrases(
            asView(word), searched.listColumns.empty() ? FtsContent::Plain : FtsContent::Json);
        if (!phrases.isEmpty())
            condition.raw(alias + ".id IN (SELECT rowid FROM " + fts + " WHERE " + fts + " MATCH ")
                .bind(phrases)
                .raw(") AND ");
        TableSet used;
        const Table only[] = {table};
        condition.append(containsText(terms, searchedText(terms, only, used), word, false));
    }
    const Table main = terms.mainTable();
    const QByteArray from = bytes(tableName(table)) + ' ' + alias;
    if (table == main)
        return terms.text("SELECT " + alias + ".id FROM " + from + " WHERE ").append(condition);
    const bool byUuid = main == Table::Companies || table == Table::ContactsMetadata;
    return terms
        .text("SELECT m.id FROM " + from + " JOIN " + bytes(tableName(main)) + " m ON m." +
              (byUuid ? "uuid" : "company_id") + " = " + alias + ".uuid WHERE ")
        .append(condition);
}

Sql indexedWord(const SqlTerms &terms, const QByteArray &word)
{
    Sql sql = terms.text(terms.id() + " IN (");
    bool first = true;
    for (const Table table : allTables) {
        const db::SearchTable *searched = db::findSearchTable(tableName(table));
        if (!isSearched(terms, table) || searched == nullptr)
            continue;
        sql.raw(first ? "" : " UNION ").append(candidatesOf(terms, *searched, table, word));
        first = false;
    }
    return sql.raw(")");
}

} // namespace

Sql compileSearch(const SqlTerms &terms, const Filter &filter, TableSet &outer)
{
    std::vector<Sql> conditions;
    TableSet used;
    QByteArray scanned;
    for (const QByteArray &word : filter.texts) {
        // The placeholder of adopted data stands in the index like a text.
        const bool placeholder = word == "_" && !terms.schema().ownSchema;
        if (terms.schema().hasSearchIndex && !placeholder) {
            conditions.push_back(indexedWord(terms, word));
            continue;
        }
        if (scanned.isEmpty())
            scanned = searchedText(terms, allTables, used);
        conditions.push_back(containsText(terms, scanned, word, false));
    }
    for (const Table table : used) {
        if (table != terms.mainTable())
            outer.insert(table);
    }
    return joined(conditions, "AND", terms.schema().dialect);
}

bool searchScans(const SchemaInfo &schema, const std::vector<Filter> &filters)
{
    return std::any_of(filters.begin(), filters.end(), [&](const Filter &filter) {
        if (filter.spec->op != FilterOp::Search)
            return false;
        return !schema.hasSearchIndex || std::any_of(filter.texts.begin(), filter.texts.end(), [&](const QByteArray &word) {
                   return !isIndexable(asView(word), schema.dialect);
               });
    });
}

} // namespace a360::contacts

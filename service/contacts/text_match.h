// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "contacts/sql_terms.h"
#include "db/search_expressions.h"

namespace a360::contacts {

/// True for texts of three and more characters that a trigram index can look for.
bool isIndexable(std::string_view text, db::Dialect dialect);

/// `expression` contains `text` by our folding. `indexed`: a trigram index serves ILIKE on the expression.
db::Sql containsText(const SqlTerms &terms, const QByteArray &expression, const QByteArray &text, bool indexed);

/// What a condition on a column is for.
enum class Use {
    Select,  ///< its few rows are looked for: also by the search index of the table, where the column has none
    Exclude, ///< its rows are left out: nearly all rows are read anyway
};
/// The column contains the text; on adopted data the placeholder holds nothing.
db::Sql columnContains(const SqlTerms &terms, const PhysicalColumn &column, const QByteArray &text, Use use);
/// Some element of a list column contains one of the texts.
db::Sql listContainsAny(const SqlTerms &terms, const PhysicalColumn &column, const std::vector<QByteArray> &texts,
                        Use use);

/// What SQLite does with a list of row ids that a condition names. With lists on two joined tables it would look up every
/// id of one list for every id of the other, so one table may drive, and the rows of the others are looked up in theirs.
enum class RowList {
    Drives, ///< the rows may be taken from the list
    Checks, ///< a row found otherwise is looked up in it
};
/// SQLite: "… AND" in front of a condition, restricting it to the rows FTS5 finds; empty where FTS5 cannot help. The
/// texts are alternatives.
db::Sql ftsCandidates(const SqlTerms &terms, const PhysicalColumn &column, const std::vector<QByteArray> &texts,
                      RowList list);

/// SQLite: "(SELECT …)", the rows that may match an FTS5 query. While a load has left the search table behind the data, also
/// after a crash of it (decision 22), that is every row: what is asked in the meantime gets the right answer, if late.
db::Sql ftsRows(const SqlTerms &terms, const db::SearchTable &table, const QByteArray &query);

/// `expression` folded is one of the values (folded as well); NULL for NULL.
db::Sql foldedIsOneOf(const SqlTerms &terms, const QByteArray &expression, const std::vector<QByteArray> &values);
/// The words of the column, sorted, are those of one of the values.
db::Sql sortedWordsAreOneOf(const SqlTerms &terms, const PhysicalColumn &column, const std::vector<QByteArray> &values);
/// The domain of the web address in the column is one of the values; NULL when there is none.
db::Sql domainIsOneOf(const SqlTerms &terms, const PhysicalColumn &column, const std::vector<QByteArray> &values);

} // namespace a360::contacts

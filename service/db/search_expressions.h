// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <span>
#include <string_view>

namespace a360::db {

/// What `search` and the substring filters find by index in one data table. The migrations make the indexes from this,
/// and the query compiler writes the same expressions and names: both sides must stay equal to the letter.
struct SearchTable
{
    std::string_view table;
    /// SQLite: FTS5 table, tokenizer trigram, external content (content=<table>, content_rowid=id), with these columns
    /// in this order. Lists are indexed as their JSON text.
    std::string_view ftsTable;
    std::span<const std::string_view> textColumns;
    std::span<const std::string_view> listColumns; ///< behind the text columns
};

/// contacts, contacts_metadata, companies, companies_metadata.
std::span<const SearchTable> searchTables();
const SearchTable *findSearchTable(std::string_view table);

/// PostgreSQL: the searched text of a row, columns joined by line feeds, which no searched word holds. The trigram index
/// `<table>_search_trgm` is on this expression. Lists go through a360_list_text(text[]), an IMMUTABLE SQL function our
/// migrations make. `alias` is put in front of the columns ("c."); empty for the index definition.
QByteArray postgresSearchExpression(const SearchTable &table, std::string_view alias);

} // namespace a360::db

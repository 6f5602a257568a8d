// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "contacts/repository.h"

#include <QStringList>

#include <unordered_map>

namespace a360::contacts {

enum class LoadStrategy {
    SelectIn, ///< one further statement for each relationship, for all rows together
    Joined,   ///< everything in one statement
};
/// "selectin" or "joined"; any other name is selectin (contract §8).
LoadStrategy loadStrategyByName(QStringView name);

/// What is read of a query's records: the guide's select(Contact) under its query helpers.
struct Selection
{
    Query query;
    std::vector<OutputColumn> columns;
    std::vector<Table> related; ///< tables whose row comes along with each record
    LoadStrategy strategy = LoadStrategy::SelectIn;
};

/// select_only_columns: only these columns are read, and only the tables they need. Names as columnsByName() takes them.
Result<Selection> selectOnlyColumns(Query query, const QStringList &columns);
/// prevent_n_plus_one: the rows of the relationships come along, in a number of statements that does not depend on the
/// number of records. Contacts have "company" (its two tables) and "metadata", companies "metadata"; another name is
/// Error{InvalidArgument}.
Result<Selection> preventNPlusOne(Selection selection, const QStringList &relationships,
                                  QStringView strategy = u"selectin");

/// The records of a selection with what came along.
class LoadedRecords
{
public:
    LoadedRecords() = default;
    LoadedRecords(LoadedRecords &&) = default; // not copied: the maps look into the batches
    LoadedRecords &operator=(LoadedRecords &&) = default;
    const db::RowBatch &rows() const { return m_rows; } ///< the selection's columns first
    /// A cell of the record's row in that table; NULL when there is none. `column` is one of physicalColumns().
    db::Cell related(qsizetype row, const PhysicalColumn &column) const;

private:
    friend Result<LoadedRecords> loadSelection(db::Lease &, const SchemaInfo &, const Selection &, const PageRequest &,
                                               const CancelToken &);
    struct RelatedTable
    {
        Table table = Table::Contacts;
        std::vector<const PhysicalColumn *> columns;
        int firstColumn = 0;  ///< joined: where they stand in m_rows
        int keyColumn = -1;   ///< selectin: the column of m_rows that holds the uuid; -1: joined
        db::RowBatch rows;    ///< selectin
        std::unordered_map<std::string_view, qsizetype> rowByUuid; ///< views into `rows`
    };
    Result<void> fetch(RelatedTable &related, db::Lease &lease, const CancelToken &cancel);
    db::RowBatch m_rows;
    std::vector<RelatedTable> m_related;
};

/// Runs it: one statement, and with selectin one more for each table that is related. request.limit rows at most.
Result<LoadedRecords> loadSelection(db::Lease &lease, const SchemaInfo &schema, const Selection &selection,
                                    const PageRequest &request, const CancelToken &cancel = {});

} // namespace a360::contacts

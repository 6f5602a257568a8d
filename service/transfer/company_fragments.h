// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "contacts/field_catalogue.h"
#include "contacts/schema_info.h"
#include "core/cancel_token.h"
#include "db/connection_pool.h"

#include <list>
#include <unordered_map>

namespace a360::transfer {

/// The company columns of a contacts export, fetched once per company instead of joined to each of its contacts
/// (decision 28): a second connection reads them by uuid in the first one's exported snapshot. Kept in a cache of fixed
/// byte size, the least recently used first to go. PostgreSQL only; one thread.
class CompanyFragments
{
public:
    /// `exporting` is in a ReadSnapshot transaction. Error{Unavailable} or {Timeout} when no second connection is to be
    /// had at once, any other when the snapshot cannot be shared (a pooler in between): the caller then joins.
    static Result<std::unique_ptr<CompanyFragments>> open(db::ConnectionPool &pool, db::Lease &exporting,
                                                          std::shared_ptr<const contacts::SchemaInfo> schema,
                                                          std::vector<const contacts::PhysicalColumn *> columns,
                                                          const CancelToken &cancel);

    /// Makes the companies of these uuids available (duplicates welcome) until the next call.
    Result<void> prepare(const std::vector<std::string_view> &uuids);
    /// The one row of a prepared company, its columns as given to open(); nullptr when there is no such company.
    const db::RowBatch *find(std::string_view uuid) const;

private:
    struct Entry
    {
        db::RowBatch row;
        std::list<std::string_view>::iterator age; ///< views the map's key
    };
    struct Hash
    {
        using is_transparent = void;
        size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
    };

    CompanyFragments(db::Lease lease, std::shared_ptr<const contacts::SchemaInfo> schema,
                     std::vector<const contacts::PhysicalColumn *> columns, CancelToken cancel);
    Result<void> fetch(db::TextList missing);
    void insert(std::string_view uuid, const db::RowBatch &rows, qsizetype row);
    void shrink();

    db::Lease m_lease;
    const std::shared_ptr<const contacts::SchemaInfo> m_schema;
    const std::vector<const contacts::PhysicalColumn *> m_columns;
    const CancelToken m_cancel;
    std::vector<db::ColumnType> m_types;
    QByteArray m_select;
    std::unordered_map<std::string, Entry, Hash, std::equal_to<>> m_companies;
    std::list<std::string_view> m_byAge; ///< most recently used first
    size_t m_bytes = 0;
};

} // namespace a360::transfer

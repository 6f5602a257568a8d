// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "contacts/sql_compiler.h"

namespace a360::contacts {

struct PageRequest
{
    qint64 limit = 100;
    Slice place;       ///< `after`/`skip`; its limit is ignored
};

struct Page
{
    std::vector<OutputColumn> columns;
    db::RowBatch rows;            ///< the columns, then the order keys (see SqlCompiler)
    bool more = false;            ///< rows follow
    std::optional<Keyset> first, last;
    bool scannedWithoutIndex = false; ///< a search ran without its indexes (decision 16)
};

enum class CountMode { Exact, Estimated };
struct Count
{
    qint64 rows = 0;
    bool estimated = false;
};

/// Reads of contacts and companies. Stateless but for the schema; every call runs on the caller's lease and thread. A search
/// that cannot go by the indexes ends after five seconds with an error that says so (search_scan.h).
class Repository
{
public:
    explicit Repository(std::shared_ptr<const SchemaInfo> schema) : m_schema(std::move(schema)) {}
    const SchemaInfo &schema() const { return *m_schema; }

    Result<Page> list(db::Lease &lease, const Query &query, const std::vector<OutputColumn> &columns,
                      const PageRequest &request, const CancelToken &cancel = {}) const;
    /// Estimated: the planner's figure on PostgreSQL; on SQLite exact up to 100,000 matches, then extrapolated, and
    /// marked so.
    Result<Count> count(db::Lease &lease, const Query &query, CountMode mode, const CancelToken &cancel = {}) const;
    /// One row by uuid (at least one column); Error{NotFound} with the contract's text ("Contact not found").
    Result<db::RowBatch> detail(db::Lease &lease, Entity entity, const QByteArray &uuid,
                                const std::vector<OutputColumn> &columns, const CancelToken &cancel = {}) const;

private:
    std::shared_ptr<const SchemaInfo> m_schema;
};

/// Opaque page cursor (contract §4.3): base64url JSON of version, order, values, id and the query's hash. decode()
/// refuses a cursor of another query or order with InvalidArgument ("Invalid cursor value"), and still reads the old
/// `o=<n>` offsets (as Slice::skip).
QByteArray encodeCursor(const Query &query, const Keyset &after);
QByteArray encodeOffsetCursor(qint64 offset);
Result<Slice> decodeCursor(const Query &query, QByteArrayView cursor);

} // namespace a360::contacts

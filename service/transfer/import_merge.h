// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "contacts/schema_info.h"
#include "core/cancel_token.h"
#include "db/lease.h"
#include "transfer/import_plan.h"

namespace a360::transfer {

/// What the merge of some staged rows did.
struct MergeCounts
{
    qint64 inserted = 0, updated = 0, unchanged = 0;
    MergeCounts &operator+=(const MergeCounts &other);
};

/// Moves staged rows into one pair of tables (contacts and contacts_metadata, or companies and companies_metadata) with
/// a handful of set-based statements a chunk. Rows that bring nothing new are not touched at all, so that a repeated
/// import writes nothing. The caller begins and commits the transactions.
class PairMerge
{
public:
    enum class Side { Own, Company }; ///< the entity's own tables / the companies of a contacts file

    PairMerge(db::Lease &lease, const contacts::SchemaInfo &schema, const ImportPlan &plan, Side side,
              QByteArray stagingTable, ConflictPolicy policy);

    /// Merges the rows numbered (`after`, `upTo`]. Error{Conflict}: somebody else inserted one of them meanwhile; roll
    /// back and try the chunk again.
    Result<MergeCounts> run(qint64 after, qint64 upTo, const CancelToken &cancel);

private:
    struct Target
    {
        const StagedColumn *staged;
        QByteArray column; ///< "title"
        bool insertOnly;   ///< created_at, updated_at
    };
    bool isPostgres() const { return m_lease.dialect() == db::Dialect::PostgreSql; }
    QByteArray oldValue(char alias, const Target &target) const;
    QByteArray newValue(char alias, const Target &target) const;
    QByteArray differs(char alias, const std::vector<Target> &targets) const;
    QByteArray isDistinct(const QByteArray &a, const QByteArray &b) const;
    void deriveSearchText();
    db::Value now() const;
    db::Sql nowExpression(const QByteArray &before, const QByteArray &after) const;

    Result<void> prepareChunkTable(const CancelToken &cancel);
    Result<void> classify(qint64 after, qint64 upTo, const CancelToken &cancel);
    Result<qint64> insertMain(const CancelToken &cancel);
    Result<qint64> insertMeta(const CancelToken &cancel);
    Result<void> updateMain(const CancelToken &cancel);
    Result<void> updateMeta(const CancelToken &cancel);
    Result<qint64> execute(const db::Sql &sql, const CancelToken &cancel);
    db::Sql sql(const QByteArray &text) const { return db::Sql(m_lease.dialect(), text); }

    db::Lease &m_lease;
    const ImportPlan &m_plan;
    const QByteArray m_staging;
    const ConflictPolicy m_policy;
    QByteArray m_main, m_meta, m_key, m_duplicateFlag, m_chunk;
    std::vector<Target> m_mainTargets, m_metaTargets;
    bool m_setsCompanyId = false;
    // The search text made from place columns when the file brings none (contract §5.3).
    QByteArray m_searchOfInsert, m_searchOfUpdate, m_placeChanged;
};

} // namespace a360::transfer

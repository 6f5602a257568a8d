// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/import_merge.h"

#include "core/bytes.h"
#include "db/timestamp_text.h"

namespace a360::transfer {

using contacts::Entity;
using contacts::Table;

// Aliases in all statements: s staging row, k its line in the chunk table, t main table, m metadata table.

MergeCounts &MergeCounts::operator+=(const MergeCounts &other)
{
    inserted += other.inserted;
    updated += other.updated;
    unchanged += other.unchanged;
    return *this;
}

PairMerge::PairMerge(db::Lease &lease, const contacts::SchemaInfo &schema, const ImportPlan &plan, Side side,
                     QByteArray stagingTable, ConflictPolicy policy)
    : m_lease(lease), m_plan(plan), m_staging(std::move(stagingTable)), m_policy(policy)
{
    const bool contact = plan.entity == Entity::Contact && side == Side::Own;
    m_main = contact ? "contacts" : "companies";
    m_meta = contact ? "contacts_metadata" : "companies_metadata";
    m_key = side == Side::Own ? "s.u" : "s.cu";
    m_duplicateFlag = side == Side::Own ? "dup" : "codup";
    m_chunk = isPostgres() ? "a360_chunk" : "temp.a360_chunk";
    m_setsCompanyId = contact && (!plan.company.empty() || !plan.companyIdSources.empty() || !plan.companyUuidSources.empty());
    for (const StagedColumn &column : side == Side::Own ? plan.own : plan.company) {
        if (!schema.has(*column.target))
            continue;
        const bool metadata =
            column.target->table == Table::ContactsMetadata || column.target->table == Table::CompaniesMetadata;
        const bool insertOnly = column.target->name == "created_at" || column.target->name == "updated_at";
        (metadata ? m_metaTargets : m_mainTargets).push_back({&column, bytesOf(column.target->name), insertOnly});
    }
    deriveSearchText();
}

// ---- expressions

QByteArray PairMerge::oldValue(char alias, const Target &target) const
{
    const QByteArray column = QByteArray(1, alias) + '.' + target.column;
    // '_' reads as NULL (contract §1.8); lists, numbers and times have no such placeholder.
    return target.staged->target->type == db::ColumnType::Text ? "NULLIF(" + column + ", '_')" : column;
}

QByteArray PairMerge::newValue(char alias, const Target &target) const
{
    const QByteArray staged = "s." + target.staged->stagingName;
    const QByteArray old = oldValue(alias, target);
    return m_policy == ConflictPolicy::FillEmpty ? "COALESCE(" + old + ", " + staged + ")"
                                                 : "COALESCE(" + staged + ", " + old + ")";
}

QByteArray PairMerge::isDistinct(const QByteArray &a, const QByteArray &b) const
{
    return a + (isPostgres() ? " IS DISTINCT FROM " : " IS NOT ") + b;
}

QByteArray PairMerge::differs(char alias, const std::vector<Target> &targets) const
{
    if (m_policy == ConflictPolicy::Skip)
        return "FALSE";
    QByteArray out = "FALSE";
    for (const Target &target : targets) {
        if (!target.insertOnly)
            out += " OR " + isDistinct(newValue(alias, target), oldValue(alias, target));
    }
    return out;
}

void PairMerge::deriveSearchText()
{
    std::vector<std::pair<char, Target>> places;
    for (const Target &target : m_mainTargets) {
        if (target.column == "text_search")
            return;
        if (target.column == "address")
            places.emplace_back('t', target);
    }
    for (const char *name : {"city", "state", "country"}) {
        for (const Target &target : m_metaTargets) {
            if (target.column == name)
                places.emplace_back('m', target);
        }
    }
    if (places.empty())
        return;
    const auto joined = [&](auto &&value) {
        QByteArray out;
        for (const auto &[alias, target] : places)
            out += (out.isEmpty() ? "" : " || ") + ("COALESCE(" + value(alias, target) + " || ' ', '')");
        return "NULLIF(TRIM(" + out + "), '')";
    };
    m_searchOfInsert = joined([](char, const Target &target) { return "s." + target.staged->stagingName; });
    m_searchOfUpdate = joined([this](char alias, const Target &target) { return newValue(alias, target); });
    for (const auto &[alias, target] : places)
        m_placeChanged += (m_placeChanged.isEmpty() ? "" : " OR ") + isDistinct(newValue(alias, target), oldValue(alias, target));
}

db::Value PairMerge::now() const
{
    return db::Value(bytesOf(db::timestampText(m_plan.startedAt)));
}

db::Sql PairMerge::nowExpression(const QByteArray &before, const QByteArray &after) const
{
    db::Sql out = sql(before);
    out.bind(now()).raw(isPostgres() ? "::timestamp" : "").raw(after);
    return out;
}

// ---- statements

Result<qint64> PairMerge::execute(const db::Sql &statement, const CancelToken &cancel)
{
    db::QueryOptions options;
    options.cancel = cancel;
    return m_lease.execute(statement, options);
}

Result<void> PairMerge::prepareChunkTable(const CancelToken &cancel)
{
    const QByteArray columns =
        "(rn bigint PRIMARY KEY, id bigint, mid bigint, d int NOT NULL, md int NOT NULL)";
    if (isPostgres()) {
        // The joins below are all by unique keys; with hash joins off the planner cannot fall for reading a whole data
        // table once a chunk. Dropped with the transaction, which is what a pooler in between needs.
        A360_TRY(m_lease.executeScript("SET LOCAL client_min_messages = warning; SET LOCAL enable_hashjoin = off; "
                                       "SET LOCAL enable_mergejoin = off; CREATE TEMP TABLE IF NOT EXISTS "
                                       + m_chunk + columns + " ON COMMIT DROP"));
    } else {
        A360_TRY(m_lease.executeScript("CREATE TEMP TABLE IF NOT EXISTS a360_chunk" + columns));
    }
    A360_TRY(execute(sql("DELETE FROM " + m_chunk), cancel));
    return {};
}

Result<void> PairMerge::classify(qint64 after, qint64 upTo, const CancelToken &cancel)
{
    QByteArray anyMeta = "FALSE";
    for (const Target &target : m_metaTargets)
        anyMeta += " OR s." + target.staged->stagingName + " IS NOT NULL";
    QByteArray mainDiffers = differs('t', m_mainTargets);
    if (m_setsCompanyId && m_policy != ConflictPolicy::Skip) {
        mainDiffers += m_policy == ConflictPolicy::FillEmpty ? " OR (s.cid IS NOT NULL AND t.company_id IS NULL)"
                                                             : " OR (s.cid IS NOT NULL AND " + isDistinct("t.company_id", "s.cid") + ")";
    }
    const QByteArray metaMissing = m_policy == ConflictPolicy::Skip ? QByteArray("FALSE") : anyMeta;
    db::Sql statement = sql("INSERT INTO " + m_chunk + " (rn, id, mid, d, md) SELECT s.rn, t.id, m.id, CASE WHEN t.id IS NOT NULL AND ("
                            + mainDiffers + ") THEN 1 ELSE 0 END, CASE WHEN (m.id IS NOT NULL AND (" + differs('m', m_metaTargets)
                            + ")) OR (t.id IS NOT NULL AND m.id IS NULL AND (" + metaMissing
                            + ")) THEN 1 ELSE 0 END FROM " + m_staging + " s LEFT JOIN " + m_main + " t ON t.uuid = " + m_key
                            + " LEFT JOIN " + m_meta + " m ON m.uuid = " + m_key + " WHERE s.rn > ");
    statement.bind(after).raw(" AND s.rn <= ").bind(upTo).raw(" AND s." + m_duplicateFlag + " = 0 AND " + m_key + " IS NOT NULL");
    A360_TRY(execute(statement, cancel));
    return {};
}

Result<qint64> PairMerge::insertMain(const CancelToken &cancel)
{
    QByteArray columns = "uuid", values = m_key;
    QByteArray created = "NULL", updated = "NULL";
    for (const Target &target : m_mainTargets) {
        if (target.column == "created_at")
            created = "s." + target.staged->stagingName;
        else if (target.column == "updated_at")
            updated = "s." + target.staged->stagingName;
        else {
            columns += ", " + target.column;
            values += ", s." + target.staged->stagingName;
        }
    }
    if (m_setsCompanyId) {
        columns += ", company_id";
        values += ", s.cid";
    }
    if (!m_searchOfInsert.isEmpty()) {
        columns += ", text_search";
        values += ", " + m_searchOfInsert;
    }
    db::Sql statement = nowExpression("INSERT INTO " + m_main + " (" + columns + ", created_at, updated_at) SELECT " + values
                                          + ", COALESCE(" + created + ", ",
                                      ")");
    statement.append(nowExpression(", COALESCE(" + updated + ", ", ")"));
    statement.raw(" FROM " + m_chunk + " k JOIN " + m_staging
                  + " s ON s.rn = k.rn WHERE k.id IS NULL ORDER BY s.rn ON CONFLICT DO NOTHING");
    return execute(statement, cancel);
}

Result<qint64> PairMerge::insertMeta(const CancelToken &cancel)
{
    QByteArray columns = "uuid", values = m_key;
    for (const Target &target : m_metaTargets) {
        columns += ", " + target.column;
        values += ", s." + target.staged->stagingName;
    }
    return execute(sql("INSERT INTO " + m_meta + " (" + columns + ") SELECT " + values + " FROM " + m_chunk + " k JOIN "
                       + m_staging + " s ON s.rn = k.rn WHERE k.mid IS NULL AND (k.id IS NULL OR k.md = 1)"
                       " ORDER BY s.rn ON CONFLICT DO NOTHING"),
                   cancel);
}

Result<void> PairMerge::updateMain(const CancelToken &cancel)
{
    QByteArray sets;
    for (const Target &target : m_mainTargets) {
        if (!target.insertOnly)
            sets += target.column + " = " + newValue('t', target) + ", ";
    }
    if (m_setsCompanyId) {
        sets += m_policy == ConflictPolicy::FillEmpty ? "company_id = COALESCE(t.company_id, s.cid), "
                                                      : "company_id = COALESCE(s.cid, t.company_id), ";
    }
    if (!m_searchOfUpdate.isEmpty()) {
        const QByteArray keep = m_policy == ConflictPolicy::FillEmpty ? " AND NULLIF(t.text_search, '_') IS NULL" : "";
        sets += "text_search = CASE WHEN (" + m_placeChanged + ")" + keep + " THEN " + m_searchOfUpdate
            + " ELSE t.text_search END, ";
    }
    db::Sql statement = nowExpression("UPDATE " + m_main + " AS t SET " + sets + "updated_at = ",
                                      " FROM " + m_chunk + " k JOIN " + m_staging + " s ON s.rn = k.rn LEFT JOIN " + m_meta
                                          + " m ON m.id = k.mid WHERE t.id = k.id AND (k.d = 1 OR k.md = 1)");
    A360_TRY(execute(statement, cancel));
    return {};
}

Result<void> PairMerge::updateMeta(const CancelToken &cancel)
{
    QByteArray sets;
    for (const Target &target : m_metaTargets)
        sets += (sets.isEmpty() ? "" : ", ") + target.column + " = " + newValue('m', target);
    if (sets.isEmpty())
        return {};
    A360_TRY(execute(sql("UPDATE " + m_meta + " AS m SET " + sets + " FROM " + m_chunk + " k JOIN " + m_staging
                         + " s ON s.rn = k.rn WHERE m.id = k.mid AND k.md = 1"),
                     cancel));
    return {};
}

Result<MergeCounts> PairMerge::run(qint64 after, qint64 upTo, const CancelToken &cancel)
{
    A360_TRY(prepareChunkTable(cancel));
    A360_TRY(classify(after, upTo, cancel));
    const db::Sql tally = sql("SELECT COALESCE(SUM(CASE WHEN id IS NULL THEN 1 ELSE 0 END), 0),"
                              " COALESCE(SUM(CASE WHEN id IS NOT NULL AND (d = 1 OR md = 1) THEN 1 ELSE 0 END), 0),"
                              " COUNT(*), COALESCE(SUM(md), 0) FROM " + m_chunk);
    using enum db::ColumnType;
    A360_TRY_ASSIGN(const db::RowBatch row, m_lease.query(tally, {Integer, Integer, Integer, Integer}));
    MergeCounts counts;
    counts.inserted = row.cell(0, 0).integer();
    counts.updated = row.cell(0, 1).integer();
    counts.unchanged = row.cell(0, 2).integer() - counts.inserted - counts.updated;
    if (counts.inserted > 0) {
        A360_TRY_ASSIGN(const qint64 inserted, insertMain(cancel));
        if (inserted != counts.inserted)
            return makeError(ErrorCode::Conflict,
                             QStringLiteral("Rows of this import were inserted by somebody else at the same time."));
    }
    if (counts.updated > 0)
        A360_TRY(updateMain(cancel));
    if (counts.inserted > 0 || counts.updated > 0)
        A360_TRY(insertMeta(cancel));
    // Also for a new row that meets metadata without an owner, as adopted data may hold it.
    if (row.cell(0, 3).integer() > 0)
        A360_TRY(updateMeta(cancel));
    return counts;
}

} // namespace a360::transfer

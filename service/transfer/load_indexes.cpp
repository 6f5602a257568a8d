// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/load_indexes.h"

namespace a360::transfer {

namespace {

constexpr qint64 kWorthwhileRows = 5000; // below, making some forty indexes costs more than keeping them up
constexpr qint64 kAnalyzeRows = 1000;

const std::vector<QByteArray> &dataTables()
{
    static const std::vector<QByteArray> tables{"contacts", "contacts_metadata", "companies", "companies_metadata"};
    return tables;
}

} // namespace

Result<bool> LoadIndexes::tablesAreEmpty()
{
    for (const QByteArray &table : dataTables()) {
        const db::Sql sql(m_lease.dialect(), "SELECT CASE WHEN EXISTS (SELECT 1 FROM " + table + ") THEN 1 ELSE 0 END");
        A360_TRY_ASSIGN(const qint64 any, m_lease.queryInteger(sql));
        if (any)
            return false;
    }
    return true;
}

Result<void> LoadIndexes::dropIfWorthwhile(qint64 rows, bool ownSchema, const CancelToken &cancel)
{
    if (m_mode == Never || (m_mode == WhenEmpty && (!ownSchema || rows < kWorthwhileRows)))
        return {};
    if (m_mode == WhenEmpty) {
        A360_TRY_ASSIGN(const bool empty, tablesAreEmpty());
        if (!empty)
            return {};
    }
    A360_TRY(m_claim.drop(dataTables(), cancel));
    return {};
}

Result<void> LoadIndexes::rebuild(ProgressCounter &progress, const CancelToken &cancel)
{
    A360_TRY(m_claim.rebuild(progress, cancel));
    return db::firstFailure(m_claim.failed());
}

void LoadIndexes::analyze(qint64 rows, const CancelToken &cancel)
{
    if (rows < kAnalyzeRows)
        return;
    for (const QByteArray &table : dataTables())
        (void)m_lease.executeScript("ANALYZE " + table, {{}, cancel});
}

} // namespace a360::transfer

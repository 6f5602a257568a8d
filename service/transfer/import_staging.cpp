// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/import_staging.h"

#include "core/bytes.h"
#include "transfer/stale_staging.h"

#include <QUuid>

namespace a360::transfer {

namespace {

constexpr size_t kSentSlots = size_t(1) << 19; // 8 MiB

QByteArray sqlType(db::Dialect dialect, db::ColumnType type)
{
    const bool postgres = dialect == db::Dialect::PostgreSql;
    switch (type) {
    case db::ColumnType::Integer: return postgres ? "bigint" : "INTEGER";
    case db::ColumnType::Timestamp: return postgres ? "timestamp" : "TEXT";
    case db::ColumnType::TextList: return postgres ? "text[]" : "TEXT";
    case db::ColumnType::Text: break;
    }
    return "TEXT";
}

} // namespace

ImportStaging::ImportStaging(db::Lease &lease, const ImportPlan &plan, const CancelToken &cancel)
    : m_lease(lease), m_plan(plan), m_cancel(cancel), m_batch(stagingColumnTypes(plan)), m_sent(kSentSlots)
{
}

Result<std::unique_ptr<ImportStaging>> ImportStaging::create(db::Lease &lease, const ImportPlan &plan, const CancelToken &cancel)
{
    A360_TRY(dropStaleStaging(lease));
    std::unique_ptr<ImportStaging> staging(new ImportStaging(lease, plan, cancel));
    A360_TRY(staging->createTable());
    return staging;
}

ImportStaging::~ImportStaging()
{
    m_load.reset();
    if (m_lease.inTransaction())
        (void)m_lease.rollback();
    if (m_table.isEmpty())
        return;
    if (isPostgres()) {
        if (m_cancel.isCancelled())
            m_lease.leaveWith("DROP TABLE IF EXISTS " + m_table);
        else if (!m_lease.executeScript("DROP TABLE IF EXISTS " + m_table).ok())
            m_lease.invalidate(QStringLiteral("staging table could not be dropped"));
    } else {
        if (!m_lease.executeScript("DETACH a360_stage").ok())
            m_lease.invalidate(QStringLiteral("staging file could not be detached"));
    }
}

Result<void> ImportStaging::createTable()
{
    QByteArray columns;
    const auto names = stagingColumnNames(m_plan);
    const auto types = stagingColumnTypes(m_plan);
    for (size_t i = 0; i < names.size(); ++i)
        columns += names[i] + ' ' + sqlType(m_lease.dialect(), types[i]) + (i == 0 && !isPostgres() ? " PRIMARY KEY, " : ", ");
    columns += "dup int NOT NULL DEFAULT 0, codup int NOT NULL DEFAULT 0";

    if (isPostgres()) {
        const QByteArray table = kStagingPrefix + QUuid::createUuid().toByteArray(QUuid::Id128);
        A360_TRY(m_lease.executeScript("CREATE UNLOGGED TABLE " + table + " (" + columns
                                       + ") WITH (autovacuum_enabled = false); " + aliveMark(table)));
        m_table = table;
        return {};
    }
    A360_TRY_ASSIGN(const QString base, sqliteFileOf(m_lease));
    A360_TRY_ASSIGN(m_file, StagingFile::create(base));
    db::Sql attach(db::Dialect::Sqlite, "ATTACH ");
    attach.bind(m_file->path().toUtf8()).raw(" AS a360_stage");
    A360_TRY(m_lease.execute(attach));
    m_table = "a360_stage.rows";
    // The file is only as durable as its import: no journal, no waiting for the disk.
    A360_TRY(m_lease.executeScript("PRAGMA a360_stage.journal_mode = OFF"));
    A360_TRY(m_lease.executeScript("PRAGMA a360_stage.synchronous = OFF"));
    return m_lease.executeScript("CREATE TABLE " + m_table + " (" + columns + ")");
}

Result<void> ImportStaging::beginLoad(const CancelToken &cancel)
{
    // On SQLite a deferred transaction: it locks only the attached file it writes to, not the data.
    A360_TRY(m_lease.begin(isPostgres() ? db::TransactionMode::ReadWrite : db::TransactionMode::ReadSnapshot));
    A360_TRY_ASSIGN(m_load, m_lease.bulkLoad(m_table, stagingColumnNames(m_plan), stagingColumnTypes(m_plan), cancel));
    return {};
}

Result<void> ImportStaging::append(const ParsedChunk &chunk)
{
    const db::RowBatch &rows = chunk.rows;
    const int ownEnd = kStageFixedColumns + static_cast<int>(m_plan.own.size());
    m_batch.clear();
    for (qsizetype row = 0; row < rows.rowCount(); ++row) {
        const CompanyDigest digest = chunk.companies[static_cast<size_t>(row)];
        bool send = digest.key != 0;
        if (send) {
            CompanyDigest &slot = m_sent[digest.key % kSentSlots];
            send = slot.key != digest.key || slot.payload != digest.payload;
            slot = digest;
        }
        for (int column = 0; column < rows.columnCount(); ++column) {
            if (!send && (column == kStageCompanyUuid || column >= ownEnd))
                m_batch.appendNull();
            else
                m_batch.appendCell(rows.cell(row, column));
        }
        m_lastRow = rows.cell(row, kStageRow).integer();
    }
    return m_load->append(m_batch);
}

Result<void> ImportStaging::run(const QByteArray &sql, const CancelToken &cancel)
{
    db::QueryOptions options;
    options.cancel = cancel;
    const Result<qint64> done = m_lease.execute(db::Sql(m_lease.dialect(), sql), options);
    return done.ok() ? Result<void>() : Result<void>(done.error());
}

Result<qint64> ImportStaging::seal(const CancelToken &cancel)
{
    A360_TRY(m_load->finish());
    m_load.reset();
    A360_TRY(m_lease.commit());
    A360_TRY(resolveMatches(cancel));

    A360_TRY(m_lease.begin(isPostgres() ? db::TransactionMode::ReadWrite : db::TransactionMode::ReadSnapshot));
    if (isPostgres())
        A360_TRY(run("SET LOCAL work_mem = '64MB'", cancel));
    const auto mark = [&](const char *flag, const char *key, const char *where) {
        return run("UPDATE " + m_table + " SET " + flag + " = 1 WHERE rn IN (SELECT rn FROM (SELECT rn, lead(rn) OVER"
                       " (PARTITION BY " + key + " ORDER BY rn) AS later FROM " + m_table + where
                       + ") AS twins WHERE later IS NOT NULL)",
                   cancel);
    };
    A360_TRY(mark("dup", "mk", ""));
    if (m_plan.match == MatchBy::Email || m_plan.match == MatchBy::LinkedIn)
        A360_TRY(mark("dup", "u", " WHERE dup = 0")); // what differs in its match key may still be one row to write
    if (!m_plan.company.empty() || !m_plan.companyUuidSources.empty())
        A360_TRY(mark("codup", "cu", " WHERE cu IS NOT NULL"));
    if (isPostgres())
        A360_TRY(run("CREATE INDEX ON " + m_table + " (rn)", cancel));
    A360_TRY(m_lease.commit());
    if (isPostgres())
        A360_TRY(run("ANALYZE " + m_table + " (rn, u, cu, dup, codup)", cancel));
    return m_lease.queryInteger(db::Sql(m_lease.dialect(), "SELECT count(*) FROM " + m_table + " WHERE dup = 1"));
}

Result<void> ImportStaging::resolveMatches(const CancelToken &cancel)
{
    if (m_plan.match != MatchBy::Email && m_plan.match != MatchBy::LinkedIn)
        return {};
    const bool contact = m_plan.entity == contacts::Entity::Contact;
    const QByteArray fold = isPostgres() ? "lower" : "a360_fold";
    QByteArray table = "contacts", key = fold + "(t.email)";
    if (m_plan.match == MatchBy::LinkedIn) {
        table = contact ? "contacts_metadata" : "companies_metadata";
        key = "rtrim(replace(replace(replace(" + fold
            + "(t.linkedin_url), 'https://', ''), 'http://', ''), 'www.', ''), '/')";
    }
    // The oldest row of a key stands for it. Found rows take its uuid as their duplicate key as well.
    const QByteArray oldest = "SELECT k, uuid FROM (SELECT " + key + " AS k, t.uuid AS uuid, row_number() OVER (PARTITION BY "
        + key + " ORDER BY t.id) AS n FROM " + table + " t) AS ranked WHERE n = 1 AND k IS NOT NULL";
    return run("UPDATE " + m_table + " AS s SET u = found.uuid, mk = found.uuid FROM (" + oldest
                   + ") AS found WHERE found.k = s.mk",
               cancel);
}

} // namespace a360::transfer

// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/importer.h"

#include "db/epochs.h"
#include "transfer/import_merge.h"
#include "transfer/import_reading.h"
#include "transfer/load_indexes.h"
#include "transfer/output_file.h"

namespace a360::transfer {

namespace {

constexpr qint64 kMergeRows = 20'000;
constexpr int kMaxConflicts = 5;
constexpr int kMaxBusyWaits = 60; // of 5 s each

QString indexesLeftText(qint64 count)
{
    return (count == 1 ? QStringLiteral("1 index is") : QStringLiteral("%1 indexes are").arg(count))
        + QStringLiteral(" still to be rebuilt: the window and `a360 serve` do that in the background, and the next `a360 "
                         "import` does it first; until then searches and filters are slower, but right.");
}

/// One import from start to end, in the calling thread.
class Import
{
public:
    Import(db::Lease &lease, db::EpochBoard &epochs, const ImportRequest &request, ProgressCounter &progress, CancelToken cancel)
        : m_lease(lease), m_epochs(epochs), m_request(request), m_progress(progress), m_cancel(std::move(cancel))
    {
    }

    Result<ImportReport> run()
    {
        A360_TRY(readFormat());
        A360_TRY_ASSIGN(m_plan, makeImportPlan(m_request.entity, m_report.mapping, m_request.match));
        A360_TRY_ASSIGN(m_schema, contacts::SchemaInfo::probe(m_lease));
        A360_TRY_ASSIGN(auto staging, ImportStaging::create(m_lease, m_plan, m_cancel));
        A360_TRY(untouched(stage(*staging)));
        A360_TRY(merge(*staging));
        return std::move(m_report);
    }

private:
    void phase(const QString &name, qint64 rowsTotal)
    {
        m_progress.update([&](Progress &p) { p.enter(name, rowsTotal); });
    }

    Result<void> readFormat()
    {
        phase(QStringLiteral("Checking the file"), -1);
        A360_TRY_ASSIGN(m_report.format, sniffCsv(*m_request.file, m_request.overrides, true, &m_progress, m_cancel));
        A360_TRY_ASSIGN(m_report.mapping, mapHeader(m_request.entity, m_report.format.header, m_request.mapping));
        m_report.dryRun = m_request.dryRun;
        return {};
    }

    Result<void> stage(ImportStaging &staging)
    {
        A360_TRY_ASSIGN(RejectsFile rejects, RejectsFile::open(m_request.rejectsPath, m_plan));
        const Result<void> read = readIntoStaging(m_request, m_plan, m_report.format, staging, rejects, m_report,
                                                  m_progress, m_cancel);
        if (!read.ok() && read.error().code != ErrorCode::LimitExceeded)
            return read;
        A360_TRY(rejects.finish()); // also when there are too many: it tells which
        A360_TRY(read);
        if (m_report.read == 0)
            return makeError(ErrorCode::UnusableInput, QStringLiteral("The file has a header but no data row: all cells are empty."));
        phase(QStringLiteral("Looking for duplicates"), -1);
        A360_TRY_ASSIGN(m_report.skippedDuplicates, staging.seal(m_cancel));
        m_report.skipped = m_report.skippedDuplicates;
        return {};
    }

    /// Nobody should have to wonder after a failure of the database or the disk.
    static Result<void> untouched(Result<void> staged)
    {
        if (staged.ok())
            return staged;
        Error error = staged.error();
        if (error.code != ErrorCode::Cancelled && error.code != ErrorCode::LimitExceeded && error.code != ErrorCode::UnusableInput)
            error.message += QStringLiteral(" Nothing was changed.");
        return error;
    }

    Result<void> merge(ImportStaging &staging)
    {
        LoadIndexes indexes(m_lease, m_request.dryRun ? LoadIndexes::Never
                                     : m_request.rebuildIndexes ? LoadIndexes::Always : LoadIndexes::WhenEmpty);
        if (!m_request.dryRun)
            A360_TRY(indexes.dropIfWorthwhile(m_report.read - m_report.rejected, m_schema.ownSchema, m_cancel));
        const Result<void> merged = mergeBoth(staging);
        if (m_request.dryRun && m_lease.inTransaction())
            A360_TRY(m_lease.rollback());
        // Also after a failure. Who cancels does not wait for it: what is still down is right, only slower, and others
        // bring it back.
        const Result<void> rebuilt = indexes.rebuild(m_progress, m_cancel);
        m_report.indexesLeft = indexes.down();
        A360_TRY(withIndexesLeft(merged));
        A360_TRY(checkLaw());
        if (!rebuilt.ok() && rebuilt.error().code != ErrorCode::Cancelled)
            return withIndexesLeft(rebuilt);
        m_report.cancelled = m_report.cancelled || !rebuilt.ok();
        if (m_report.indexesLeft > 0)
            m_report.notes += indexesLeftText(m_report.indexesLeft);
        else
            indexes.analyze(m_report.inserted + m_report.updated, m_cancel);
        return {};
    }

    Result<void> withIndexesLeft(Result<void> result) const
    {
        if (result.ok() || m_report.indexesLeft == 0)
            return result;
        Error error = result.error();
        error.message += QLatin1Char(' ') + indexesLeftText(m_report.indexesLeft);
        return error;
    }

    Result<void> mergeBoth(ImportStaging &staging)
    {
        if (m_request.dryRun)
            A360_TRY(m_lease.begin(db::TransactionMode::ReadWrite));
        const bool hasCompanies = !m_plan.company.empty() || !m_plan.companyUuidSources.empty();
        if (m_request.entity == contacts::Entity::Contact && hasCompanies) {
            MergeCounts companies;
            A360_TRY(mergeSide(staging, PairMerge::Side::Company, QStringLiteral("Merging companies"), companies));
            m_report.companiesInserted = companies.inserted;
            m_report.companiesUpdated = companies.updated;
            m_report.companiesUnchanged = companies.unchanged;
        }
        MergeCounts own;
        if (!m_report.cancelled)
            A360_TRY(mergeSide(staging, PairMerge::Side::Own, QStringLiteral("Merging rows"), own));
        m_report.inserted = own.inserted;
        m_report.updated = own.updated;
        if (m_request.policy == ConflictPolicy::Skip)
            m_report.skippedExisting = own.unchanged;
        else
            m_report.unchanged = own.unchanged;
        m_report.skipped += m_report.skippedExisting;
        return {};
    }

    Result<void> mergeSide(ImportStaging &staging, PairMerge::Side side, const QString &name, MergeCounts &total)
    {
        phase(name, staging.lastRow());
        PairMerge pair(m_lease, m_schema, m_plan, side, staging.table(), m_request.policy);
        const bool people = side == PairMerge::Side::Own && m_request.entity == contacts::Entity::Contact;
        const db::DataTables tables = people ? db::DataTables::Contacts : db::DataTables::Companies;
        for (qint64 after = 0; after < staging.lastRow(); after += kMergeRows) {
            const qint64 upTo = std::min(after + kMergeRows, staging.lastRow());
            const Result<MergeCounts> counts = m_cancel.isCancelled() ? cancelled() : mergeChunk(pair, tables, after, upTo);
            if (!counts.ok())
                return stopped(counts.error(), total);
            total += *counts;
            m_progress.update([&](Progress &p) { p.rowsDone = upTo; });
        }
        return {};
    }

    static Error cancelled() { return makeError(ErrorCode::Cancelled, QStringLiteral("Cancelled.")); }

    /// A cancelled merge is a result (whole chunks are in, and the report says how many); a cancelled dry run is not.
    Result<void> stopped(const Error &error, const MergeCounts &total)
    {
        if (error.code == ErrorCode::Cancelled && !m_request.dryRun) {
            m_report.cancelled = true;
            return {};
        }
        Error told = error;
        if (!m_request.dryRun && (total.inserted > 0 || total.updated > 0)) {
            told.message += QStringLiteral(" Before that, %1 rows were inserted and %2 updated and remain; importing the "
                                           "file again goes on from there.")
                                .arg(total.inserted)
                                .arg(total.updated);
        }
        const qint64 companies = m_report.companiesInserted + m_report.companiesUpdated; // of a side that is through
        if (!m_request.dryRun && companies > 0)
            told.message += QStringLiteral(" %1 companies of the file were inserted or updated and remain.").arg(companies);
        return told;
    }

    /// A chunk that changes nothing leaves cached pages alone.
    Result<void> commit(const MergeCounts &counts, db::DataTables tables)
    {
        return counts.inserted > 0 || counts.updated > 0 ? db::commitChange(m_lease, m_epochs, tables) : m_lease.commit();
    }

    /// SQLite has one writer, and another program may be at an index that takes longer than a busy lock is waited for.
    Result<void> beginChunk()
    {
        for (int attempt = 1;; ++attempt) {
            Result<void> begun = m_lease.begin(db::TransactionMode::ReadWrite, m_cancel);
            if (begun.ok() || begun.error().code != ErrorCode::Conflict || attempt == kMaxBusyWaits)
                return begun;
        }
    }

    Result<MergeCounts> mergeChunk(PairMerge &pair, db::DataTables tables, qint64 after, qint64 upTo)
    {
        if (m_request.dryRun)
            return pair.run(after, upTo, m_cancel);
        for (int attempt = 1;; ++attempt) {
            A360_TRY(beginChunk());
            Result<MergeCounts> counts = pair.run(after, upTo, m_cancel);
            if (counts.ok()) {
                const Result<void> committed = commit(*counts, tables);
                if (!committed.ok() && m_lease.inTransaction())
                    static_cast<void>(m_lease.rollback());
                return committed.ok() ? counts : Result<MergeCounts>(committed.error());
            }
            A360_TRY(m_lease.rollback());
            if (counts.error().code != ErrorCode::Conflict || attempt == kMaxConflicts)
                return counts;
        }
    }

    Result<void> checkLaw()
    {
        const qint64 accounted = m_report.inserted + m_report.updated + m_report.unchanged + m_report.skipped + m_report.rejected;
        if (m_report.cancelled) {
            m_report.skippedByCancel = m_report.read - accounted;
            m_report.skipped += m_report.skippedByCancel;
            return {};
        }
        if (accounted == m_report.read)
            return {};
        return makeError(ErrorCode::Internal,
                         QStringLiteral("The import read %1 rows but can account for %2 only; please report this.")
                             .arg(m_report.read)
                             .arg(accounted));
    }

    db::Lease &m_lease;
    db::EpochBoard &m_epochs;
    const ImportRequest &m_request;
    ProgressCounter &m_progress;
    const CancelToken m_cancel;
    ImportReport m_report;
    ImportPlan m_plan;
    contacts::SchemaInfo m_schema;
};

} // namespace

Result<ImportReport> runImport(db::ConnectionPool &pool, const ImportRequest &request, ProgressCounter &progress,
                               CancelToken cancel)
{
    const auto startedAt = std::chrono::steady_clock::now();
    A360_TRY(spareDatabase(pool.url(), request.rejectsPath));
    A360_TRY_ASSIGN(db::Lease lease, pool.lease(db::Lane::Bulk, cancel, "import"));
    A360_TRY_ASSIGN(ImportReport report, Import(lease, pool.epochs(), request, progress, cancel).run());
    report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - startedAt).count();
    return report;
}

} // namespace a360::transfer

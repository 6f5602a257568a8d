// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "contacts/field_catalogue.h"
#include "core/cancel_token.h"
#include "core/progress.h"
#include "db/connection_pool.h"
#include "transfer/csv_format.h"
#include "transfer/header_mapping.h"
#include "transfer/transfer_pace.h"

#include <QJsonObject>

namespace a360::transfer {

enum class ConflictPolicy {
    Overwrite, ///< non-empty cells replace, empty cells never erase
    FillEmpty, ///< only NULLs are written
    Skip,      ///< existing rows are left alone
};
enum class MatchBy { Default, Email, LinkedIn, Uuid }; ///< what tells that a row is already there (decision 1)

struct ImportRequest
{
    std::shared_ptr<InputFile> file;
    contacts::Entity entity = contacts::Entity::Contact;
    CsvOverrides overrides;
    QMap<QString, QString> mapping;   ///< file column -> field, as chosen by the user
    ConflictPolicy policy = ConflictPolicy::Overwrite;
    MatchBy match = MatchBy::Default;
    bool dryRun = false;
    bool lenient = false;
    bool rebuildIndexes = false;
    qint64 maxRejects = -1;           ///< more than this many: Error{LimitExceeded}, nothing changed
    QString rejectsPath;              ///< where the rejects CSV goes, never over the database; empty: nowhere
    TransferPace pace;
};

/// One rejected row, or with `lenient` one emptied cell.
struct Reject
{
    qint64 row = 0, line = 0, offset = 0;
    QString column;
    QString value; ///< its first 200 characters
    QString reason;
    int limit = 0; ///< text_too_long: what the column takes, in bytes
};

/// What became of the file's rows: read = inserted + updated + unchanged + skipped + rejected (decision 6), checked
/// before the report is given out.
struct ImportReport
{
    qint64 read = 0, inserted = 0, updated = 0, unchanged = 0, skipped = 0, rejected = 0, warnings = 0;
    qint64 companiesInserted = 0, companiesUpdated = 0, companiesUnchanged = 0;
    qint64 companiesLost = 0;          ///< rows whose company values were not imported, as nothing names the company
    qint64 skippedDuplicates = 0;      ///< part of skipped: an earlier row of a key that comes again (decision 4)
    qint64 skippedExisting = 0;        ///< part of skipped: policy Skip left an existing row alone
    qint64 skippedByCancel = 0;        ///< part of skipped: not reached before the merge was cancelled
    qint64 indexesLeft = 0;            ///< taken down for the load and not back when it was cancelled; a note says so
    QMap<QString, qint64> rejectedByReason;
    std::vector<Reject> firstRejects;  ///< the first 1000, for the screen; the file has all
    std::vector<Reject> firstWarnings; ///< with `lenient`: the first 1000 cells that were emptied
    double seconds = 0;
    QByteArray inputSha256;
    HeaderMapping mapping;
    CsvFormat format;
    bool dryRun = false;
    bool cancelled = false;            ///< stopped in the merge: whole chunks before it are in; or after it, see indexesLeft
    QStringList notes;
    QJsonObject toJson() const;
};

/// Reads, checks and stages the whole file, then merges it in chunks, each one transaction (decision 3). Blocks the
/// calling thread; takes one lease of Lane::Bulk. Memory is flat. Cancelling ends it within a second. Errors: UnusableInput, LimitExceeded, Cancelled,
/// PermissionDenied, Unavailable, Database, Io; up to the end of staging the data is untouched.
Result<ImportReport> runImport(db::ConnectionPool &pool, const ImportRequest &request, ProgressCounter &progress,
                               CancelToken cancel);

/// What the assistant shows before the run: format, mapping and the first rows as they would be read.
struct ImportPreview
{
    CsvFormat format;
    HeaderMapping mapping;
    std::vector<QStringList> rows;
};
Result<ImportPreview> previewImport(const InputFile &file, contacts::Entity entity, const CsvOverrides &overrides,
                                    const QMap<QString, QString> &mapping, int rows = 50);

} // namespace a360::transfer

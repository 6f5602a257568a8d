// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "contacts/query.h"
#include "contacts/schema_info.h"
#include "core/cancel_token.h"
#include "core/progress.h"
#include "db/read_router.h"
#include "transfer/byte_sink.h"
#include "transfer/format.h"
#include "transfer/row_reader.h"
#include "transfer/transfer_pace.h"

#include <QDateTime>
#include <QJsonObject>

namespace a360::transfer {

struct ExportRequest
{
    contacts::Query query;
    std::vector<contacts::OutputColumn> columns;
    Format format = Format::Csv;
    bool spreadsheetSafe = false; ///< guard cells that a spreadsheet would take for formulas (reversible by our import)
    qint64 maxRows = -1;
    bool strictSnapshot = false;  ///< decision 27: start over instead of going on from a new snapshot
    Compression compression = Compression::None;
    TransferPace pace;
};

struct Receipt
{
    qint64 rows = 0;
    qint64 bytes = 0;        ///< as written, after compression
    QByteArray sha256;       ///< of those bytes, lower-case hex
    QByteArray query;        ///< canonical text
    std::vector<SnapshotRange> snapshots;
    bool consistent = true;
    double seconds = 0;
    QDateTime finishedAt;
    QJsonObject toJson() const;
};

/// Reads a query's rows in one snapshot and writes them, encoded and compressed, to `target`, which is finished on
/// success and aborted on failure or cancellation. Blocks the calling thread; takes one lease of Lane::Bulk; uses more
/// threads (encoders as many as the pace says, writer, digest). Memory is flat. Transient database errors are retried with backoff, going on
/// behind the last delivered row. Nothing is written before the first rows (or the end) have come, so that an error
/// before that leaves the target untouched.
Result<Receipt> runExport(const db::ReadPools &pools, std::shared_ptr<const contacts::SchemaInfo> schema,
                          const ExportRequest &request, std::unique_ptr<ByteSink> target, ProgressCounter &progress,
                          CancelToken cancel);

/// The same into a file (openOutputFile(); "-" is standard output). With `strictSnapshot` a lost connection starts the file
/// over, up to five times; standard output cannot be taken back, so there it is an error.
Result<Receipt> exportToFile(const db::ReadPools &pools, std::shared_ptr<const contacts::SchemaInfo> schema,
                             const ExportRequest &request, const QString &path, bool fsync, ProgressCounter &progress,
                             CancelToken cancel);

} // namespace a360::transfer

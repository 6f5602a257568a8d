// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/exporter.h"

#include "core/bytes.h"
#include "parallel/ordered_pipe.h"
#include "transfer/chunk_size.h"
#include "transfer/digest_sink.h"
#include "transfer/output_file.h"
#include "transfer/retry_delay.h"
#include "transfer/row_encoder.h"
#include "transfer/row_reader.h"

#include <QJsonArray>
#include <QThread>

#include <algorithm>
#include <atomic>
#include <thread>

namespace a360::transfer {

namespace {

/// Most rows of a batch: its bytes, once encoded, should be about a chunk.
qsizetype batchRows(const ExportRequest &request)
{
    return std::min<qsizetype>(request.pace.batchRows, optimizeChunkSize(request.format, {}, request.pace.chunkBytes));
}

Error brokenOff(Error error, qint64 rowsRead)
{
    if (rowsRead > 0)
        error.message = QStringLiteral("The export ended after %1 rows: %2").arg(rowsRead).arg(error.message);
    return error;
}

/// The road of one export: the calling thread reads rows, a few more encode them, another one writes them in their order.
class ExportRoad
{
public:
    ExportRoad(const ExportRequest &request, std::unique_ptr<ByteSink> target, ProgressCounter &progress)
        : m_request(request), m_progress(progress),
          m_encoders(std::clamp(request.pace.workers, 1, std::max(1, QThread::idealThreadCount())),
                     parallel::Metered(request.pace.meterOf(&TransferMeters::encoding),
                                       [this](Batch batch) { return encode(std::move(batch)); }))
    {
        auto digest = std::make_unique<DigestSink>(std::move(target));
        m_digest = digest.get();
        m_sink = request.compression == Compression::None ? std::unique_ptr<ByteSink>(std::move(digest))
                                                          : compressingSink(std::move(digest), request.compression);
    }

    Result<void> run(RowReader &reader, const CancelToken &cancel)
    {
        const auto registration = cancel.onCancel([this] { stopAll(); });
        std::thread writer([this] { write(); });
        bool first = true;
        const Result<void> read = reader.run([&](std::unique_ptr<db::RowBatch> rows) {
            return m_encoders.push({std::move(rows), std::exchange(first, false)}) ? emptyBatch(reader) : nullptr;
        });
        if (read.ok())
            m_encoders.close();
        else
            stopAll();
        writer.join();
        return settle(read, reader.rowsDelivered(), cancel);
    }

    qint64 byteCount() const { return m_digest->byteCount(); }
    QByteArray sha256() const { return m_digest->sha256(); }

private:
    struct Batch
    {
        std::unique_ptr<db::RowBatch> rows;
        bool first = false; ///< of the export
    };
    struct Encoded
    {
        std::string bytes;
        qsizetype rows = 0;
    };

    std::unique_ptr<db::RowBatch> emptyBatch(const RowReader &reader)
    {
        auto used = m_usedBatches.tryPop();
        return used ? std::move(*used) : reader.makeBatch();
    }

    std::unique_ptr<RowEncoder> encoder() const
    {
        return makeEncoder(m_request.format, m_request.columns, m_request.spreadsheetSafe);
    }

    Encoded encode(Batch batch)
    {
        Encoded made;
        made.rows = batch.rows->rowCount();
        made.bytes = m_usedBytes.tryPop().value_or(std::string());
        made.bytes.clear();
        const auto encoder = this->encoder();
        if (batch.first)
            encoder->begin(made.bytes);
        encoder->rows(*batch.rows, batch.first, made.bytes);
        batch.rows->clear();
        m_usedBatches.push(std::move(batch.rows));
        return made;
    }

    void write()
    {
        bool any = false;
        while (auto encoded = m_encoders.pop()) {
            if (!encoded->ok())
                return fail(encoded->error());
            if (const Result<void> written = writeChunks((*encoded)->bytes); !written.ok())
                return fail(written.error());
            any = true;
            m_progress.update([&](Progress &p) {
                p.rowsDone += (*encoded)->rows;
                p.bytesDone = m_digest->byteCount();
            });
            m_usedBytes.push(std::move((*encoded)->bytes));
        }
        if (m_stopped.load())
            return;
        std::string rest;
        if (!any)
            encoder()->begin(rest);
        encoder()->end(any, rest);
        if (const Result<void> written = writeChunks(rest); !written.ok())
            fail(written.error());
    }

    Result<void> writeChunks(const std::string &bytes)
    {
        for (std::string_view rest = bytes; !rest.empty();) {
            const std::string_view chunk = rest.substr(0, static_cast<size_t>(m_request.pace.chunkBytes));
            A360_TRY(m_sink->write(bytesOf(chunk)));
            rest.remove_prefix(chunk.size());
        }
        return {};
    }

    void fail(const Error &error)
    {
        m_writeError = error;
        stopAll();
    }

    void stopAll()
    {
        m_stopped = true; // first: a writer that sees the end of the batches must not take it for the end of the rows
        m_encoders.abort();
    }

    Result<void> settle(const Result<void> &read, qint64 rowsRead, const CancelToken &cancel)
    {
        std::optional<Error> failure;
        if (m_writeError)
            failure = m_writeError;
        else if (cancel.isCancelled())
            failure = makeError(ErrorCode::Cancelled, QStringLiteral("The export was cancelled."));
        else if (!read.ok())
            failure = brokenOff(read.error(), rowsRead);
        else if (const Result<void> finished = m_sink->finish(); !finished.ok())
            failure = finished.error();
        if (!failure)
            return {};
        m_sink->abort();
        return *failure;
    }

    const ExportRequest &m_request;
    ProgressCounter &m_progress;
    DigestSink *m_digest = nullptr; // owned by m_sink's chain
    std::unique_ptr<ByteSink> m_sink;
    std::atomic<bool> m_stopped = false;
    std::optional<Error> m_writeError; // written by the writer thread, read after join
    // What was used is used again; never full, as no more is under way than the pipe lets in.
    parallel::BoundedQueue<std::unique_ptr<db::RowBatch>> m_usedBatches{1024};
    parallel::BoundedQueue<std::string> m_usedBytes{1024};
    parallel::OrderedPipe<Batch, Encoded> m_encoders; // last: its threads use the rest
};

} // namespace

Result<Receipt> runExport(const db::ReadPools &pools, std::shared_ptr<const contacts::SchemaInfo> schema,
                          const ExportRequest &request, std::unique_ptr<ByteSink> target, ProgressCounter &progress,
                          CancelToken cancel)
{
    const auto startedAt = std::chrono::steady_clock::now();
    progress.update([&](Progress &p) {
        p.phase = QStringLiteral("Writing");
        p.startedAt = startedAt;
        if (request.maxRows >= 0 && p.rowsTotal > request.maxRows)
            p.rowsTotal = request.maxRows;
    });
    RowReader reader(pools, std::move(schema),
                     {request.query, request.columns, request.maxRows, !request.strictSnapshot, false, batchRows(request)},
                     cancel);
    ExportRoad road(request, std::move(target), progress);
    A360_TRY(road.run(reader, cancel));

    Receipt receipt;
    receipt.rows = reader.rowsDelivered();
    receipt.bytes = road.byteCount();
    receipt.sha256 = road.sha256();
    receipt.query = request.query.canonical();
    receipt.snapshots = reader.snapshots();
    receipt.consistent = receipt.snapshots.size() == 1;
    receipt.finishedAt = QDateTime::currentDateTimeUtc();
    receipt.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - startedAt).count();
    progress.update([&](Progress &p) {
        p.rowsDone = receipt.rows;
        p.bytesDone = receipt.bytes;
    });
    return receipt;
}

Result<Receipt> exportToFile(const db::ReadPools &pools, std::shared_ptr<const contacts::SchemaInfo> schema,
                             const ExportRequest &request, const QString &path, bool fsync, ProgressCounter &progress,
                             CancelToken cancel)
{
    constexpr int kMostStarts = 5;
    for (int start = 1;; ++start) {
        A360_TRY_ASSIGN(auto sink, openOutputFile(pools.database(), path, fsync, cancel));
        Result<Receipt> receipt = runExport(pools, schema, request, std::move(sink), progress, cancel);
        const bool again = request.strictSnapshot && !receipt.ok() && receipt.error().isTransient()
            && path != QLatin1String("-") && start < kMostStarts;
        if (!again)
            return receipt;
        progress.update([](Progress &p) { p.rowsDone = p.bytesDone = 0; });
        A360_TRY(waitBeforeRetry(start, cancel));
    }
}

QJsonObject Receipt::toJson() const
{
    QJsonArray ranges;
    for (const SnapshotRange &range : snapshots) {
        ranges.append(QJsonObject{{QStringLiteral("snapshot"), range.snapshot},
                                  {QStringLiteral("first_row"), range.firstRow},
                                  {QStringLiteral("last_row"), range.lastRow}});
    }
    return {{QStringLiteral("rows"), rows},
            {QStringLiteral("bytes"), bytes},
            {QStringLiteral("sha256"), QString::fromLatin1(sha256)},
            {QStringLiteral("query"), QString::fromUtf8(query)},
            {QStringLiteral("snapshots"), ranges},
            {QStringLiteral("consistent"), consistent},
            {QStringLiteral("seconds"), seconds},
            {QStringLiteral("finished_at"), finishedAt.toString(Qt::ISODateWithMs)}};
}

} // namespace a360::transfer

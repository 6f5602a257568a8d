// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/exporter.h"

#include "transfer/bounded_queue.h"
#include "transfer/digest_sink.h"
#include "transfer/retry_delay.h"
#include "transfer/row_encoder.h"
#include "transfer/row_reader.h"

#include <QJsonArray>

#include <thread>

namespace a360::transfer {

namespace {

/// The road of one export: the calling thread reads rows, a second one encodes them, a third one writes blocks.
class ExportRoad
{
public:
    ExportRoad(const ExportRequest &request, std::unique_ptr<ByteSink> target, ProgressCounter &progress)
        : m_request(request), m_progress(progress)
    {
        auto digest = std::make_unique<DigestSink>(std::move(target));
        m_digest = digest.get();
        m_sink = request.compression == Compression::None ? std::unique_ptr<ByteSink>(std::move(digest))
                                                          : compressingSink(std::move(digest), request.compression);
    }

    Result<void> run(RowReader &reader, const CancelToken &cancel)
    {
        const auto registration = cancel.onCancel([this] { stopAll(); });
        std::thread encoder([this] { encode(); });
        std::thread writer([this] { write(); });
        const Result<void> read = reader.run([&](std::unique_ptr<db::RowBatch> batch) {
            return m_batches.push(std::move(batch)) ? emptyBatch(reader) : nullptr;
        });
        if (read.ok())
            m_batches.close();
        else
            stopAll();
        encoder.join();
        writer.join();
        return settle(read, cancel);
    }

    qint64 byteCount() const { return m_digest->byteCount(); }
    QByteArray sha256() const { return m_digest->sha256(); }

private:
    std::unique_ptr<db::RowBatch> emptyBatch(const RowReader &reader)
    {
        auto used = m_usedBatches.tryPop();
        return used ? std::move(*used) : reader.makeBatch();
    }

    void encode()
    {
        const auto encoder = makeEncoder(m_request.format, m_request.columns, m_request.spreadsheetSafe);
        std::string out;
        encoder->begin(out);
        while (auto batch = m_batches.pop()) {
            const db::RowBatch &rows = **batch;
            for (qsizetype row = 0; row < rows.rowCount(); ++row) {
                encoder->row(rows, row, out);
                if (static_cast<qsizetype>(out.size()) >= m_request.blockBytes && !pushBlock(out))
                    return;
            }
            if (!out.empty() && !pushBlock(out))
                return; // handed on at once: a reader over the network should not wait for a full block
            m_progress.update([&](Progress &p) {
                p.rowsDone += rows.rowCount();
                p.bytesDone = m_digest->byteCount();
            });
            (*batch)->clear();
            m_usedBatches.push(std::move(*batch));
        }
        encoder->end(out);
        if (!out.empty())
            pushBlock(out);
        m_blocks.close();
    }

    bool pushBlock(std::string &out)
    {
        const bool taken = m_blocks.push(QByteArray(out.data(), static_cast<qsizetype>(out.size())));
        out.clear();
        return taken;
    }

    void write()
    {
        while (const auto block = m_blocks.pop()) {
            if (const Result<void> written = m_sink->write(*block); !written.ok()) {
                m_writeError = written.error();
                stopAll();
                return;
            }
        }
    }

    void stopAll()
    {
        m_blocks.abort(); // first, so that an encoder that sees the end of its batches cannot hand on another block
        m_batches.abort();
        m_usedBatches.abort();
    }

    Result<void> settle(const Result<void> &read, const CancelToken &cancel)
    {
        std::optional<Error> failure;
        if (m_writeError)
            failure = m_writeError;
        else if (cancel.isCancelled())
            failure = makeError(ErrorCode::Cancelled, QStringLiteral("The export was cancelled."));
        else if (!read.ok())
            failure = read.error();
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
    BoundedQueue<std::unique_ptr<db::RowBatch>> m_batches{4};
    BoundedQueue<std::unique_ptr<db::RowBatch>> m_usedBatches{8};
    BoundedQueue<QByteArray> m_blocks{8};
    std::optional<Error> m_writeError; // written by the writer thread, read after join
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
                     {request.query, request.columns, request.maxRows, !request.strictSnapshot, false, request.batchRows},
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
        A360_TRY_ASSIGN(auto sink, openFileSink(path, fsync, cancel));
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

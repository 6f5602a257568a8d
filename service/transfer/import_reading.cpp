// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/import_reading.h"

#include "parallel/ordered_stream.h"
#include "transfer/csv_reader.h"
#include "transfer/reject_text.h"

#include <QLocale>
#include <QThreadPool>

#include <algorithm>

namespace a360::transfer {

namespace {

constexpr size_t kListed = 1000; // rejects and warnings kept for the screen and the report

class Reading
{
public:
    Reading(const ImportRequest &request, const ImportPlan &plan, const CsvFormat &format, ImportStaging &staging,
            RejectsFile &rejects, ImportReport &report, ProgressCounter &progress)
        : m_request(request), m_plan(plan), m_format(format), m_staging(staging), m_rejects(rejects), m_report(report),
          m_progress(progress)
    {
        m_workers.setMaxThreadCount(std::clamp(request.pace.workers, 1, std::max(1, QThread::idealThreadCount())));
    }

    Result<void> run(const CancelToken &cancel)
    {
        A360_TRY_ASSIGN(auto source, m_request.file->source());
        ChunkReader reader(std::move(source), m_format, m_request.lenient);
        const auto nextChunk = [&]() -> Result<std::optional<RecordChunk>> {
            std::optional<RecordChunk> chunk(std::in_place);
            A360_TRY_ASSIGN(const bool more, reader.next(*chunk));
            if (!more)
                chunk.reset();
            return chunk;
        };
        const parallel::Metered parse(m_request.pace.meterOf(&TransferMeters::parsing), [&](const RecordChunk &chunk) {
            return parseImportChunk(chunk, m_format, m_plan, m_request.lenient);
        });
        const auto take = [&](const ParsedChunk &parsed) { return takeParsed(parsed, reader.source()); };
        A360_TRY(parallel::processStream(m_workers, nextChunk, parse, take, cancel));
        m_report.inputSha256 = reader.source().inputSha256();
        noteLostCompanies();
        return {};
    }

private:
    Result<void> takeParsed(const ParsedChunk &parsed, const ByteSource &source)
    {
        count(parsed);
        A360_TRY(m_rejects.append(parsed.rejectsCsv));
        if (m_request.maxRejects >= 0 && m_report.rejected > m_request.maxRejects) {
            return makeError(ErrorCode::LimitExceeded,
                             QStringLiteral("More than %1 %2 rejected; nothing was changed. The first: %3.")
                                 .arg(QString::number(m_request.maxRejects),
                                      m_request.maxRejects == 1 ? QStringLiteral("row was") : QStringLiteral("rows were"),
                                      rejectLine(m_report.firstRejects.front())),
                             QStringLiteral("max-rejects"));
        }
        A360_TRY(m_staging.append(parsed));
        m_progress.update([&](Progress &p) {
            p.rowsDone = m_report.read;
            p.rejected = m_report.rejected;
            p.bytesDone = source.inputPosition();
        });
        return {};
    }

    void count(const ParsedChunk &parsed)
    {
        m_report.read += parsed.read;
        m_report.rejected += static_cast<qint64>(parsed.rejects.size());
        m_report.warnings += static_cast<qint64>(parsed.warnings.size());
        m_report.companiesLost += parsed.companiesLost;
        for (const Reject &reject : parsed.rejects) {
            ++m_report.rejectedByReason[reject.reason];
            if (m_report.firstRejects.size() < kListed)
                m_report.firstRejects.push_back(reject);
        }
        for (const Reject &warning : parsed.warnings) {
            if (m_report.firstWarnings.size() < kListed)
                m_report.firstWarnings.push_back(warning);
        }
    }

    void noteLostCompanies()
    {
        if (m_report.companiesLost == 0)
            return;
        m_report.notes.append(QStringLiteral("In %1 of the rows nothing says which company it is (no company name, company "
                                             "LinkedIn URL, name for e-mails or uuid): their other company values were not "
                                             "imported, the contacts were.")
                                  .arg(QLocale(QLocale::English).toString(m_report.companiesLost)));
    }

    const ImportRequest &m_request;
    const ImportPlan &m_plan;
    const CsvFormat &m_format;
    ImportStaging &m_staging;
    RejectsFile &m_rejects;
    ImportReport &m_report;
    ProgressCounter &m_progress;
    QThreadPool m_workers;
};

} // namespace

Result<void> readIntoStaging(const ImportRequest &request, const ImportPlan &plan, const CsvFormat &format,
                             ImportStaging &staging, RejectsFile &rejects, ImportReport &report,
                             ProgressCounter &progress, const CancelToken &cancel)
{
    progress.update([&](Progress &p) {
        p.enter(QStringLiteral("Reading"));
        p.bytesDone = 0;
        p.bytesTotal = request.file->size();
    });
    A360_TRY(staging.beginLoad(cancel));
    Reading reading(request, plan, format, staging, rejects, report, progress);
    return reading.run(cancel);
}

} // namespace a360::transfer

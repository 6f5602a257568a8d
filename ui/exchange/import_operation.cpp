// SPDX-License-Identifier: GPL-3.0-or-later
#include "exchange/import_operation.h"

#include "records/cell_text.h"
#include "transfer/output_file.h"
#include "work/run_async.h"

#include <QFile>

namespace a360::ui {

namespace {

QString rejectsPath(const QTemporaryDir &folder)
{
    return folder.filePath(QStringLiteral("rejects.csv"));
}

Result<void> copyFile(const QString &from, const QString &to, const db::DatabaseUrl &own, const db::DatabaseUrl &open)
{
    A360_TRY(transfer::spareDatabase(own, to));
    QFile in(from);
    if (!in.open(QIODevice::ReadOnly))
        return makeError(ErrorCode::Io, QStringLiteral("The rejects are no longer there: %1").arg(in.errorString()));
    A360_TRY_ASSIGN(const auto out, transfer::openOutputFile(open, to));
    for (;;) {
        const QByteArray block = in.read(1 << 20);
        if (in.error() != QFileDevice::NoError)
            return makeError(ErrorCode::Io, QStringLiteral("The rejects cannot be read: %1").arg(in.errorString()));
        if (block.isEmpty())
            return out->finish();
        A360_TRY(out->write(block));
    }
}

} // namespace

ImportOperation::ImportOperation(QString title, Session &session, Prepare prepare, QObject *parent)
    : Operation(std::move(title), session.url(), session.closing(), parent), m_folder(std::make_shared<QTemporaryDir>())
{
    runAsync(
        session.bulk(), this,
        [service = session.service(), prepare = std::move(prepare), folder = m_folder, progress = counter(),
         cancel = token()]() -> Result<transfer::ImportReport> {
            A360_TRY_ASSIGN(transfer::ImportRequest request, prepare(cancel));
            request.rejectsPath = rejectsPath(*folder);
            request.pace = service->pace();
            return service->import(request, *progress, cancel);
        },
        [this](Result<transfer::ImportReport> result) {
            if (!result.ok()) {
                finishWithError(result.error());
                return;
            }
            m_report = std::move(*result);
            finishWith(m_report.cancelled ? State::Cancelled : State::Done);
        });
}

bool ImportOperation::hasRejectsFile() const
{
    return !isRunning() && QFile::exists(rejectsPath(*m_folder));
}

void ImportOperation::saveRejects(Session &session, const QString &path, std::function<void(const QString &)> done)
{
    runAsync(
        session.bulk(), this,
        [folder = m_folder, path, own = database(), open = session.url()] { return copyFile(rejectsPath(*folder), path, own, open); },
        [done = std::move(done)](const Result<void> &copied) { done(copied.ok() ? QString() : copied.error().message); });
}

QString ImportOperation::summary() const
{
    const QLocale locale;
    const auto joined = [&](const QString &between, const QString &conditional) {
        const std::pair<qint64, QString> parts[] = {{m_report.inserted, conditional + tr("inserted")},
                                                    {m_report.updated, tr("updated")},
                                                    {m_report.unchanged, tr("unchanged")},
                                                    {m_report.skipped, tr("skipped")},
                                                    {m_report.rejected, tr("rejected")}};
        QStringList texts;
        for (const auto &[count, word] : parts)
            texts.append(QStringLiteral("%1 %2").arg(locale.toString(count), word));
        return texts.join(between);
    };
    const QString sums = joined(QStringLiteral(" · "), {});
    switch (state()) {
    case State::Running:
        return {};
    case State::Done:
        if (!m_report.dryRun)
            return sums;
        return tr("Dry run, nothing was written. Of %1 %2.")
            .arg(rowsText(m_report.read, locale), joined(QStringLiteral(", "), tr("would be ")));
    case State::Cancelled:
        return m_report.cancelled ? tr("Cancelled. These rows are in: %1").arg(sums)
                                  : tr("Cancelled. The data is untouched.");
    case State::Failed:
        break;
    }
    return error().message;
}

} // namespace a360::ui

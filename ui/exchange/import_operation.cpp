// SPDX-License-Identifier: GPL-3.0-or-later
#include "exchange/import_operation.h"

#include "records/cell_text.h"
#include "work/run_async.h"

#include <QFile>
#include <QSaveFile>

namespace a360::ui {

namespace {

QString rejectsPath(const QTemporaryDir &folder)
{
    return folder.filePath(QStringLiteral("rejects.csv"));
}

/// Through a temporary neighbour, so that a full disk leaves no half file.
QString copyFile(const QString &from, const QString &to)
{
    QFile in(from);
    QSaveFile out(to);
    if (!in.open(QIODevice::ReadOnly))
        return QStringLiteral("The rejects are no longer there: %1").arg(in.errorString());
    if (!out.open(QIODevice::WriteOnly))
        return QStringLiteral("%1 cannot be written: %2").arg(to, out.errorString());
    while (!in.atEnd()) {
        const QByteArray block = in.read(1 << 20);
        if (block.isEmpty() || out.write(block) != block.size())
            return QStringLiteral("%1 could not be written completely: %2").arg(to, out.errorString());
    }
    return out.commit() ? QString() : QStringLiteral("%1 could not be written: %2").arg(to, out.errorString());
}

} // namespace

ImportOperation::ImportOperation(QString title, Session &session, Prepare prepare, QObject *parent)
    : Operation(std::move(title), session.closing(), parent), m_folder(std::make_shared<QTemporaryDir>())
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

void ImportOperation::saveRejects(QThreadPool &pool, const QString &path, std::function<void(const QString &)> done)
{
    runAsync(
        pool, this, [folder = m_folder, path] { return copyFile(rejectsPath(*folder), path); }, std::move(done));
}

QString ImportOperation::summary() const
{
    const QLocale locale;
    const auto text = [&](qint64 n, const char *what) {
        return QStringLiteral("%1 %2").arg(locale.toString(n), QLatin1String(what));
    };
    const QString sums = QStringList{text(m_report.inserted, "inserted"), text(m_report.updated, "updated"),
                                     text(m_report.unchanged, "unchanged"), text(m_report.skipped, "skipped"),
                                     text(m_report.rejected, "rejected")}
                             .join(QStringLiteral(" · "));
    switch (state()) {
    case State::Running:
        return {};
    case State::Done:
        return m_report.dryRun ? tr("Dry run, nothing was written: %1").arg(sums) : sums;
    case State::Cancelled:
        return m_report.cancelled ? tr("Cancelled. These rows are in: %1").arg(sums)
                                  : tr("Cancelled. The data is untouched.");
    case State::Failed:
        break;
    }
    return error().message;
}

} // namespace a360::ui

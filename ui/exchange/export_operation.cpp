// SPDX-License-Identifier: GPL-3.0-or-later
#include "exchange/export_operation.h"

#include "records/cell_text.h"
#include "work/run_async.h"

namespace a360::ui {

ExportOperation::ExportOperation(QString title, Session &session, const transfer::ExportRequest &request,
                                 const QString &path, QObject *parent)
    : Operation(std::move(title), session.url(), session.closing(), parent), m_path(path)
{
    runAsync(
        session.bulk(), this,
        [service = session.service(), request = request, path, progress = counter(),
         cancel = token()]() mutable -> Result<transfer::Receipt> {
            request.pace = service->pace();
            return transfer::exportToFile({service->reads(), "window export"}, service->schema(), request, path, false,
                                          *progress, cancel);
        },
        [this](Result<transfer::Receipt> result) {
            if (!result.ok()) {
                finishWithError(result.error());
                return;
            }
            m_receipt = std::move(*result);
            finishWith(State::Done);
        });
}

QString ExportOperation::summary() const
{
    const QLocale locale;
    switch (state()) {
    case State::Running:
        return {};
    case State::Done:
        return QStringLiteral("%1 · %2 · %3").arg(rowsText(m_receipt.rows, locale), bytesText(m_receipt.bytes, locale),
                                                  durationText(m_receipt.seconds));
    case State::Cancelled:
        return tr("Cancelled. Nothing was left behind.");
    case State::Failed:
        break;
    }
    return error().message;
}

} // namespace a360::ui

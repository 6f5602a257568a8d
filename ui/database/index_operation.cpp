// SPDX-License-Identifier: GPL-3.0-or-later
#include "database/index_operation.h"

#include "work/run_async.h"

namespace a360::ui {

IndexOperation::IndexOperation(Session &session, QObject *parent)
    : Operation(tr("Missing indexes"), session.url(), session.closing(), parent)
{
    runAsync(
        session.bulk(), this,
        [service = session.service(), progress = counter(), cancel = token()] {
            return service->createMissingIndexes(*progress, cancel);
        },
        [this](Result<db::IndexCreation> result) {
            if (!result.ok()) {
                finishWithError(result.error());
                return;
            }
            m_done = std::move(*result);
            finishWith(m_done.failed.isEmpty() ? State::Done : State::Failed,
                       makeError(ErrorCode::Database, (m_done.failed + m_done.notes).join(QLatin1Char('\n'))));
        });
}

QString IndexOperation::summary() const
{
    switch (state()) {
    case State::Running:
        return {};
    case State::Done:
        return (QStringList{tr("%1 indexes made. Searches and filters use them.").arg(m_done.made.size())} + m_done.notes)
            .join(QLatin1Char('\n'));
    case State::Cancelled:
        return error().message;
    case State::Failed:
        break;
    }
    return m_done.failed.isEmpty() ? error().message
                                   : tr("%1 indexes made, not: %2").arg(m_done.made.size()).arg(error().message);
}

} // namespace a360::ui

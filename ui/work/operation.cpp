// SPDX-License-Identifier: GPL-3.0-or-later
#include "work/operation.h"

#include "records/cell_text.h"
#include "session/database_name.h"

#include <algorithm>

namespace a360::ui {

namespace {
constexpr int tickMilliseconds = 100;
constexpr double secondsBeforeRates = 1.0; // earlier figures jump about
} // namespace

Operation::Operation(QString title, db::DatabaseUrl database, CancelToken closing, QObject *parent)
    : QObject(parent), m_title(std::move(title)), m_database(std::move(database))
{
    m_closing = closing.onCancel([source = m_cancel]() mutable { source.cancel(); });
    m_tick.setInterval(tickMilliseconds);
    connect(&m_tick, &QTimer::timeout, this, &Operation::progressed);
    m_tick.start();
}

Operation::~Operation()
{
    m_cancel.cancel();
}

QString Operation::title() const
{
    return m_elsewhere ? QStringLiteral("%1 · %2").arg(m_title, databaseName(m_database)) : m_title;
}

void Operation::follow(const db::DatabaseUrl &open)
{
    const bool elsewhere = !isSameDatabase(m_database, open);
    if (elsewhere == m_elsewhere)
        return;
    m_elsewhere = elsewhere;
    Q_EMIT titleChanged();
}

void Operation::cancel()
{
    m_cancel.cancel();
    Q_EMIT progressed();
}

void Operation::finishWith(State state, const Error &error)
{
    m_tick.stop();
    m_state = state;
    m_error = error;
    Q_EMIT finished();
}

void Operation::finishWithError(const Error &error)
{
    finishWith(error.code == ErrorCode::Cancelled ? State::Cancelled : State::Failed, error);
}

double progressFraction(const Progress &progress)
{
    if (progress.rowsTotal > 0)
        return std::min(1.0, static_cast<double>(progress.rowsDone) / static_cast<double>(progress.rowsTotal));
    // Read to the end, but still at work: how long that takes nobody knows.
    if (progress.bytesTotal > 0 && progress.bytesDone < progress.bytesTotal)
        return std::min(1.0, static_cast<double>(progress.bytesDone) / static_cast<double>(progress.bytesTotal));
    return -1;
}

QString progressText(const Progress &progress, std::chrono::steady_clock::time_point now, const QLocale &locale)
{
    if (progress.unit == Progress::Unit::Indexes) {
        // The one being made. They take very different times, so there is no rate and no time left.
        return QStringLiteral("%1 of %2 indexes").arg(locale.toString(std::min(progress.rowsDone + 1, progress.rowsTotal)),
                                                      locale.toString(progress.rowsTotal));
    }
    QStringList parts;
    const QString separator = QStringLiteral(" · ");
    if (progress.rowsTotal > 0) {
        parts.append(QStringLiteral("%1 of %2 rows")
                         .arg(locale.toString(progress.rowsDone),
                              countText(progress.rowsTotal, progress.rowsTotalIsEstimate, locale)));
    } else if (progress.rowsDone > 0 || progress.bytesDone <= 0) { // some phases count bytes only
        parts.append(rowsText(progress.rowsDone, locale));
    }
    const bool allRead = progress.bytesTotal > 0 && progress.bytesDone >= progress.bytesTotal;
    if (progress.bytesDone > 0 && !allRead) {
        parts.append(progress.bytesTotal > 0 ? QStringLiteral("%1 of %2").arg(bytesText(progress.bytesDone, locale),
                                                                              bytesText(progress.bytesTotal, locale))
                                             : bytesText(progress.bytesDone, locale));
    }
    if (progress.rejected > 0)
        parts.append(QStringLiteral("%1 rejected").arg(locale.toString(progress.rejected)));
    const double seconds = std::chrono::duration<double>(now - progress.startedAt).count();
    if (seconds >= secondsBeforeRates && progress.rowsDone > 0) {
        const double rate = static_cast<double>(progress.rowsDone) / seconds;
        parts.append(rate >= 10'000 ? QStringLiteral("%1 k rows/s").arg(locale.toString(rate / 1000, 'f', 0))
                                    : QStringLiteral("%1 rows/s").arg(locale.toString(rate, 'f', 0)));
    }
    const double fraction = progressFraction(progress);
    if (seconds >= secondsBeforeRates && fraction > 0.02)
        parts.append((progress.isStep ? QStringLiteral("%1 left in this step") : QStringLiteral("%1 left"))
                         .arg(durationText(seconds / fraction - seconds)));
    return parts.join(separator);
}

} // namespace a360::ui

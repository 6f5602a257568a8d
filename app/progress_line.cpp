// SPDX-License-Identifier: GPL-3.0-or-later
#include "progress_line.h"

#include <QLocale>

#include <algorithm>

namespace a360::app {

using namespace std::chrono_literals;

namespace {

double elapsed(const Progress &progress, std::chrono::steady_clock::time_point now)
{
    return std::chrono::duration<double>(now - progress.startedAt).count();
}

/// Part that is done, 0 to 1, where a total is known; rows tell better than bytes.
double doneShare(const Progress &progress)
{
    if (progress.rowsTotal > 0)
        return std::min(1.0, static_cast<double>(progress.rowsDone) / static_cast<double>(progress.rowsTotal));
    if (progress.bytesTotal > 0)
        return std::min(1.0, static_cast<double>(progress.bytesDone) / static_cast<double>(progress.bytesTotal));
    return -1.0;
}

QString clock(double seconds)
{
    const auto total = static_cast<qint64>(seconds + 0.5);
    return QStringLiteral("%1:%2").arg(total / 60).arg(total % 60, 2, 10, QLatin1Char('0'));
}

} // namespace

QString humanNumber(qint64 number)
{
    return QLocale(QLocale::English).toString(number);
}

QString humanBytes(qint64 bytes)
{
    return QLocale(QLocale::English).formattedDataSize(bytes, bytes < 1024 ? 0 : 1);
}

QString humanSeconds(double seconds)
{
    if (seconds < 10)
        return QStringLiteral("%1 s").arg(seconds, 0, 'f', 1);
    if (seconds < 120)
        return QStringLiteral("%1 s").arg(seconds, 0, 'f', 0);
    return clock(seconds) + QStringLiteral(" min");
}

QString progressText(const Progress &progress, std::chrono::steady_clock::time_point now)
{
    const QString dot = QStringLiteral(" · ");
    const double seconds = elapsed(progress, now);
    QString text = progress.phase.isEmpty() ? QStringLiteral("Working") : progress.phase;
    if (progress.unit == Progress::Unit::Indexes) {
        // The one being made. They take very different times, so there is no rate and no time left.
        return text + QStringLiteral(" %1 of %2").arg(std::min(progress.rowsDone + 1, progress.rowsTotal)).arg(progress.rowsTotal);
    }
    text += QLatin1Char(' ') + humanNumber(progress.rowsDone);
    if (progress.rowsTotal > 0) {
        text += QStringLiteral(" of %1%2").arg(progress.rowsTotalIsEstimate ? QStringLiteral("~") : QString(),
                                               humanNumber(progress.rowsTotal));
    }
    text += QStringLiteral(" rows");
    if (progress.bytesDone > 0)
        text += dot + humanBytes(progress.bytesDone);
    if (seconds >= 1 && progress.rowsDone > 0)
        text += dot + humanNumber(static_cast<qint64>(static_cast<double>(progress.rowsDone) / seconds)) + QStringLiteral("/s");
    const double share = doneShare(progress);
    if (share >= 0)
        text += dot + QStringLiteral("%1 %").arg(static_cast<int>(share * 100));
    if (share > 0.02 && share < 1 && seconds >= 2)
        text += dot + clock(seconds * (1 - share) / share) + QStringLiteral(" left");
    if (progress.rejected > 0)
        text += dot + humanNumber(progress.rejected) + QStringLiteral(" rejected");
    return text;
}

ProgressLine::ProgressLine(Console &console, const ProgressCounter &counter) : m_console(console), m_counter(counter)
{
    if (!console.quiet())
        m_thread = std::thread([this] { run(); });
}

ProgressLine::~ProgressLine()
{
    if (!m_thread.joinable())
        return;
    {
        std::lock_guard lock(m_mutex);
        m_stop = true;
    }
    m_wake.notify_all();
    m_thread.join();
    m_console.endLive();
}

void ProgressLine::run()
{
    const bool live = m_console.errorIsTerminal();
    const auto interval = live ? std::chrono::milliseconds(200) : std::chrono::milliseconds(5000);
    std::unique_lock lock(m_mutex);
    while (!m_wake.wait_for(lock, interval, [this] { return m_stop; })) {
        const QString text = progressText(m_counter.snapshot(), std::chrono::steady_clock::now());
        if (live)
            m_console.live(text);
        else
            m_console.note(text);
    }
}

} // namespace a360::app

// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/query_monitor.h"

#include "core/logging.h"
#include "db/statement_text.h"

#include <QDateTime>

#include <algorithm>

namespace a360::db {

namespace {

/// The value that 95 of 100 do not pass.
double percentile95(std::vector<float> values)
{
    if (values.empty())
        return 0;
    const auto at = values.begin() + static_cast<std::ptrdiff_t>((values.size() * 95 + 99) / 100) - 1;
    std::nth_element(values.begin(), at, values.end());
    return static_cast<double>(*at);
}

} // namespace

void QueryMonitor::statementDone(const StatementRun &run)
{
    const double seconds = std::chrono::duration<double>(run.duration).count();
    const bool slow = m_options.statistics && seconds >= m_options.slow.count();
    const QByteArray text = statementFingerprint(run.statement.text());
    if (slow || m_options.echo)
        logStatement(text, run, seconds, slow);
    if (!m_options.statistics)
        return;
    const std::lock_guard lock(m_mutex);
    ++m_total;
    m_seconds += seconds;
    m_failed += run.error ? 1 : 0;
    countStatement(text, run, seconds);
    if (slow)
        keepSlow(text, run, seconds);
}

void QueryMonitor::logStatement(const QByteArray &text, const StatementRun &run, double seconds, bool slow)
{
    const QString line = QStringLiteral("%1 %2 of %3 s, %4 rows: %5%6")
                             .arg(slow ? QStringLiteral("slow") : QStringLiteral("ran a"),
                                  QLatin1String(statementKindName(run.kind)))
                             .arg(seconds, 0, 'f', 3)
                             .arg(run.rows)
                             .arg(QString::fromUtf8(text),
                                  run.error ? QStringLiteral(" – failed: ") + run.error->message : QString());
    if (slow)
        qCWarning(lcDb).noquote() << line;
    else
        qCInfo(lcDb).noquote() << line;
}

void QueryMonitor::countStatement(const QByteArray &text, const StatementRun &run, double seconds)
{
    const auto known = m_byText.find(text);
    if (known == m_byText.end()) {
        if (m_figures.size() >= m_options.keptStatements) {
            m_byText.erase(m_figures.back().text);
            m_figures.pop_back();
            ++m_forgotten;
        }
        m_figures.push_front({text, 0, 0, 0, 0, 0, {}});
        m_byText.emplace(text, m_figures.begin());
    } else {
        m_figures.splice(m_figures.begin(), m_figures, known->second);
    }
    Figures &figures = m_figures.front();
    const size_t place = static_cast<size_t>(figures.calls) % keptRuns;
    if (place < figures.latest.size())
        figures.latest[place] = static_cast<float>(seconds);
    else
        figures.latest.push_back(static_cast<float>(seconds));
    ++figures.calls;
    figures.rows += run.rows;
    figures.errors += run.error ? 1 : 0;
    figures.seconds += seconds;
    figures.longest = std::max(figures.longest, seconds);
}

void QueryMonitor::keepSlow(const QByteArray &text, const StatementRun &run, double seconds)
{
    ++m_slow;
    m_slowStatements.push_back({++m_lastSlowId, text, run.kind, QDateTime::currentMSecsSinceEpoch(), seconds, run.rows,
                                run.error ? run.error->message : QString(), {}});
    if (m_slowStatements.size() > m_options.keptSlow)
        m_slowStatements.pop_front();
    const bool reads = run.kind == StatementKind::Query || run.kind == StatementKind::Stream;
    // A database that is slow as a whole must not be asked for more and more plans on top.
    if (!m_plansRun || !reads || m_planRequests.size() >= mostPlanRequests || !isSelect(run.statement.text()))
        return;
    m_planRequests.push_back({m_lastSlowId, run.statement});
    m_planWanted.notify_one();
}

QueryStatistics QueryMonitor::statistics() const
{
    QueryStatistics out;
    out.enabled = m_options.statistics;
    out.slowThreshold = m_options.slow.count();
    std::unique_lock lock(m_mutex);
    out.totalQueries = m_total;
    out.slowQueries = m_slow;
    out.failedQueries = m_failed;
    out.totalSeconds = m_seconds;
    out.forgottenStatements = m_forgotten;
    out.slowStatements.assign(m_slowStatements.rbegin(), m_slowStatements.rend());
    const std::vector<Figures> all(m_figures.begin(), m_figures.end());
    lock.unlock(); // the sorting is not for those who run statements to wait for
    for (const Figures &figures : all) {
        out.statements.push_back({figures.text, figures.calls, figures.rows, figures.errors, figures.seconds,
                                  figures.seconds / static_cast<double>(figures.calls), figures.longest,
                                  percentile95(figures.latest)});
    }
    std::stable_sort(out.statements.begin(), out.statements.end(),
                     [](const StatementFigures &a, const StatementFigures &b) { return a.total > b.total; });
    return out;
}

QueryTotals QueryMonitor::totals() const
{
    const std::lock_guard lock(m_mutex);
    return {m_total, m_slow, m_failed, m_seconds};
}

std::optional<QueryMonitor::PlanRequest> QueryMonitor::nextPlanRequest()
{
    std::unique_lock lock(m_mutex);
    m_planWanted.wait(lock, [this] { return !m_plansRun || !m_planRequests.empty(); });
    if (!m_plansRun)
        return std::nullopt;
    PlanRequest request = std::move(m_planRequests.front());
    m_planRequests.pop_front();
    return request;
}

void QueryMonitor::setPlan(quint64 id, const QByteArray &plan)
{
    const std::lock_guard lock(m_mutex);
    for (SlowStatement &slow : m_slowStatements) {
        if (slow.id == id)
            slow.plan = plan;
    }
}

void QueryMonitor::startPlans()
{
    const std::lock_guard lock(m_mutex);
    m_plansRun = true;
}

void QueryMonitor::stopPlans()
{
    const std::lock_guard lock(m_mutex);
    m_plansRun = false;
    m_planRequests.clear();
    m_planWanted.notify_all();
}

} // namespace a360::db

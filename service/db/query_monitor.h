// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "db/query_statistics.h"
#include "db/statement_observer.h"

#include <condition_variable>
#include <deque>
#include <list>
#include <mutex>
#include <optional>
#include <unordered_map>

namespace a360::db {

struct QueryMonitorOptions
{
    bool statistics = true;                 ///< ENABLE_QUERY_MONITORING
    std::chrono::duration<double> slow{1.0}; ///< SLOW_QUERY_THRESHOLD
    bool echo = false;                      ///< DATABASE_ECHO: log every statement
    size_t keptSlow = 50;                   ///< slow statements remembered
    size_t keptStatements = 500;            ///< different statements with figures of their own
};

/// Measures the statements of a pool (contract §8): totals, the last slow ones with their plans, and figures for each
/// statement without its values. Give it to PoolSettings::statements; it must outlive the pool. Logs slow statements
/// and, with echo, all. Values are never kept in anything that is shown. Thread-safe; costs a few microseconds a
/// statement and bounded memory.
class QueryMonitor final : public StatementObserver
{
public:
    explicit QueryMonitor(QueryMonitorOptions options) : m_options(options) {}

    void statementDone(const StatementRun &run) override;
    QueryStatistics statistics() const;
    QueryTotals totals() const;
    const QueryMonitorOptions &options() const { return m_options; }

    /// A slow SELECT whose plan is still to be found out, with its values.
    struct PlanRequest
    {
        quint64 id = 0;
        Sql statement;
    };
    /// Waits for one; empty after stopPlans(). For SlowPlanFinder.
    std::optional<PlanRequest> nextPlanRequest();
    void setPlan(quint64 id, const QByteArray &plan);
    /// Wanted by whoever will ask for nextPlanRequest(); until then no statement is kept with its values.
    void startPlans();
    void stopPlans();

private:
    static constexpr size_t mostPlanRequests = 8;
    static constexpr size_t keptRuns = 128; ///< durations that a percentile is taken of
    struct Figures
    {
        QByteArray text;
        qint64 calls = 0, rows = 0, errors = 0;
        double seconds = 0, longest = 0;
        std::vector<float> latest; ///< a ring of keptRuns seconds
    };
    using FiguresList = std::list<Figures>; ///< the most recently run first

    void countStatement(const QByteArray &text, const StatementRun &run, double seconds);
    void keepSlow(const QByteArray &text, const StatementRun &run, double seconds);
    static void logStatement(const QByteArray &text, const StatementRun &run, double seconds, bool slow);

    const QueryMonitorOptions m_options;
    mutable std::mutex m_mutex; // guards everything below
    std::condition_variable m_planWanted;
    qint64 m_total = 0, m_slow = 0, m_failed = 0, m_forgotten = 0;
    double m_seconds = 0;
    FiguresList m_figures;
    std::unordered_map<QByteArray, FiguresList::iterator> m_byText;
    std::deque<SlowStatement> m_slowStatements; ///< the newest last
    quint64 m_lastSlowId = 0;
    std::deque<PlanRequest> m_planRequests;
    bool m_plansRun = false;
};

} // namespace a360::db

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "db/lease.h"
#include "db/statement_observer.h"

namespace a360::db {

/// Times the stages of one statement and tells the observer once, at the latest when it is destroyed.
class StatementWatch
{
public:
    StatementWatch(StatementObserver &observer, StatementKind kind, Sql statement)
        : m_observer(observer), m_kind(kind), m_statement(std::move(statement))
    {
    }
    StatementWatch(StatementWatch &&other) noexcept
        : m_observer(other.m_observer), m_kind(other.m_kind), m_statement(std::move(other.m_statement)),
          m_spent(other.m_spent), m_rows(other.m_rows), m_told(std::exchange(other.m_told, true))
    {
    }
    ~StatementWatch() { tell(nullptr); }

    /// Runs a part of the statement on its time; a failure ends it.
    template <typename Stage>
    auto timed(Stage stage)
    {
        const auto begin = std::chrono::steady_clock::now();
        auto result = stage();
        m_spent += std::chrono::steady_clock::now() - begin;
        if (!result.ok())
            tell(&result.error());
        return result;
    }
    void addRows(qint64 rows) { m_rows += rows; }
    void tell(const Error *error)
    {
        if (!std::exchange(m_told, true))
            m_observer.statementDone({m_kind, m_statement, m_spent, m_rows, error});
    }

private:
    StatementObserver &m_observer;
    StatementKind m_kind;
    Sql m_statement;
    std::chrono::nanoseconds m_spent{0};
    qint64 m_rows = 0;
    bool m_told = false;
};

/// A stream or load whose calls are timed; it ends with the last row, an error, or its destruction.
std::unique_ptr<RowStream> observedStream(std::unique_ptr<RowStream> stream, StatementWatch watch);
std::unique_ptr<BulkLoad> observedLoad(std::unique_ptr<BulkLoad> load, StatementWatch watch);

} // namespace a360::db

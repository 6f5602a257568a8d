// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "records/record_source.h"

#include <atomic>
#include <condition_variable>
#include <mutex>

namespace a360::test {

/// An invented list of any length: row n (from 0) has the uuid "u<n>", every text "<field> <n>", every number n. Answers
/// at once, or waits at a gate; can fail. Keeps what it was asked.
class FakeSource : public ui::RecordSource
{
public:
    explicit FakeSource(qint64 rows) : m_rows(rows) {}

    Result<contacts::Page> page(const contacts::Query &query, const std::vector<contacts::OutputColumn> &columns,
                                const contacts::PageRequest &request, const CancelToken &cancel) override;
    Result<contacts::Count> count(const contacts::Query &query, contacts::CountMode mode,
                                  const CancelToken &cancel) override;
    Result<db::RowBatch> detail(contacts::Entity entity, const QByteArray &uuid,
                                const std::vector<contacts::OutputColumn> &columns, const CancelToken &cancel) override;

    void setRows(qint64 rows) { m_rows = rows; }
    void setEstimate(qint64 rows) { m_estimate = rows; }
    void failWith(const Error &error);
    void recover();
    /// Until opened again, pages wait (and leave when they are cancelled).
    void closeGate();
    void openGate();

    struct Asked
    {
        qint64 firstRow;  ///< where the page starts
        qint64 skipped;   ///< rows it had to pass over behind its anchor
        QByteArray order;
    };
    std::vector<Asked> asked() const;
    int cancelledPages() const { return m_cancelled; }
    int exactCounts() const { return m_exactCounts; }

private:
    std::optional<Error> failure() const;
    std::atomic<qint64> m_rows;
    std::atomic<qint64> m_estimate = -1;
    std::atomic<int> m_cancelled = 0, m_exactCounts = 0;
    mutable std::mutex m_mutex;
    std::condition_variable m_gate;
    bool m_gateOpen = true;
    std::optional<Error> m_error;
    std::vector<Asked> m_asked;
};

} // namespace a360::test

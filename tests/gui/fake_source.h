// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "records/record_source.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <set>

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
    QByteArray dataMark(contacts::Entity entity, const CancelToken &cancel) override;

    void setRows(qint64 rows) { m_rows = rows; }
    /// So many new rows (numbers from a thousand million) come before all others.
    void insertOnTop(int rows);
    /// Takes row n out of the list; those behind it move up.
    void remove(qint64 number);
    /// Ends every text of a detail from now on.
    void setDetailEnding(const std::string &ending);
    /// Something has changed, as another program's write would tell.
    void setMark(const QByteArray &mark);
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
    qint64 numberAt(qint64 place) const;
    bool has(qint64 number) const;
    contacts::Page chosen(const contacts::Filter &filter, const std::vector<contacts::OutputColumn> &columns,
                          const contacts::PageRequest &request) const;
    std::atomic<qint64> m_rows;
    std::atomic<qint64> m_estimate = -1;
    std::atomic<int> m_cancelled = 0, m_exactCounts = 0;
    mutable std::mutex m_mutex;
    std::condition_variable m_gate;
    bool m_gateOpen = true;
    std::optional<Error> m_error;
    std::vector<Asked> m_asked;
    int m_onTop = 0;
    std::set<qint64> m_removed;
    std::string m_ending;
    QByteArray m_mark;
};

} // namespace a360::test

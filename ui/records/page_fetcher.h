// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "records/record_source.h"

#include <QObject>

#include <map>

class QThreadPool;

namespace a360::ui {

/// Fetches pages and counts of one query on worker threads. Lives in the window's thread. Starting over cancels what is
/// under way and guarantees that none of its answers arrives any more.
class PageFetcher : public QObject
{
    Q_OBJECT

public:
    static constexpr size_t maxConcurrent = 2;

    PageFetcher(QThreadPool &pool, QObject *parent);
    ~PageFetcher() override;

    void setSource(std::shared_ptr<RecordSource> source);
    std::shared_ptr<RecordSource> source() const { return m_source; }
    bool hasSource() const { return m_source != nullptr; }
    /// From now on answers are about this query and these columns.
    void restart(const contacts::Query &query, std::vector<contacts::OutputColumn> columns);
    void cancelAll();

    bool isFetching(qint64 page) const { return m_running.contains(page); }
    bool canFetchMore() const { return m_running.size() < maxConcurrent; }
    void fetch(qint64 page, const contacts::Slice &slice);
    void cancelPagesOutside(qint64 first, qint64 last);
    /// Cancels a count that is under way.
    void count(contacts::CountMode mode);

Q_SIGNALS:
    /// `page` may be moved from. Cancelled fetches do not report.
    void pageArrived(qint64 number, a360::contacts::Page &page, int milliseconds);
    void pageFailed(qint64 number, const a360::Error &error);
    void countArrived(const a360::contacts::Count &count);
    void countFailed(const a360::Error &error);

private:
    void finishPage(quint64 generation, qint64 number, quint64 ticket, Result<contacts::Page> result, int milliseconds);
    QThreadPool &m_pool;
    std::shared_ptr<RecordSource> m_source;
    contacts::Query m_query;
    std::vector<contacts::OutputColumn> m_columns;
    struct Running
    {
        quint64 ticket;
        CancelSource cancel;
    };
    std::map<qint64, Running> m_running;
    CancelSource m_countCancel;
    quint64 m_generation = 0, m_nextTicket = 0, m_countTicket = 0;
};

} // namespace a360::ui

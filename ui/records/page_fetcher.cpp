// SPDX-License-Identifier: GPL-3.0-or-later
#include "records/page_fetcher.h"

#include "work/run_async.h"

#include <QElapsedTimer>

namespace a360::ui {

namespace {

struct TimedPage
{
    Result<contacts::Page> page;
    int milliseconds;
};

} // namespace

PageFetcher::PageFetcher(QThreadPool &pool, QObject *parent) : QObject(parent), m_pool(pool) {}

PageFetcher::~PageFetcher()
{
    cancelAll();
}

void PageFetcher::setSource(std::shared_ptr<RecordSource> source)
{
    cancelAll();
    m_source = std::move(source);
}

void PageFetcher::restart(const contacts::Query &query, std::vector<contacts::OutputColumn> columns)
{
    cancelAll();
    m_query = query;
    m_columns = std::move(columns);
}

void PageFetcher::cancelAll()
{
    ++m_generation;
    for (auto &[number, running] : m_running)
        running.cancel.cancel();
    m_running.clear();
    m_countCancel.cancel();
}

void PageFetcher::cancelPagesOutside(qint64 first, qint64 last)
{
    for (auto it = m_running.begin(); it != m_running.end();) {
        if (it->first >= first && it->first <= last) {
            ++it;
            continue;
        }
        it->second.cancel.cancel();
        it = m_running.erase(it);
    }
}

void PageFetcher::fetch(qint64 page, const contacts::Slice &slice)
{
    if (!m_source || isFetching(page))
        return;
    const Running &running = m_running.emplace(page, Running{++m_nextTicket, CancelSource{}}).first->second;
    contacts::PageRequest request;
    request.limit = slice.limit;
    request.place = slice;
    runAsync(
        m_pool, this,
        [source = m_source, query = m_query, columns = m_columns, request, token = running.cancel.token()] {
            QElapsedTimer timer;
            timer.start();
            // A page that was scrolled past while it waited for a thread costs nothing.
            if (token.isCancelled())
                return TimedPage{makeError(ErrorCode::Cancelled, {}), 0};
            Result<contacts::Page> result = source->page(query, columns, request, token);
            return TimedPage{std::move(result), static_cast<int>(timer.elapsed())};
        },
        [this, generation = m_generation, page, ticket = running.ticket](TimedPage timed) {
            finishPage(generation, page, ticket, std::move(timed.page), timed.milliseconds);
        });
}

void PageFetcher::finishPage(quint64 generation, qint64 number, quint64 ticket, Result<contacts::Page> result,
                             int milliseconds)
{
    const auto it = m_running.find(number);
    if (generation != m_generation || it == m_running.end() || it->second.ticket != ticket)
        return;
    m_running.erase(it);
    if (result.ok())
        Q_EMIT pageArrived(number, *result, milliseconds);
    else if (result.error().code != ErrorCode::Cancelled)
        Q_EMIT pageFailed(number, result.error());
}

void PageFetcher::count(contacts::CountMode mode)
{
    if (!m_source)
        return;
    m_countCancel.cancel();
    m_countCancel = CancelSource{};
    const quint64 ticket = ++m_countTicket;
    runAsync(
        m_pool, this,
        [source = m_source, query = m_query, mode, token = m_countCancel.token()] {
            return source->count(query, mode, token);
        },
        [this, ticket, generation = m_generation](Result<contacts::Count> result) {
            if (generation != m_generation || ticket != m_countTicket)
                return;
            if (result.ok())
                Q_EMIT countArrived(*result);
            else if (result.error().code != ErrorCode::Cancelled)
                Q_EMIT countFailed(result.error());
        });
}

} // namespace a360::ui

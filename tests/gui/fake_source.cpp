// SPDX-License-Identifier: GPL-3.0-or-later
#include "fake_source.h"

#include <algorithm>

namespace a360::test {

namespace {

constexpr qint64 firstOnTop = 1'000'000'000;

void appendCell(db::RowBatch &batch, const contacts::OutputColumn &column, qint64 row, const std::string &ending = {})
{
    const std::string number = std::to_string(row);
    switch (column.type) {
    case db::ColumnType::Integer:
        batch.appendInteger(row);
        return;
    case db::ColumnType::Timestamp:
        batch.appendTimestamp(1'700'000'000'000'000 + row);
        return;
    case db::ColumnType::TextList: {
        const auto size = static_cast<qint32>(number.size());
        std::string list(reinterpret_cast<const char *>(&size), sizeof size);
        batch.appendListBytes(list + number);
        return;
    }
    case db::ColumnType::Text:
        break;
    }
    batch.appendText(column.header == "uuid" || column.header.endsWith("_uuid")
                         ? "u" + number
                         : column.header.toStdString() + ' ' + number + ending);
}

db::RowBatch makeBatch(const std::vector<contacts::OutputColumn> &columns, const std::vector<qint64> &numbers, qint64 firstPlace,
                       const std::string &ending = {})
{
    std::vector<db::ColumnType> types;
    for (const contacts::OutputColumn &column : columns)
        types.push_back(column.type);
    types.push_back(db::ColumnType::Integer); // the order key, as select() adds it
    db::RowBatch batch(types);
    for (const qint64 number : numbers) {
        for (const contacts::OutputColumn &column : columns)
            appendCell(batch, column, number, ending);
        batch.appendInteger(firstPlace++);
    }
    return batch;
}

} // namespace

Result<contacts::Page> FakeSource::page(const contacts::Query &query, const std::vector<contacts::OutputColumn> &columns,
                                        const contacts::PageRequest &request, const CancelToken &cancel)
{
    const qint64 after = request.place.after ? std::get<qint64>(request.place.after->values.front()) + 1 : 0;
    const qint64 first = after + request.place.skip;
    {
        const auto wake = cancel.onCancel([this] { m_gate.notify_all(); });
        std::unique_lock lock(m_mutex);
        m_asked.push_back({first, request.place.skip, query.order.empty() ? QByteArray() : query.order.front().name});
        while (!m_gateOpen && !cancel.isCancelled())
            m_gate.wait_for(lock, std::chrono::milliseconds(20)); // a cancel between check and wait would be missed
    }
    if (cancel.isCancelled()) {
        ++m_cancelled;
        return makeError(ErrorCode::Cancelled, QStringLiteral("cancelled"));
    }
    if (const auto error = failure())
        return *error;
    std::lock_guard lock(m_mutex);
    for (const contacts::Filter &filter : query.filters) {
        if (filter.spec && filter.spec->op == contacts::FilterOp::IncludeIds)
            return chosen(filter, columns, request);
    }
    const qint64 all = m_rows + m_onTop - static_cast<qint64>(m_removed.size());
    const qint64 rows = std::clamp<qint64>(all - first, 0, request.limit);
    std::vector<qint64> numbers;
    for (qint64 place = first; place < first + rows; ++place)
        numbers.push_back(numberAt(place));
    contacts::Page page;
    page.columns = columns;
    page.rows = makeBatch(columns, numbers, first);
    page.more = first + rows < all;
    if (rows > 0) {
        page.first = contacts::Keyset{{db::Value(first)}};
        page.last = contacts::Keyset{{db::Value(first + rows - 1)}};
    }
    return page;
}

/// The rows of the filter's uuids, as far as they are there; always one page.
contacts::Page FakeSource::chosen(const contacts::Filter &filter, const std::vector<contacts::OutputColumn> &columns,
                                  const contacts::PageRequest &request) const
{
    std::vector<qint64> numbers;
    for (const QByteArray &uuid : filter.texts) {
        const qint64 number = uuid.mid(1).toLongLong();
        if (has(number) && static_cast<qint64>(numbers.size()) < request.limit)
            numbers.push_back(number);
    }
    contacts::Page page;
    page.columns = columns;
    page.rows = makeBatch(columns, numbers, 0);
    return page;
}

bool FakeSource::has(qint64 number) const
{
    if (number >= firstOnTop)
        return number < firstOnTop + m_onTop;
    return number < m_rows && !m_removed.contains(number);
}

qint64 FakeSource::numberAt(qint64 place) const
{
    if (place < m_onTop)
        return firstOnTop + place;
    qint64 number = place - m_onTop;
    for (const qint64 removed : m_removed) // ascending
        number += removed <= number ? 1 : 0;
    return number;
}

Result<contacts::Count> FakeSource::count(const contacts::Query &, contacts::CountMode mode, const CancelToken &)
{
    if (const auto error = failure())
        return *error;
    if (mode == contacts::CountMode::Exact)
        ++m_exactCounts;
    if (mode == contacts::CountMode::Estimated && m_estimate >= 0)
        return contacts::Count{m_estimate, true};
    std::lock_guard lock(m_mutex);
    return contacts::Count{m_rows + m_onTop - static_cast<qint64>(m_removed.size()), false};
}

Result<db::RowBatch> FakeSource::detail(contacts::Entity, const QByteArray &uuid,
                                        const std::vector<contacts::OutputColumn> &columns, const CancelToken &)
{
    if (const auto error = failure())
        return *error;
    std::lock_guard lock(m_mutex);
    if (!has(uuid.mid(1).toLongLong()))
        return makeError(ErrorCode::NotFound, QStringLiteral("Contact not found"));
    return makeBatch(columns, {uuid.mid(1).toLongLong()}, 0, m_ending);
}

QByteArray FakeSource::dataMark(contacts::Entity, const CancelToken &)
{
    std::lock_guard lock(m_mutex);
    return m_mark;
}

void FakeSource::insertOnTop(int rows)
{
    std::lock_guard lock(m_mutex);
    m_onTop = rows;
}

void FakeSource::remove(qint64 number)
{
    std::lock_guard lock(m_mutex);
    m_removed.insert(number);
}

void FakeSource::setDetailEnding(const std::string &ending)
{
    std::lock_guard lock(m_mutex);
    m_ending = ending;
}

void FakeSource::setMark(const QByteArray &mark)
{
    std::lock_guard lock(m_mutex);
    m_mark = mark;
}

void FakeSource::failWith(const Error &error)
{
    std::lock_guard lock(m_mutex);
    m_error = error;
}

void FakeSource::recover()
{
    std::lock_guard lock(m_mutex);
    m_error.reset();
}

std::optional<Error> FakeSource::failure() const
{
    std::lock_guard lock(m_mutex);
    return m_error;
}

void FakeSource::closeGate()
{
    std::lock_guard lock(m_mutex);
    m_gateOpen = false;
}

void FakeSource::openGate()
{
    {
        std::lock_guard lock(m_mutex);
        m_gateOpen = true;
    }
    m_gate.notify_all();
}

std::vector<FakeSource::Asked> FakeSource::asked() const
{
    std::lock_guard lock(m_mutex);
    return m_asked;
}

} // namespace a360::test

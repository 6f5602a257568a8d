// SPDX-License-Identifier: GPL-3.0-or-later
#include "fake_source.h"

#include <algorithm>

namespace a360::test {

namespace {

void appendCell(db::RowBatch &batch, const contacts::OutputColumn &column, qint64 row)
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
    batch.appendText(column.header == "uuid" || column.header.endsWith("_uuid") ? "u" + number
                                                                             : column.header.toStdString() + ' ' + number);
}

db::RowBatch makeBatch(const std::vector<contacts::OutputColumn> &columns, qint64 first, qint64 rows)
{
    std::vector<db::ColumnType> types;
    for (const contacts::OutputColumn &column : columns)
        types.push_back(column.type);
    types.push_back(db::ColumnType::Integer); // the order key, as select() adds it
    db::RowBatch batch(types);
    for (qint64 row = first; row < first + rows; ++row) {
        for (const contacts::OutputColumn &column : columns)
            appendCell(batch, column, row);
        batch.appendInteger(row);
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
    const qint64 rows = std::clamp<qint64>(m_rows - first, 0, request.limit);
    contacts::Page page;
    page.columns = columns;
    page.rows = makeBatch(columns, first, rows);
    page.more = first + rows < m_rows;
    if (rows > 0) {
        page.first = contacts::Keyset{{db::Value(first)}};
        page.last = contacts::Keyset{{db::Value(first + rows - 1)}};
    }
    return page;
}

Result<contacts::Count> FakeSource::count(const contacts::Query &, contacts::CountMode mode, const CancelToken &)
{
    if (const auto error = failure())
        return *error;
    if (mode == contacts::CountMode::Exact)
        ++m_exactCounts;
    if (mode == contacts::CountMode::Estimated && m_estimate >= 0)
        return contacts::Count{m_estimate, true};
    return contacts::Count{m_rows, false};
}

Result<db::RowBatch> FakeSource::detail(contacts::Entity, const QByteArray &uuid,
                                        const std::vector<contacts::OutputColumn> &columns, const CancelToken &)
{
    if (const auto error = failure())
        return *error;
    return makeBatch(columns, uuid.mid(1).toLongLong(), 1);
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

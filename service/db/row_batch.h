// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "db/cell.h"

namespace a360::db {

/// Up to a few thousand rows of typed cells whose bytes lie in one arena; what the roads of the data carry instead of
/// QVariant and QString. Filled row by row: beginRow(), then append*() once per column, in order. Not thread-safe; a
/// batch is handed from thread to thread whole. Cells stay valid until clear().
class RowBatch
{
public:
    RowBatch() = default;
    explicit RowBatch(std::vector<ColumnType> types) : m_types(std::move(types)) {}

    const std::vector<ColumnType> &types() const { return m_types; }
    int columnCount() const { return static_cast<int>(m_types.size()); }
    qsizetype rowCount() const { return m_types.empty() ? 0 : static_cast<qsizetype>(m_cells.size() / m_types.size()); }
    /// Bytes in the arena; producers close a batch at a byte budget so that memory stays flat.
    size_t byteCount() const { return m_arena.size(); }

    Cell cell(qsizetype row, int column) const
    {
        const Slot &s = m_cells[static_cast<size_t>(row) * m_types.size() + static_cast<size_t>(column)];
        return {s.size < 0 ? nullptr : m_arena.data() + s.offset, s.size};
    }

    void appendNull() { m_cells.push_back({0, -1}); }
    void appendText(std::string_view utf8) { append(utf8.data(), utf8.size()); }
    void appendInteger(qint64 value) { append(reinterpret_cast<const char *>(&value), sizeof value); }
    void appendTimestamp(qint64 microseconds) { appendInteger(microseconds); }
    /// `bytes` already in the TextList cell format of cell.h.
    void appendListBytes(std::string_view bytes) { append(bytes.data(), bytes.size()); }
    /// Copies a cell of another batch as it is.
    void appendCell(Cell cell)
    {
        if (cell.isNull())
            appendNull();
        else
            append(cell.data, static_cast<size_t>(cell.size));
    }
    /// Room for a cell of `size` bytes, to be written by the caller at once.
    char *appendUninitialized(size_t size)
    {
        m_cells.push_back({m_arena.size(), static_cast<qint32>(size)});
        m_arena.resize(m_arena.size() + size);
        return m_arena.data() + m_cells.back().offset;
    }
    /// Drops the cells of a row that was not finished (its column count is not full).
    void dropPartialRow()
    {
        if (!m_types.empty())
            m_cells.resize(m_cells.size() - m_cells.size() % m_types.size());
    }
    /// Drops the last complete row.
    void dropLastRow() { m_cells.resize(m_cells.size() - m_types.size()); }
    void clear()
    {
        m_cells.clear();
        m_arena.clear();
    }

private:
    struct Slot
    {
        size_t offset;
        qint32 size;
    };
    void append(const char *data, size_t size)
    {
        m_cells.push_back({m_arena.size(), static_cast<qint32>(size)});
        m_arena.insert(m_arena.end(), data, data + size);
    }

    std::vector<ColumnType> m_types;
    std::vector<Slot> m_cells;
    std::vector<char> m_arena;
};

} // namespace a360::db

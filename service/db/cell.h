// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <cstring>
#include <string_view>
#include <variant>
#include <vector>

namespace a360::db {

/// The types the product moves. Timestamps are UTC without zone.
enum class ColumnType { Text, Integer, Timestamp, TextList };

/// A value bound to a statement: NULL, integer, UTF-8 text, or a list of UTF-8 texts.
using TextList = std::vector<QByteArray>;
using Value = std::variant<std::monostate, qint64, QByteArray, TextList>;

/// One cell of a RowBatch, as bytes in the batch's arena (or NULL when size is negative):
///  - Text: UTF-8, not terminated
///  - Integer: 8 bytes, host order qint64
///  - Timestamp: 8 bytes, host order qint64, microseconds since 1970-01-01T00:00:00 UTC
///  - TextList: a run of elements, each a 4-byte host-order qint32 length followed by that many UTF-8 bytes
///    (length -1: a NULL element)
struct Cell
{
    const char *data = nullptr;
    qint32 size = -1;

    bool isNull() const { return size < 0; }
    std::string_view text() const { return {data, size < 0 ? 0u : static_cast<size_t>(size)}; }
    qint64 integer() const
    {
        qint64 v = 0;
        std::memcpy(&v, data, sizeof v);
        return v;
    }
};

/// Walks the elements of a TextList cell: `for (TextListReader r(cell); r.next();) use(r.element())`.
class TextListReader
{
public:
    explicit TextListReader(Cell cell) : m_at(cell.data), m_end(cell.data + (cell.size < 0 ? 0 : cell.size)) {}
    bool next()
    {
        if (m_at >= m_end)
            return false;
        qint32 n = 0;
        std::memcpy(&n, m_at, sizeof n);
        m_at += sizeof n;
        m_null = n < 0;
        m_element = {m_at, m_null ? 0u : static_cast<size_t>(n)};
        m_at += m_element.size();
        return true;
    }
    std::string_view element() const { return m_element; }
    bool elementIsNull() const { return m_null; }

private:
    const char *m_at;
    const char *m_end;
    std::string_view m_element;
    bool m_null = false;
};

} // namespace a360::db

// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/sql.h"

namespace a360::db {

Sql &Sql::raw(QByteArrayView trustedText)
{
    m_pieces.back().append(trustedText);
    return *this;
}

Sql &Sql::bind(Value value)
{
    m_values.push_back(std::move(value));
    m_pieces.emplace_back();
    return *this;
}

Sql &Sql::append(const Sql &other)
{
    m_pieces.back().append(other.m_pieces.front());
    m_pieces.insert(m_pieces.end(), other.m_pieces.begin() + 1, other.m_pieces.end());
    m_values.insert(m_values.end(), other.m_values.begin(), other.m_values.end());
    return *this;
}

QByteArray Sql::text() const
{
    QByteArray out = m_pieces.front();
    for (size_t i = 0; i < m_values.size(); ++i) {
        const QByteArray number = QByteArray::number(static_cast<qlonglong>(i + 1));
        if (m_dialect == Dialect::PostgreSql) {
            out += '$' + number;
            if (std::holds_alternative<qint64>(m_values[i]))
                out += "::bigint";
            else if (std::holds_alternative<QByteArray>(m_values[i]))
                out += "::text";
            else if (std::holds_alternative<TextList>(m_values[i]))
                out += "::text[]";
        } else {
            out += '?' + number;
        }
        out += m_pieces[i + 1];
    }
    return out;
}

} // namespace a360::db

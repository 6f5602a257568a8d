// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "db/cell.h"

namespace a360::db {

enum class Dialect { PostgreSql, Sqlite };

/// A statement under construction: text pieces with bound values between them. User text only ever enters through
/// bind(). Placeholders are `$1 $2 …` on PostgreSQL and `?1 ?2 …` on SQLite, numbered in order of binding.
class Sql
{
public:
    explicit Sql(Dialect dialect) : m_dialect(dialect) {}
    Sql(Dialect dialect, QByteArrayView text) : m_dialect(dialect) { raw(text); }

    Dialect dialect() const { return m_dialect; }
    bool isPostgreSql() const { return m_dialect == Dialect::PostgreSql; }

    Sql &raw(QByteArrayView trustedText);
    /// TextList values bind as text[] on PostgreSQL and as JSON array text on SQLite. Integers carry `::bigint`, texts
    /// `::text` on PostgreSQL so that the server never has to guess the type.
    Sql &bind(Value value);
    /// Appends another statement's pieces and values.
    Sql &append(const Sql &other);

    bool isEmpty() const { return m_pieces.size() == 1 && m_pieces.front().isEmpty(); }
    /// The statement with placeholders.
    QByteArray text() const;
    const std::vector<Value> &values() const { return m_values; }
    /// pieces().size() == values().size() + 1; value i stands between piece i and piece i + 1. COPY takes no
    /// parameters, so the PostgreSQL row stream joins these with literals quoted by libpq.
    const std::vector<QByteArray> &pieces() const { return m_pieces; }

private:
    Dialect m_dialect;
    std::vector<QByteArray> m_pieces{QByteArray()};
    std::vector<Value> m_values;
};

} // namespace a360::db

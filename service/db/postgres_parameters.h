// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "db/sql.h"

#include <string>
#include <vector>

namespace a360::db {

/// A PostgreSQL array literal: `{"a","b",NULL}`.
std::string arrayLiteral(const TextList &list);
std::string arrayLiteral(Cell list);

/// The values of a statement in the form PQexecParams takes them: text format. Their types stand in the statement as
/// casts (Sql::text()).
class PostgresParameters
{
public:
    explicit PostgresParameters(const Sql &statement);
    int count() const { return static_cast<int>(m_pointers.size()); }
    const char *const *values() const { return m_pointers.data(); }

private:
    std::vector<std::string> m_texts;
    std::vector<const char *> m_pointers;
};

} // namespace a360::db

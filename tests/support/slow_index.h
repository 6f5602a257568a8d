// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "db/sql.h"

namespace a360::test {

/// Script that makes an index on contacts, the last by name. It is made at once of other rows, but takes long while
/// there are slowRowCount with the last name "Stop": time to look at a rebuilding that is under way, and to cancel it.
/// SQLite looks for a cancellation every few hundred rows, so that a row may take a millisecond only.
inline constexpr int slowRowCount = 20'000;
inline QByteArray slowIndex(db::Dialect dialect)
{
    if (dialect == db::Dialect::PostgreSql) {
        return "CREATE FUNCTION slowly(text) RETURNS text IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN IF $1 = 'Stop' THEN "
               "PERFORM pg_sleep(600); END IF; RETURN $1; END $$; CREATE INDEX zz_slow ON contacts (slowly(last_name))";
    }
    return "CREATE INDEX zz_slow ON contacts (instr(hex(zeroblob(CASE WHEN last_name = 'Stop' THEN 250000 ELSE 1 END)), 'x'))";
}

/// Script that adds slowRowCount contacts that make it slow.
inline QByteArray slowRows(db::Dialect dialect)
{
    return "INSERT INTO contacts (uuid, last_name, title) " +
           QByteArray(dialect == db::Dialect::PostgreSql
                          ? "SELECT i::text, 'Stop', 'Clerk' FROM generate_series(1, 20000) i"
                          : "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) "
                            "SELECT i, 'Stop', 'Clerk' FROM n");
}

/// Script that lets it be made.
inline QByteArray hurryUp()
{
    return "UPDATE contacts SET last_name = 'Go' WHERE last_name = 'Stop'";
}

} // namespace a360::test

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "db/sql.h"

namespace a360::test {

/// Script that makes an index on contacts, the last by name. It is made at once of other rows, but takes minutes while
/// there are some thousand with the last name "Stop": time to look at a rebuilding that is under way, and to cancel it.
inline QByteArray slowIndex(db::Dialect dialect)
{
    if (dialect == db::Dialect::PostgreSql) {
        return "CREATE FUNCTION slowly(text) RETURNS text IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN IF $1 = 'Stop' THEN "
               "PERFORM pg_sleep(600); END IF; RETURN $1; END $$; CREATE INDEX zz_slow ON contacts (slowly(last_name))";
    }
    return "CREATE INDEX zz_slow ON contacts (instr(hex(zeroblob(CASE WHEN last_name = 'Stop' THEN 4000000 ELSE 1 END)), 'x'))";
}

/// Script that lets it be made.
inline QByteArray hurryUp()
{
    return "UPDATE contacts SET last_name = 'Go' WHERE last_name = 'Stop'";
}

} // namespace a360::test

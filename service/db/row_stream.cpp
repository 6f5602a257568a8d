// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/row_stream.h"

#include "db/bulk_load.h"
#include "db/pooled_connection.h"

namespace a360::db {

Result<std::unique_ptr<RowStream>> openRowStream(PooledConnection &connection, const Sql &select,
                                                 std::vector<ColumnType> types, CancelToken cancel)
{
    A360_TRY(cancel.check());
    return connection.dialect() == Dialect::PostgreSql
               ? openPostgresRowStream(connection, select, std::move(types), std::move(cancel))
               : openSqliteRowStream(connection, select, std::move(types), std::move(cancel));
}

Result<std::unique_ptr<BulkLoad>> openBulkLoad(PooledConnection &connection, const QByteArray &table,
                                               const std::vector<QByteArray> &columns, std::vector<ColumnType> types,
                                               CancelToken cancel)
{
    A360_TRY(cancel.check());
    return connection.dialect() == Dialect::PostgreSql
               ? openPostgresBulkLoad(connection, table, columns, std::move(types), std::move(cancel))
               : openSqliteBulkLoad(connection, table, columns, std::move(types), std::move(cancel));
}

QByteArray quotedName(QByteArray name)
{
    return '"' + name.replace('"', "\"\"") + '"';
}

QByteArray quotedIdentifier(const QByteArray &name)
{
    QByteArray quoted;
    for (const QByteArray &part : name.split('.'))
        quoted += (quoted.isEmpty() ? "" : ".") + quotedName(part);
    return quoted;
}

QByteArray loadTarget(const QByteArray &table, const std::vector<QByteArray> &columns)
{
    QByteArray target = quotedIdentifier(table) + " (";
    for (const QByteArray &column : columns)
        target += quotedName(column) + ',';
    target.back() = ')';
    return target;
}

} // namespace a360::db

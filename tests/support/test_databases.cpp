// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/test_databases.h"

namespace a360::test {

bool TestDatabases::open()
{
    Result<std::unique_ptr<PrivatePostgres>> started = PrivatePostgres::start();
    if (!started.ok()) {
        m_problem = describe(started.error());
        return false;
    }
    m_postgres = std::move(started).value();
    return true;
}

db::DatabaseUrl TestDatabases::fresh(db::Dialect dialect)
{
    if (dialect == db::Dialect::Sqlite)
        return db::DatabaseUrl::sqliteFile(m_folder.filePath(QStringLiteral("test_%1.db").arg(++m_files)));
    Result<db::DatabaseUrl> created = m_postgres->createDatabase();
    if (!created.ok())
        qFatal("%s", describe(created.error()).constData());
    return std::move(created).value();
}

void addDialectRows()
{
    QTest::addColumn<db::Dialect>("dialect");
    QTest::newRow("sqlite") << db::Dialect::Sqlite;
    QTest::newRow("postgresql") << db::Dialect::PostgreSql;
}

QByteArray describe(const Error &error)
{
    return QStringLiteral("error %1: %2 [%3] %4")
        .arg(static_cast<int>(error.code))
        .arg(error.message, error.field, error.detail)
        .toUtf8();
}

} // namespace a360::test

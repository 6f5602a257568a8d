// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "support/private_postgres.h"

#include <QTest>

namespace a360::test {

/// Fresh databases of both kinds for a test program. Use:
///
///     void initTestCase() { QVERIFY2(m_databases.open(), m_databases.problem()); }
///     void thing_data() { a360::test::addDialectRows(); }
///     void thing() { QFETCH(a360::db::Dialect, dialect); db::ConnectionPool pool(m_databases.fresh(dialect), {}); … }
class TestDatabases
{
public:
    /// Starts the private PostgreSQL. False: see problem().
    bool open();
    const char *problem() const { return m_problem.constData(); }
    /// A new, empty database. The test fails (qFatal) when the server refuses one.
    db::DatabaseUrl fresh(db::Dialect dialect);
    /// A path in a temporary folder that lives as long as this object.
    QString filePath(const QString &name) const { return m_folder.filePath(name); }
    PrivatePostgres &postgres() { return *m_postgres; }

private:
    QTemporaryDir m_folder;
    std::unique_ptr<PrivatePostgres> m_postgres;
    QByteArray m_problem;
    int m_files = 0;
};

/// Data rows "sqlite" and "postgresql" with one column, `dialect`.
void addDialectRows();

/// The error's text for QVERIFY2, with code and detail.
QByteArray describe(const Error &error);

} // namespace a360::test

Q_DECLARE_METATYPE(a360::db::Dialect)

/// Fails the running test with the error's own words.
#define A360_VERIFY_OK(expression)                                                                                     \
    do {                                                                                                               \
        const auto &a360Verified = (expression);                                                                       \
        QVERIFY2(a360Verified.ok(), a360Verified.ok() ? "" : a360::test::describe(a360Verified.error()).constData());  \
    } while (false)

// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/connection_pool.h"
#include "support/test_databases.h"

#include <QTcpServer>
#include <QTcpSocket>
#include <QtTest>

#include <future>

using namespace a360;
using namespace a360::db;

/// What a lease says when the database cannot be opened.
class TestOpening : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QVERIFY2(m_databases.open(), m_databases.problem()); }
    void sqliteFileThatIsNone_data();
    void sqliteFileThatIsNone();
    void damagedSqliteFileIsRefused();
    void missingSqliteFile();
    void missingFolder();
    void sqliteIsSetUpForManyUsers();
    void refusedPort();
    void silentServer();
    void openingIsCancelledWithinASecond();
    void whatOpensTooLateIsClosedAgain();
    void wrongPassword();
    void missingPassword();
    void missingDatabase();
    void unknownRole();
    void noRightToConnect();
    void tooManyConnections();
    void noEncryption();
    void unknownHost();

private:
    Error failure(const DatabaseUrl &url, bool readOnly = false)
    {
        PoolSettings settings;
        settings.readOnly = readOnly;
        ConnectionPool pool(url, settings);
        const Result<Lease> lease = pool.lease();
        if (pool.stats().checkedOut != (lease.ok() ? 1 : 0))
            return makeError(ErrorCode::Internal, QStringLiteral("the place was not given back"));
        return lease.ok() ? makeError(ErrorCode::Internal, QStringLiteral("it opened")) : lease.error();
    }
    DatabaseUrl roleUrl(const char *role, const char *password = "")
    {
        DatabaseUrl url = m_databases.fresh(Dialect::PostgreSql);
        url.user = QString::fromLatin1(role);
        url.password = QString::fromLatin1(password);
        return url;
    }
    test::TestDatabases m_databases;
};

void TestOpening::sqliteFileThatIsNone_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::newRow("text") << QByteArray("id,name\n1,Ada\n");
    QTest::newRow("long garbage") << QByteArray(20'000, '\x7f');
    QTest::newRow("one byte") << QByteArray("x");
}

void TestOpening::sqliteFileThatIsNone()
{
    QFETCH(QByteArray, content);
    const QString path = m_databases.filePath(QStringLiteral("garbage.db"));
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
    file.write(content);
    file.close();
    for (const bool readOnly : {false, true}) {
        const Error error = failure(DatabaseUrl::sqliteFile(path), readOnly);
        QCOMPARE(error.code, ErrorCode::UnusableInput);
        QVERIFY(error.message.contains(path));
    }
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), content); // untouched
    const Error folder = failure(DatabaseUrl::sqliteFile(QFileInfo(path).absolutePath()));
    QCOMPARE(folder.code, ErrorCode::UnusableInput);
}

void TestOpening::damagedSqliteFileIsRefused()
{
    const QString path = m_databases.filePath(QStringLiteral("damaged.db"));
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QByteArray("SQLite format 3\0", 16) + QByteArray(8000, '\x55'));
    file.close();
    const Error error = failure(DatabaseUrl::sqliteFile(path));
    QCOMPARE(error.code, ErrorCode::UnusableInput);
}

void TestOpening::missingSqliteFile()
{
    const QString path = m_databases.filePath(QStringLiteral("missing.db"));
    const Error error = failure(DatabaseUrl::sqliteFile(path), true);
    QCOMPARE(error.code, ErrorCode::NotFound);
    QVERIFY(error.message.contains(path));
    QVERIFY(!QFile::exists(path)); // looking does not create it
}

void TestOpening::missingFolder()
{
    const QString path = m_databases.filePath(QStringLiteral("no/such/folder/x.db"));
    const Error error = failure(DatabaseUrl::sqliteFile(path));
    QCOMPARE(error.code, ErrorCode::Io);
    QVERIFY(error.message.contains(QStringLiteral("no/such/folder")));
    QCOMPARE(failure(DatabaseUrl::sqliteFile(path), true).code, ErrorCode::NotFound);
}

void TestOpening::sqliteIsSetUpForManyUsers()
{
    ConnectionPool pool(m_databases.fresh(Dialect::Sqlite), {});
    Result<Lease> lease = pool.lease();
    A360_VERIFY_OK(lease);
    const Result<RowBatch> mode = lease->query(Sql(Dialect::Sqlite, "PRAGMA journal_mode"), {ColumnType::Text});
    A360_VERIFY_OK(mode);
    QVERIFY(mode.value().cell(0, 0).text() == "wal");
    const Result<qint64> synchronous = lease->queryInteger(Sql(Dialect::Sqlite, "PRAGMA synchronous"));
    A360_VERIFY_OK(synchronous);
    QCOMPARE(*synchronous, 1); // NORMAL
}

void TestOpening::refusedPort()
{
    DatabaseUrl url = m_databases.fresh(Dialect::PostgreSql);
    QTcpServer probe; // a port that nobody listens on, a moment later
    QVERIFY(probe.listen(QHostAddress::LocalHost));
    url.port = probe.serverPort();
    probe.close();
    const Error error = failure(url);
    QCOMPARE(error.code, ErrorCode::Unavailable);
    QVERIFY(error.message.contains(QString::number(url.port)));
}

void TestOpening::silentServer()
{
    QTcpServer silent; // takes the connection and says nothing
    QVERIFY(silent.listen(QHostAddress::LocalHost));
    DatabaseUrl url = m_databases.fresh(Dialect::PostgreSql);
    url.port = silent.serverPort();
    url.options.insert(QStringLiteral("connect_timeout"), QStringLiteral("2"));
    QElapsedTimer timer;
    timer.start();
    const Error error = failure(url);
    QCOMPARE(error.code, ErrorCode::Unavailable);
    QVERIFY2(timer.elapsed() < 8000, QByteArray::number(timer.elapsed()).constData());
}

void TestOpening::openingIsCancelledWithinASecond()
{
    QTcpServer silent;
    QVERIFY(silent.listen(QHostAddress::LocalHost));
    DatabaseUrl url = m_databases.fresh(Dialect::PostgreSql);
    url.port = silent.serverPort();
    ConnectionPool pool(url, {});
    CancelSource source;
    auto opening = std::async(std::launch::async, [&] { return pool.lease(Lane::Interactive, source.token()); });
    QVERIFY(silent.waitForNewConnection(5000));
    QElapsedTimer timer;
    timer.start();
    source.cancel();
    const Result<Lease> lease = opening.get();
    QVERIFY2(timer.elapsed() < 1000, QByteArray::number(timer.elapsed()).constData());
    QVERIFY(!lease.ok());
    QCOMPARE(lease.error().code, ErrorCode::Cancelled);
    QCOMPARE(pool.stats().checkedOut, 0); // its place is free again
}

void TestOpening::whatOpensTooLateIsClosedAgain()
{
    // A server that answers the first connections, and then one only when nobody waits for it any more.
    QTcpServer late;
    QVERIFY(late.listen(QHostAddress::LocalHost));
    DatabaseUrl url = m_databases.fresh(Dialect::PostgreSql);
    const int real = url.port;
    url.port = late.serverPort();
    bool answered = false;
    const auto passOn = [&](QTcpSocket *client) {
        auto *server = new QTcpSocket(client);
        connect(client, &QTcpSocket::readyRead, server, [=] { server->write(client->readAll()); });
        connect(server, &QTcpSocket::readyRead, server, [&answered, client, server] {
            const QByteArray bytes = server->readAll();
            answered = answered || bytes.contains("server_version"); // it is logged in
            client->write(bytes);
        });
        server->connectToHost(QHostAddress(QHostAddress::LocalHost), static_cast<quint16>(real));
        server->write(client->readAll());
    };
    const auto answering = connect(&late, &QTcpServer::newConnection, &late, [&] { passOn(late.nextPendingConnection()); });
    ConnectionPool pool(url, {});
    CancelSource source;
    const auto leased = [&] { return pool.lease(Lane::Interactive, source.token()); };
    auto first = std::async(std::launch::async, leased);
    QTRY_VERIFY_WITH_TIMEOUT(first.wait_for(std::chrono::seconds(0)) == std::future_status::ready, 5000);
    const Result<Lease> held = first.get(); // from now on Qt's driver connects by itself, and cannot be called back
    A360_VERIFY_OK(held);

    disconnect(answering);
    answered = false;
    auto opening = std::async(std::launch::async, leased);
    QVERIFY(late.waitForNewConnection(5000));
    QTcpSocket *client = late.nextPendingConnection();
    source.cancel();
    QCOMPARE(opening.get().error().code, ErrorCode::Cancelled);
    passOn(client);
    QTRY_VERIFY_WITH_TIMEOUT(answered, 5000);
    QTRY_COMPARE_WITH_TIMEOUT(client->state(), QAbstractSocket::UnconnectedState, 5000);
}

void TestOpening::wrongPassword()
{
    const DatabaseUrl url = roleUrl("pw_login", "wr0ng'\\ \"secret");
    A360_VERIFY_OK(m_databases.postgres().run(url, "CREATE ROLE pw_login LOGIN PASSWORD 'ri''ght\\ \"one'"));
    const Error error = failure(url);
    QCOMPARE(error.code, ErrorCode::PermissionDenied);
    QVERIFY(error.message.contains(QStringLiteral("pw_login")));
    QVERIFY2(error.message.contains(QStringLiteral("password")), qPrintable(error.message));
    QVERIFY2(error.detail.startsWith(QStringLiteral("SQLSTATE 28P01: ")), qPrintable(error.detail));
    for (const QString &part : {error.message, error.detail, error.field})
        QVERIFY2(!part.contains(QStringLiteral("wr0ng")), qPrintable(part));
    // And with the right one, quotes and all, it opens.
    DatabaseUrl right = url;
    right.password = QStringLiteral("ri'ght\\ \"one");
    ConnectionPool pool(right, {});
    A360_VERIFY_OK(pool.lease());
}

void TestOpening::missingPassword()
{
    const Error error = failure(roleUrl("pw_login"));
    QCOMPARE(error.code, ErrorCode::PermissionDenied);
    QVERIFY2(error.message.contains(QStringLiteral("none was given")), qPrintable(error.message));
}

void TestOpening::missingDatabase()
{
    DatabaseUrl url = m_databases.fresh(Dialect::PostgreSql);
    url.name = QStringLiteral("no such database");
    const Error error = failure(url);
    QVERIFY2(error.code == ErrorCode::NotFound, test::describe(error).constData());
    QVERIFY(error.message.contains(url.name));
    QVERIFY2(error.detail.startsWith(QStringLiteral("SQLSTATE 3D000: ")), qPrintable(error.detail));
    QVERIFY(!error.detail.contains(QStringLiteral("LOCATION"))); // the server's source lines help nobody
}

void TestOpening::unknownRole()
{
    const Error error = failure(roleUrl("nobody_here"));
    QCOMPARE(error.code, ErrorCode::PermissionDenied);
    QVERIFY2(error.message.contains(QStringLiteral("nobody_here")), qPrintable(error.message));
    QVERIFY2(error.message.contains(QStringLiteral("no such role")), qPrintable(error.message));
    QVERIFY2(error.detail.startsWith(QStringLiteral("SQLSTATE 28000: ")), qPrintable(error.detail));
}

void TestOpening::tooManyConnections()
{
    const DatabaseUrl url = roleUrl("crowd");
    A360_VERIFY_OK(m_databases.postgres().run(url, "CREATE ROLE crowd LOGIN CONNECTION LIMIT 0"));
    const Error error = failure(url);
    QCOMPARE(error.code, ErrorCode::Unavailable);
    QVERIFY2(error.message.contains(QStringLiteral("no more connections")), qPrintable(error.message));
    QVERIFY2(error.message.contains(QStringLiteral("DATABASE_POOL_SIZE")), qPrintable(error.message));
}

void TestOpening::noEncryption()
{
    DatabaseUrl url = m_databases.fresh(Dialect::PostgreSql);
    url.options.insert(QStringLiteral("sslmode"), QStringLiteral("require"));
    const Error error = failure(url);
    QCOMPARE(error.code, ErrorCode::Unavailable);
    QVERIFY2(error.message.contains(QStringLiteral("encrypted")), qPrintable(error.message));
}

void TestOpening::noRightToConnect()
{
    const DatabaseUrl url = roleUrl("shut_out");
    A360_VERIFY_OK(m_databases.postgres().run(url, "CREATE ROLE shut_out LOGIN; REVOKE CONNECT ON DATABASE " +
                                                       url.name.toLatin1() + " FROM PUBLIC"));
    const Error error = failure(url);
    QCOMPARE(error.code, ErrorCode::PermissionDenied);
    QVERIFY2(error.message.contains(QStringLiteral("GRANT CONNECT ON DATABASE")), qPrintable(error.message));
}

void TestOpening::unknownHost()
{
    DatabaseUrl url = m_databases.fresh(Dialect::PostgreSql);
    url.host = QStringLiteral("no-such-host.invalid");
    const Error error = failure(url);
    QCOMPARE(error.code, ErrorCode::Unavailable);
    QVERIFY(error.message.contains(url.host));
}

QTEST_GUILESS_MAIN(TestOpening)
#include "tst_opening.moc"

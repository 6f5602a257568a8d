// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/database_url.h"

#include <QtTest>

using namespace a360;
using namespace a360::db;

class TestDatabaseUrl : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsPostgres_data();
    void readsPostgres();
    void readsSqlite_data();
    void readsSqlite();
    void refuses_data();
    void refuses();
    void hidesSecrets();
    void givesSecretsUp();
    void makesAPathAbsolute();
    void survivesTheWayThroughText_data();
    void survivesTheWayThroughText();
};

void TestDatabaseUrl::readsPostgres_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("expected"); // user|password|host|port|name|options
    const auto row = [](const char *text, const char *expected) {
        QTest::newRow(text) << QString::fromUtf8(text) << QString::fromUtf8(expected);
    };
    row("postgresql://ada:secret@db.example:5433/crm", "ada|secret|db.example|5433|crm|");
    row("postgres://ada@db.example/crm", "ada||db.example|0|crm|");
    row("postgresql+asyncpg://ada:p@h/crm?ssl=require", "ada|p|h|0|crm|sslmode=require");
    row("POSTGRESQL+psycopg2://h/crm", "||h|0|crm|");
    row("postgresql://", "|||0||");
    row("postgresql:///crm", "|||0|crm|");
    row("postgresql://h", "||h|0||");
    row("postgresql://a%40b:p%40%3A%2F%25@h/my%20db", "a@b|p@:/%|h|0|my db|");
    row("postgresql://ada:p/q?r#s:t@h/crm", "ada|p/q?r#s:t|h|0|crm|");
    row("postgresql://ada:p@[::1]:5432/crm", "ada|p|::1|5432|crm|");
    row("postgresql://[fe80::1]/crm", "||fe80::1|0|crm|");
    row("postgresql://ada@/crm?host=/var/run/postgresql", "ada||/var/run/postgresql|0|crm|");
    row("postgresql://%2Fvar%2Frun/crm", "||/var/run|0|crm|");
    row("postgresql://h/crm?sslmode=verify-full&application_name=my+app&connect_timeout=3",
        "||h|0|crm|application_name=my app,connect_timeout=3,sslmode=verify-full");
    row("postgresql://h/crm?user=ada&password=p%26q&port=7", "ada|p&q|h|7|crm|");
    row("postgresql://h/crm?prepared_statement_cache_size=0", "||h|0|crm|");
    row("postgresql://h/crm?application_name=a@b", "||h|0|crm|application_name=a@b");
    row("  postgresql://h/crm\n", "||h|0|crm|");
}

void TestDatabaseUrl::readsPostgres()
{
    QFETCH(QString, text);
    const Result<DatabaseUrl> parsed = DatabaseUrl::parse(text);
    QVERIFY2(parsed.ok(), parsed.ok() ? "" : qPrintable(parsed.error().message));
    const DatabaseUrl &url = parsed.value();
    QCOMPARE(url.dialect, Dialect::PostgreSql);
    QStringList options;
    for (auto it = url.options.begin(); it != url.options.end(); ++it)
        options += it.key() + u'=' + it.value();
    const QStringList parts{url.user, url.password,        url.host, QString::number(url.port),
                            url.name, options.join(u',')};
    QTEST(parts.join(u'|'), "expected");
}

void TestDatabaseUrl::readsSqlite_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("path");
    const auto row = [](const char *text, const char *path) {
        QTest::newRow(text) << QString::fromUtf8(text) << QString::fromUtf8(path);
    };
    row("sqlite:///contacts.db", "contacts.db");
    row("sqlite:///folder/contacts.db", "folder/contacts.db");
    row("sqlite:////tmp/contacts.db", "/tmp/contacts.db");
    row("sqlite+aiosqlite:////tmp/x.db", "/tmp/x.db");
    row("sqlite:////tmp/Ä ö.db", "/tmp/Ä ö.db");
    row("sqlite:////tmp/with%20space%3F.db", "/tmp/with space?.db");
    row("sqlite:////tmp/100%.db", "/tmp/100%.db");
}

void TestDatabaseUrl::readsSqlite()
{
    QFETCH(QString, text);
    const Result<DatabaseUrl> parsed = DatabaseUrl::parse(text);
    QVERIFY2(parsed.ok(), parsed.ok() ? "" : qPrintable(parsed.error().message));
    QCOMPARE(parsed.value().dialect, Dialect::Sqlite);
    QTEST(parsed.value().path, "path");
}

void TestDatabaseUrl::refuses_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("named"); // what the message must speak of
    const auto row = [](const char *text, const char *named) {
        QTest::newRow(*text ? text : "empty") << QString::fromUtf8(text) << QString::fromUtf8(named);
    };
    row("", "empty");
    row("contacts.db", "sqlite:///");
    row("mysql://h/db", "mysql");
    row("sqlite://contacts.db", "three slashes");
    row("sqlite://", "three slashes");
    row("sqlite:///", "in-memory");
    row("sqlite:///:memory:", "in-memory");
    row("sqlite:///x.db?mode=ro", "options");
    row("postgresql://h:port/db", "port");
    row("postgresql://h:0/db", "port");
    row("postgresql://h:65536/db", "65535");
    row("postgresql://ada:hunter2h/db", "%40"); // a forgotten @: the "port" is a password and must not be shown
    row("postgresql://[::1/db", "bracket");
    row("postgresql://[::1]x/db", "IPv6");
    row("postgresql://::1/db", "brackets");
    row("postgresql://ada:p@q@h/db", "%40");
    row("postgresql://h/db?colour=red", "colour");
    row("postgresql://h/db?sslmode", "name=value");
    row("postgresql://h/db?application_name=a%3Bb", "application_name");
    row("postgresql://h/db?port=x", "port");
}

void TestDatabaseUrl::refuses()
{
    QFETCH(QString, text);
    QFETCH(QString, named);
    const Result<DatabaseUrl> parsed = DatabaseUrl::parse(text);
    QVERIFY(!parsed.ok());
    QCOMPARE(parsed.error().code, ErrorCode::InvalidArgument);
    QCOMPARE(parsed.error().field, QStringLiteral("DATABASE_URL"));
    QVERIFY2(parsed.error().message.contains(named), qPrintable(parsed.error().message));
    QVERIFY2(!parsed.error().message.contains(QStringLiteral("hunter2")), qPrintable(parsed.error().message));
}

void TestDatabaseUrl::hidesSecrets()
{
    const QString text = QStringLiteral("postgresql://ada:s3cr%40t@h:5433/crm?sslmode=require&sslpassword=k3y");
    const Result<DatabaseUrl> parsed = DatabaseUrl::parse(text);
    QVERIFY(parsed.ok());
    const QString shown = parsed.value().display();
    QVERIFY2(!shown.contains(QStringLiteral("s3cr")) && !shown.contains(QStringLiteral("k3y")), qPrintable(shown));
    QCOMPARE(shown, QStringLiteral("postgresql://ada:***@h:5433/crm?sslmode=require&sslpassword=***"));
    QCOMPARE(parsed.value().toString(), text);
    // Nor does a refusal repeat them.
    const Result<DatabaseUrl> refused = DatabaseUrl::parse(QStringLiteral("postgresql://ada:s3cret@h:x/crm"));
    QVERIFY(!refused.ok());
    QVERIFY(!refused.error().message.contains(QStringLiteral("s3cret")));
}

void TestDatabaseUrl::givesSecretsUp()
{
    const auto parsed = DatabaseUrl::parse(QStringLiteral("postgresql://ada:one@h/crm?sslkey=/k&sslpassword=two&sslmode=require"));
    QVERIFY(parsed.ok());
    DatabaseUrl url = *parsed;
    url.options.insert(QStringLiteral("password"), QStringLiteral("three"));
    QVERIFY(!url.display().contains(QStringLiteral("three")));
    QCOMPARE(url.withoutSecrets().toString(), QStringLiteral("postgresql://ada@h/crm?sslkey=/k&sslmode=require"));
}

void TestDatabaseUrl::makesAPathAbsolute()
{
    QCOMPARE(DatabaseUrl::sqliteFile(QStringLiteral("a/x.db")).absolute().path, QDir::current().filePath(QStringLiteral("a/x.db")));
    QCOMPARE(DatabaseUrl::sqliteFile(QStringLiteral("/a/x.db")).absolute().path, QStringLiteral("/a/x.db"));
    const auto server = DatabaseUrl::parse(QStringLiteral("postgresql://h/crm"));
    QVERIFY(server.ok());
    QCOMPARE(server->absolute().toString(), server->toString());
}

void TestDatabaseUrl::survivesTheWayThroughText_data()
{
    QTest::addColumn<QString>("text");
    for (const char *text : {"postgresql://a%3Ab:p%40q%2F%3F%23@[::1]:5433/my%2Fdb?application_name=a%26b%3Dc",
                             "postgresql://h1,h2/crm", "postgresql://%2Fvar%2Frun%2Fpg/crm", "sqlite:////tmp/100%25.db",
                             "sqlite:///rel/ä%3F.db", "sqlite:////tmp/%2541.db"})
        QTest::newRow(text) << QString::fromUtf8(text);
}

void TestDatabaseUrl::survivesTheWayThroughText()
{
    QFETCH(QString, text);
    const Result<DatabaseUrl> first = DatabaseUrl::parse(text);
    QVERIFY(first.ok());
    const Result<DatabaseUrl> second = DatabaseUrl::parse(first.value().toString());
    QVERIFY2(second.ok(), qPrintable(first.value().toString()));
    const auto parts = [](const DatabaseUrl &url) {
        return QStringList{url.path, url.host, url.user, url.password, url.name, QString::number(url.port),
                           QStringList(url.options.values()).join(u'|')};
    };
    QCOMPARE(parts(second.value()), parts(first.value()));
}

QTEST_GUILESS_MAIN(TestDatabaseUrl)
#include "tst_database_url.moc"

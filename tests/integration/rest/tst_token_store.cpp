// SPDX-License-Identifier: GPL-3.0-or-later
#include "access/token_store.h"
#include "db/migrations.h"
#include "support/test_databases.h"

#include <QRegularExpression>
#include <QSet>

using namespace a360;
using namespace a360::access;

class TestTokenStore : public QObject
{
    Q_OBJECT

    test::TestDatabases m_databases;
    std::unique_ptr<db::ConnectionPool> m_pool;

    void open(db::Dialect dialect)
    {
        m_pool = std::make_unique<db::ConnectionPool>(m_databases.fresh(dialect), db::PoolSettings());
        Result<db::Lease> lease = m_pool->lease();
        A360_VERIFY_OK(lease);
        A360_VERIFY_OK(db::migrate(*lease));
    }

private Q_SLOTS:
    void initTestCase() { QVERIFY2(m_databases.open(), m_databases.problem()); }
    void cleanup() { m_pool.reset(); }

    void roleNames()
    {
        QCOMPARE(roleByName(u"admin"), std::optional(Role::Admin));
        QCOMPARE(roleByName(u"SuperAdmin"), std::optional(Role::SuperAdmin));
        QCOMPARE(roleByName(u"PROUSER"), std::optional(Role::ProUser));
        QVERIFY(!roleByName(u"Member"));
        QVERIFY(!roleByName(u""));
        QCOMPARE(roleName(Role::FreeUser), QStringLiteral("FreeUser"));
    }

    void tokensWorkUntilRevoked_data() { test::addDialectRows(); }
    void tokensWorkUntilRevoked()
    {
        QFETCH(db::Dialect, dialect);
        open(dialect);
        TokenStore store(*m_pool);
        const Result<NewToken> made = store.create(Role::ProUser, QStringLiteral("  Zoë's laptop "));
        A360_VERIFY_OK(made);
        QVERIFY(QRegularExpression(QStringLiteral("^a360_[A-Za-z0-9_-]{43}$")).match(made->token).hasMatch());
        QVERIFY(made->info.createdAt > 0);

        const Result<Identity> identity = store.verify(made->token.toLatin1());
        A360_VERIFY_OK(identity);
        QCOMPARE(identity->name, QStringLiteral("Zoë's laptop"));
        QCOMPARE(identity->role, Role::ProUser);
        QCOMPARE(identity->tokenId, made->info.id);

        A360_VERIFY_OK(store.revoke(made->info.id));
        QCOMPARE(store.verify(made->token.toLatin1()).error().code, ErrorCode::PermissionDenied);
        A360_VERIFY_OK(store.revoke(made->info.id));
        QCOMPARE(store.revoke(made->info.id + 99).error().code, ErrorCode::NotFound);
        const Result<std::vector<TokenInfo>> all = store.list();
        A360_VERIFY_OK(all);
        QCOMPARE(all->size(), size_t(1));
        QVERIFY(all->front().revoked);
    }

    void strangersAreRefused_data() { test::addDialectRows(); }
    void strangersAreRefused()
    {
        QFETCH(db::Dialect, dialect);
        open(dialect);
        TokenStore store(*m_pool);
        const Result<NewToken> made = store.create(Role::Admin, {});
        A360_VERIFY_OK(made);
        QCOMPARE(made->info.name, QStringLiteral("token"));
        QByteArray other = made->token.toLatin1();
        other.back() = other.back() == 'A' ? 'B' : 'A';
        for (const QByteArray &bad : {QByteArray(), QByteArray("a360_"), other, made->token.toLatin1() + 'x',
                                      QByteArray("' OR 1=1 --"), QByteArray("a360_") + QByteArray(43, '\'')})
            QCOMPARE(store.verify(bad).error().code, ErrorCode::PermissionDenied);
    }

    void onlyTheHashIsStored_data() { test::addDialectRows(); }
    void onlyTheHashIsStored()
    {
        QFETCH(db::Dialect, dialect);
        open(dialect);
        TokenStore store(*m_pool);
        QSet<QString> texts;
        for (int i = 0; i < 20; ++i)
            texts.insert(store.create(Role::FreeUser, QStringLiteral("t")).value().token);
        QCOMPARE(texts.size(), 20);
        Result<db::Lease> lease = m_pool->lease();
        A360_VERIFY_OK(lease);
        using enum db::ColumnType;
        const auto rows = lease->query(db::Sql(dialect, "SELECT name, role, token_hash FROM a360_tokens"), {Text, Text, Text});
        A360_VERIFY_OK(rows);
        QCOMPARE(rows->rowCount(), 20);
        for (qsizetype row = 0; row < rows->rowCount(); ++row) {
            QCOMPARE(rows->cell(row, 2).text().size(), size_t(64));
            for (const QString &text : std::as_const(texts))
                QVERIFY(rows->cell(row, 2).text().find(text.mid(5).toStdString()) == std::string_view::npos);
        }
    }

    void revokingElsewhereBitesAfterAMoment_data() { test::addDialectRows(); }
    void revokingElsewhereBitesAfterAMoment()
    {
        QFETCH(db::Dialect, dialect);
        open(dialect);
        TokenStore here(*m_pool), elsewhere(*m_pool);
        const Result<NewToken> made = here.create(Role::Admin, QStringLiteral("t"));
        A360_VERIFY_OK(made);
        const QByteArray text = made->token.toLatin1();
        A360_VERIFY_OK(here.verify(text));
        A360_VERIFY_OK(elsewhere.revoke(made->info.id));
        QTRY_VERIFY_WITH_TIMEOUT(!here.verify(text).ok(), 7000);
    }
};

QTEST_GUILESS_MAIN(TestTokenStore)
#include "tst_token_store.moc"

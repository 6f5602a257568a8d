// SPDX-License-Identifier: GPL-3.0-or-later
// Damaged cursors, settings files and database addresses.
#include "contacts/repository.h"
#include "core/env_file.h"
#include "db/database_url.h"
#include "mutator.h"

#include <QTest>

using namespace a360;
using a360::fuzz::Mutator;

namespace {

void addSeeds()
{
    QTest::addColumn<quint32>("seed");
    for (quint32 seed = 1; seed <= 500; ++seed)
        QTest::addRow("seed %u", seed) << seed;
}

contacts::Query query()
{
    const auto parsed = contacts::parseQuery(contacts::Entity::Contact,
                                             {{QStringLiteral("ordering"), QStringLiteral("-created_at,last_name")}},
                                             contacts::DefaultOrder::NewestFirst);
    if (!parsed.ok())
        qFatal("%s", qPrintable(parsed.error().message));
    return parsed->query;
}

} // namespace

class TestFuzzTexts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void damagedCursorsAreRefusedOrSafe_data() { addSeeds(); }
    void damagedCursorsAreRefusedOrSafe()
    {
        QFETCH(quint32, seed);
        Mutator random(seed);
        const contacts::Query asked = query();
        const contacts::Keyset place{{db::Value(qint64(1'700'000'000'000'000 + seed)), db::Value(QByteArray("Qu\xC3\xB6ll \"\\")),
                                      db::Value(qint64(seed))}};
        const QByteArray cursor = random.oneIn(4) ? contacts::encodeOffsetCursor(seed) : contacts::encodeCursor(asked, place);
        const auto intact = contacts::decodeCursor(asked, cursor);
        QVERIFY(intact.ok());
        if (intact->after)
            QCOMPARE(contacts::encodeCursor(asked, *intact->after), cursor);
        // Damage to the text that the Base64 carries goes deeper than damage to the Base64.
        const QByteArrayList tokens{"=", "{", "}", "\"", ",", "null", "1e999", "-1", "o=", "[]", "\\u0000", "99999999999999999999"};
        QByteArray damaged = random.damaged(cursor, tokens);
        if (random.oneIn(2)) {
            const QByteArray inner = QByteArray::fromBase64(cursor, QByteArray::Base64UrlEncoding);
            damaged = random.damaged(inner, tokens).toBase64(QByteArray::Base64UrlEncoding);
        }
        const auto decoded = contacts::decodeCursor(asked, damaged);
        if (!decoded.ok()) {
            QCOMPARE(decoded.error().code, ErrorCode::InvalidArgument);
            return;
        }
        QVERIFY(decoded->skip >= 0);
        if (decoded->after)
            QCOMPARE(decoded->after->values.size(), asked.order.size());
    }

    void damagedSettingsFilesNameALine_data() { addSeeds(); }
    void damagedSettingsFilesNameALine()
    {
        QFETCH(quint32, seed);
        Mutator random(seed);
        const QByteArray file = "# ours\nDATABASE_URL=postgresql://me:x@h/d # c\nexport A='single # quoted'\nB=\"two\\nlines\"\n\nC=\n";
        const QByteArrayList tokens{"\"", "'", "\\", "=", "#", "\r", "\n", "export ", QByteArray(1, '\0'), "\xEF\xBB\xBF", "\xFF", " "};
        const QByteArray text = random.damaged(file, tokens);
        const auto parsed = parseEnvFile(QString::fromUtf8(text), QStringLiteral(".env"));
        if (!parsed.ok()) {
            QCOMPARE(parsed.error().code, ErrorCode::InvalidArgument);
            QVERIFY2(parsed.error().message.contains(QStringLiteral("line")), qPrintable(parsed.error().message));
            return;
        }
        int lines = 1;
        for (const QChar c : QString::fromUtf8(text))
            lines += c == u'\n' || c == u'\r';
        for (auto it = parsed->cbegin(); it != parsed->cend(); ++it) {
            QVERIFY(!it.key().isEmpty() && it.key() == it.key().toUpper());
            QVERIFY(it->line >= 1 && it->line <= lines);
        }
    }

    void damagedDatabaseAddressesAreRefusedOrReadAgain_data() { addSeeds(); }
    void damagedDatabaseAddressesAreRefusedOrReadAgain()
    {
        QFETCH(quint32, seed);
        Mutator random(seed);
        const QByteArrayList addresses{"postgresql://me:hunter2@db.example:5433/desk?sslmode=require&application_name=x",
                                       "postgres://h/d", "postgresql+asyncpg://u%40x:p%3Aw@[::1]:5432/n%20n", "sqlite:///desk.db",
                                       "sqlite:////var/lib/desk%20.db"};
        const QByteArrayList tokens{":", "/", "@", "?", "&", "=", "%", "%2F", "%00", "[", "]", "#", " ", "\xC3\xB6", "65536", "\\", ".."};
        const QString text = QString::fromUtf8(random.damaged(random.pick(addresses), tokens));
        const auto url = db::DatabaseUrl::parse(text);
        if (!url.ok()) {
            QCOMPARE(url.error().code, ErrorCode::InvalidArgument);
            QVERIFY2(!url.error().message.contains(QStringLiteral("hunter2")), qPrintable(url.error().message));
            return;
        }
        QVERIFY(url->port >= 0 && url->port <= 65535);
        const bool elsewhere = (url->user + url->host + url->name + url->path + url->options.values().join(u' ')).contains(QStringLiteral("hunter2"));
        QVERIFY2(elsewhere || !url->display().contains(QStringLiteral("hunter2")), qPrintable(url->display()));
        const auto again = db::DatabaseUrl::parse(url->toString());
        QVERIFY2(again.ok(), qPrintable(text + QStringLiteral(" -> ") + url->toString()));
        QCOMPARE(again->path, url->path);
        QCOMPARE(again->host, url->host);
        QCOMPARE(again->port, url->port);
        QCOMPARE(again->user, url->user);
        QCOMPARE(again->password, url->password);
        QCOMPARE(again->name, url->name);
        QCOMPARE(again->options, url->options);
    }
};

QTEST_GUILESS_MAIN(TestFuzzTexts)
#include "tst_fuzz_texts.moc"

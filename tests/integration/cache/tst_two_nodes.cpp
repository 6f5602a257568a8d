// SPDX-License-Identifier: GPL-3.0-or-later
#include "api_fixture.h"
#include "cli_program.h"

#include <QRegularExpression>
#include <QTest>

#include <thread>

using namespace a360;
using namespace a360::tests;
using Clock = std::chrono::steady_clock;

namespace {

constexpr int writes = 60;
const QByteArray path = "/api/v1/contacts/?limit=2"; // the second one is contact 19, of company 2

/// When which number was certainly there for everybody.
class History
{
public:
    void committed(int number)
    {
        const std::lock_guard lock(m_mutex);
        m_times.emplace_back(number, Clock::now());
    }
    /// The highest number that was committed before a moment.
    int certainAt(Clock::time_point moment) const
    {
        const std::lock_guard lock(m_mutex);
        int number = 0;
        for (const auto &[written, time] : m_times) {
            if (time < moment)
                number = written;
        }
        return number;
    }

private:
    mutable std::mutex m_mutex;
    std::vector<std::pair<int, Clock::time_point>> m_times;
};

struct Shown
{
    int title = -1, company = -1;
    bool hit = false;
};

Shown shownBy(const RawAnswer &answer)
{
    const QJsonObject contact = answer.json()[QStringLiteral("results")][1].toObject();
    const auto number = [&contact](const char *field) { return contact[QLatin1String(field)].toString().mid(1).toInt(); };
    return {number("title"), number("company"), answer.headers.value("x-cache-hit") == "true"};
}

/// Asks one node for the same page over and over.
class Reader
{
public:
    Reader(quint16 port, const QByteArray &fields, const History &titles, const History &companies)
        : m_thread([this, port, fields, &titles, &companies] { run(port, fields, titles, companies); })
    {
    }
    ~Reader() { join(); }
    void join()
    {
        m_stop = true;
        if (m_thread.joinable())
            m_thread.join();
    }
    int asked = 0, hits = 0, failed = 0, stale = 0; // to be read after join()

private:
    void run(quint16 port, const QByteArray &fields, const History &titles, const History &companies)
    {
        RawClient client(port);
        while (!m_stop) {
            // Whatever was committed a second before the question must be in the answer.
            const Clock::time_point allowed = Clock::now() - std::chrono::seconds(1);
            client.get(path, fields);
            const RawAnswer answer = client.read(30'000);
            const Shown shown = shownBy(answer);
            ++asked;
            hits += shown.hit ? 1 : 0;
            failed += answer.status == 200 ? 0 : 1;
            stale += shown.title < titles.certainAt(allowed) || shown.company < companies.certainAt(allowed) ? 1 : 0;
        }
    }
    std::atomic<bool> m_stop = false;
    std::thread m_thread; // last: starts at once
};

} // namespace

/// Several programs over one database: what one of them writes is never followed by a stale page from itself, and by one
/// of another program for a second at most.
class TestTwoNodes : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QVERIFY2(m_databases.open(), m_databases.problem()); }
    void decision26_noStalePages_data() { test::addDialectRows(); }
    void decision26_noStalePages();

private:
    /// `a360 serve` on a free port; 0 when it does not say which.
    quint16 serve(QProcess &server, const db::DatabaseUrl &database)
    {
        m_a360.start(server, {QStringLiteral("serve"), QStringLiteral("--listen"), QStringLiteral("127.0.0.1:0"),
                              QStringLiteral("--database"), database.toString()});
        QByteArray said;
        static const QRegularExpression address(QStringLiteral("http://127\\.0\\.0\\.1:(\\d+)"));
        const bool told = QTest::qWaitFor([&] {
            said += server.readAllStandardError();
            return address.match(QString::fromUtf8(said)).hasMatch() || server.state() == QProcess::NotRunning;
        }, 30'000);
        return told ? address.match(QString::fromUtf8(said)).captured(1).toUShort() : quint16(0);
    }
    Result<void> write(const QByteArray &statement, db::DataTables changed)
    {
        db::ConnectionPool &pool = m_api.service().pool();
        A360_TRY_ASSIGN(db::Lease lease, pool.lease());
        A360_TRY(lease.begin(db::TransactionMode::ReadWrite));
        A360_TRY(lease.executeScript(statement));
        return db::commitChange(lease, pool.epochs(), changed);
    }
    test::CliProgram m_a360;
    test::TestDatabases m_databases;
    ApiFixture m_api;
};

void TestTwoNodes::decision26_noStalePages()
{
    QFETCH(db::Dialect, dialect);
    const db::DatabaseUrl database = m_databases.fresh(dialect);
    A360_VERIFY_OK(m_api.start(database));
    A360_VERIFY_OK(m_api.fill(20, 2));
    A360_VERIFY_OK(write("UPDATE contacts SET title = 'T0' WHERE id = 19; UPDATE companies SET name = 'C0' WHERE id = 2",
                         db::DataTables::Both));
    QProcess first, second;
    const quint16 ports[] = {serve(first, database), serve(second, database)};
    QVERIFY(ports[0] != 0 && ports[1] != 0);

    History titles, companies;
    int staleHere = 0, hitsHere = 0;
    {
        Reader there(ports[0], m_api.bearer(), titles, companies), alsoThere(ports[1], m_api.bearer(), titles, companies);
        Reader here(m_api.port(), m_api.bearer(), titles, companies); // fills the writer's cache while it writes
        RawClient writer(m_api.port());
        for (int number = 1; number <= writes; ++number) {
            const bool title = number % 2 == 0;
            const QByteArray value = QByteArray::number(number) + "' WHERE id = ";
            A360_VERIFY_OK(title ? write("UPDATE contacts SET title = 'T" + value + "19", db::DataTables::Contacts)
                                 : write("UPDATE companies SET name = 'C" + value + "2", db::DataTables::Companies));
            (title ? titles : companies).committed(number);
            for (int i = 0; i < 5; ++i) {
                writer.get(path, m_api.bearer());
                const Shown shown = shownBy(writer.read(30'000));
                staleHere += (title ? shown.title : shown.company) == number ? 0 : 1;
                hitsHere += shown.hit ? 1 : 0;
            }
            QTest::qWait(20); // so that the others have something to keep between the writes
        }
        there.join();
        alsoThere.join();
        here.join();
        qInfo("asked %d and %d times, %d and %d hits; here %d hits of %d", there.asked, alsoThere.asked, there.hits,
              alsoThere.hits, hitsHere, 5 * writes);
        QCOMPARE(there.failed + alsoThere.failed + here.failed, 0);
        QVERIFY2(there.hits > 0 && alsoThere.hits > 0 && hitsHere > 0, "nothing was cached, so nothing is proven");
        QCOMPARE(there.stale, 0);
        QCOMPARE(alsoThere.stale, 0);
        QCOMPARE(here.stale, 0);
        QCOMPARE(staleHere, 0);
    }
    for (QProcess *server : {&first, &second}) {
        server->terminate();
        QVERIFY(server->waitForFinished(30'000));
        QCOMPARE(server->exitCode(), 0);
    }
}

QTEST_GUILESS_MAIN(TestTwoNodes)
#include "tst_two_nodes.moc"

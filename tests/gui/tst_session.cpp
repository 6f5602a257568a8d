// SPDX-License-Identifier: GPL-3.0-or-later
#include "records/record_view.h"
#include "records/records_page.h"
#include "records/service_record_source.h"
#include "service.h"
#include "support/adopted_database.h"
#include "support/silent_proxy.h"
#include "support/test_databases.h"
#include "widgets/card_strip.h"
#include "window/status_line.h"
#include "window_fixture.h"

#include <QMessageBox>
#include <QPushButton>
#include <QTest>
#include <QToolButton>

using namespace a360;
using namespace a360::ui;
using a360::test::WindowFixture;

namespace {
constexpr int patience = 30'000;
}

class SessionTest : public QObject
{
    Q_OBJECT

private:
    a360::test::TestDatabases m_databases;

    static bool opened(MainWindow &window, const db::DatabaseUrl &url)
    {
        window.openDatabase(url);
        return QTest::qWaitFor([&] { return window.session().state() != Session::State::Opening; }, patience)
               && window.session().state() == Session::State::Open;
    }

    db::DatabaseUrl adopted(db::Dialect dialect)
    {
        const db::DatabaseUrl url = m_databases.fresh(dialect);
        db::ConnectionPool pool(url, {});
        Result<db::Lease> lease = pool.lease();
        if (!lease.ok() || !lease->executeScript(a360::test::adoptedDatabase(dialect)).ok())
            qFatal("the database cannot be made");
        return url;
    }
    static QMessageBox *question(MainWindow &window)
    {
        const auto boxes = window.findChildren<QMessageBox *>();
        return boxes.isEmpty() ? nullptr : boxes.constLast();
    }
    static void startCreating(MainWindow &window)
    {
        window.statusLine()->indexesItem()->click();
        for (QAbstractButton *button : question(window)->buttons()) {
            if (button->text().contains(QStringLiteral("Create")))
                button->click();
        }
    }

private Q_SLOTS:
    void initTestCase()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        QVERIFY2(m_databases.open(), m_databases.problem());
    }

    void browsesBothKindsOfDatabase_data() { a360::test::addDialectRows(); }
    void browsesBothKindsOfDatabase()
    {
        QFETCH(db::Dialect, dialect);
        WindowFixture fixture;
        QVERIFY(opened(fixture.window(), m_databases.fresh(dialect)));
        QVERIFY(fixture.importSample(1500));
        RecordsPage &page = *fixture.window().contactsPage();
        QTRY_COMPARE(page.model()->total(), 1500);
        page.setFilters({{QStringLiteral("title"), QStringLiteral("manager")}});
        QTRY_VERIFY(!page.model()->isStale() && page.model()->totalIsKnown());
        QVERIFY(page.model()->total() > 0 && page.model()->total() < 1500);
        page.setFilters({});
        Q_EMIT page.view()->sortRequested(1);
        // An estimate that is too low would stop the scrolling above row 1400.
        QTRY_VERIFY_WITH_TIMEOUT(!page.model()->isStale() && page.model()->total() == 1500, patience);
        page.view()->scrollToRow(1400);
        QTRY_VERIFY_WITH_TIMEOUT(page.model()->isLoaded(1400), patience);
        QTRY_VERIFY(fixture.window().companiesPage()->model()->total() > 100);
    }

    void listsThatAreNotKeptAndCountsComeFromTheReplica()
    {
        ServiceOptions options;
        options.database = m_databases.fresh(db::Dialect::PostgreSql);
        options.migrate = true;
        A360_VERIFY_OK(Service::open(options)); // a standby copies tables that are there
        auto standby = a360::test::PrivatePostgres::startStandby(m_databases.postgres());
        A360_VERIFY_OK(standby);
        options.replica = db::ReplicaOptions{options.database, {}, std::chrono::seconds(5)};
        options.replica->url.port = (*standby)->port();
        options.migrate = false;
        auto opened = Service::open(options);
        A360_VERIFY_OK(opened);
        const std::shared_ptr<Service> service = std::move(*opened);
        QTRY_VERIFY_WITH_TIMEOUT(service->reads().target().isReplica, patience);
        ServiceRecordSource source(service);
        const auto readsOfReplica = [&] { return service->reads().replica()->stats().totalCheckouts; };
        const auto query = contacts::parseQuery(contacts::Entity::Contact, {}, contacts::DefaultOrder::NewestFirst);
        A360_VERIFY_OK(query);
        const auto columns = contacts::columnsByName(contacts::Entity::Contact, {QStringLiteral("email")});
        A360_VERIFY_OK(columns);
        const qint64 before = readsOfReplica();
        A360_VERIFY_OK(source.page(query->query, *columns, {100, {}}, {})); // kept under the primary's epochs
        QCOMPARE(readsOfReplica(), before);
        A360_VERIFY_OK(source.page(query->query, *columns, {ListCache::mostRows + 1, {}}, {}));
        QVERIFY(readsOfReplica() > before);
        const qint64 listed = readsOfReplica();
        A360_VERIFY_OK(source.count(query->query, contacts::CountMode::Exact, {}));
        QVERIFY(readsOfReplica() > listed);
    }

    void aReplicaServesTheConfiguredDatabaseOnly()
    {
        const auto file = [this](const char *name) { return db::DatabaseUrl::sqliteFile(m_databases.filePath(QLatin1String(name))); };
        ServiceOptions options;
        options.database = file("configured.db");
        options.replica = db::ReplicaOptions{{}, {}, std::chrono::seconds(5)};
        options.replica->url.dialect = db::Dialect::PostgreSql;
        Session session(options);
        session.open(file("another.db"));
        QTRY_COMPARE_WITH_TIMEOUT(session.state(), Session::State::Open, patience);
        QVERIFY(!session.service()->reads().replica());
        session.open(file("configured.db"));
        QTRY_COMPARE_WITH_TIMEOUT(session.state(), Session::State::Open, patience);
        QVERIFY(session.service()->reads().replica());
    }

    void decision19_aRoleThatMayOnlyReadCanBrowse()
    {
        const db::DatabaseUrl owner = m_databases.fresh(db::Dialect::PostgreSql);
        WindowFixture fixture;
        QVERIFY(opened(fixture.window(), owner));
        QVERIFY(fixture.importSample(50));
        A360_VERIFY_OK(m_databases.postgres().run(owner, "CREATE ROLE looker LOGIN; GRANT USAGE ON SCHEMA public TO looker; "
                                                         "GRANT SELECT ON contacts, contacts_metadata, companies, "
                                                         "companies_metadata TO looker"));
        db::DatabaseUrl looker = owner;
        looker.user = QStringLiteral("looker");
        QVERIFY(opened(fixture.window(), looker));
        QTRY_COMPARE(fixture.window().contactsPage()->model()->total(), 50);
    }

    void decision19_anAdoptedDatabaseOffersItsMissingIndexes_data() { a360::test::addDialectRows(); }
    void decision19_anAdoptedDatabaseOffersItsMissingIndexes()
    {
        QFETCH(db::Dialect, dialect);
        const db::DatabaseUrl url = adopted(dialect);
        WindowFixture fixture;
        MainWindow &window = fixture.window();
        QVERIFY(opened(window, url));
        QVERIFY(window.session().missingIndexes() > 20);
        QToolButton *offer = window.statusLine()->indexesItem();
        QVERIFY(offer->isVisible());
        QCOMPARE(offer->text(), QStringLiteral("%1 indexes missing").arg(window.session().missingIndexes()));
        // Asked first; saying no changes nothing.
        offer->click();
        question(window)->reject();
        QVERIFY(window.operations().all().isEmpty());
        startCreating(window);
        QCOMPARE(window.operations().all().size(), 1);
        QVERIFY(!offer->isVisible());
        const Operation *operation = window.operations().all().constFirst();
        QTRY_VERIFY_WITH_TIMEOUT(!operation->isRunning(), patience);
        QVERIFY2(operation->state() == Operation::State::Done, qPrintable(operation->summary()));
        QVERIFY2(operation->summary().contains(QStringLiteral("indexes made")), qPrintable(operation->summary()));
        QCOMPARE(operation->progress().rowsDone, operation->progress().rowsTotal);
        QTRY_COMPARE(window.session().missingIndexes(), 0);
        QVERIFY(!offer->isVisible());
        QCOMPARE(window.session().service()->schema()->hasSearchIndex, dialect == db::Dialect::PostgreSql);
    }

    void creatingIndexesIsCancelledFromItsCard()
    {
        const db::DatabaseUrl url = adopted(db::Dialect::PostgreSql);
        db::ConnectionPool pool(url, {});
        Result<db::Lease> old = pool.lease();
        A360_VERIFY_OK(old);
        WindowFixture fixture;
        MainWindow &window = fixture.window();
        QVERIFY(opened(window, url));
        A360_VERIFY_OK(old->begin(db::TransactionMode::ReadSnapshot)); // CREATE INDEX CONCURRENTLY waits for it
        startCreating(window);
        Operation *operation = window.operations().all().constFirst();
        QTRY_VERIFY_WITH_TIMEOUT(operation->progress().rowsTotal > 20, patience);
        QVERIFY(operation->isRunning());
        QElapsedTimer timer;
        timer.start();
        operation->cancel();
        QTRY_COMPARE_WITH_TIMEOUT(operation->state(), Operation::State::Cancelled, patience);
        QVERIFY2(timer.elapsed() < 1200, QByteArray::number(timer.elapsed()).constData());
        QTRY_VERIFY(window.statusLine()->indexesItem()->isVisible());
    }

    void aDatabaseThatIsOursOffersNoIndexes()
    {
        WindowFixture fixture;
        QVERIFY(fixture.open());
        QCOMPARE(fixture.window().session().missingIndexes(), 0);
        QVERIFY(!fixture.window().statusLine()->indexesItem()->isVisible());
    }

    void aServerThatFellSilentHoldsUpNoOtherDatabase()
    {
        a360::test::SilentProxy proxy(m_databases.postgres().port());
        db::DatabaseUrl url = m_databases.fresh(db::Dialect::PostgreSql);
        url.port = proxy.port();
        std::shared_ptr<ServiceCloser> closer;
        {
            WindowFixture fixture;
            MainWindow &window = fixture.window();
            QVERIFY(opened(window, url));
            QVERIFY(fixture.importSample(50));
            QTRY_COMPARE(window.contactsPage()->model()->total(), 50);
            closer = window.session().closer();
            proxy.goSilent();
            window.contactsPage()->refresh(); // in the middle of a question
            QVERIFY(opened(window, m_databases.fresh(db::Dialect::Sqlite)));
            QTRY_VERIFY(window.contactsPage()->showsState()); // nothing is there, and nothing of the other one's
            QVERIFY(!window.contactsPage()->model()->hasError());
            window.openDatabase(url); // and the window goes while it waits for an answer
        }
        QVERIFY(closer->waitForDone(std::chrono::seconds(30)));
    }

    void aStoppedServerIsShownWithoutBlockingAndRetryWorks()
    {
        WindowFixture fixture;
        QVERIFY(opened(fixture.window(), m_databases.fresh(db::Dialect::PostgreSql)));
        QVERIFY(fixture.importSample(600));
        RecordsPage &page = *fixture.window().contactsPage();
        QTRY_COMPARE(page.model()->total(), 600);
        QTRY_VERIFY(page.model()->isLoaded(0));
        A360_VERIFY_OK(m_databases.postgres().stop());
        page.refresh();
        QTRY_VERIFY_WITH_TIMEOUT(page.model()->hasError(), patience);
        QVERIFY(!page.showsState());
        QVERIFY(page.model()->isLoaded(0));
        QVERIFY(!page.model()->error().message.isEmpty());
        A360_VERIFY_OK(m_databases.postgres().startAgain());
        page.refresh();
        QTRY_VERIFY_WITH_TIMEOUT(!page.model()->hasError() && !page.model()->isStale(), patience);
        // A restarted server has no statistics yet: until the exact count arrives the total is a guess.
        QTRY_COMPARE_WITH_TIMEOUT(page.model()->total(), 600, patience);
    }
};

QTEST_MAIN(SessionTest)
#include "tst_session.moc"

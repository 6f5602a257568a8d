// SPDX-License-Identifier: GPL-3.0-or-later
#include "records/record_view.h"
#include "records/records_page.h"
#include "support/test_databases.h"
#include "window_fixture.h"

#include <QTest>

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

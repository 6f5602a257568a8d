// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/time_chart.h"
#include "dashboard/cache_card.h"
#include "dashboard/dashboard_page.h"
#include "dashboard/pool_card.h"
#include "dashboard/queries_card.h"
#include "dashboard/server_card.h"
#include "dashboard/tasks_card.h"
#include "fake_dashboard.h"
#include "figures/figure_strip.h"
#include "figures/figure_table.h"
#include "server/server_page.h"
#include "theme/theme.h"
#include "widgets/state_panel.h"
#include "window/status_line.h"
#include "window_fixture.h"

#include <QApplication>
#include <QComboBox>
#include <QFile>
#include <QPushButton>
#include <QTest>
#include <QToolButton>

using namespace a360;
using namespace a360::ui;
using a360::test::FakeDashboardSource;
using a360::test::WindowFixture;

namespace {

qint64 clockNow()
{
    return QDateTime::currentMSecsSinceEpoch();
}

} // namespace

class DashboardTest : public QObject
{
    Q_OBJECT

private:
    /// The window on its dashboard, showing what `source` says.
    static bool showOn(WindowFixture &fixture, const std::shared_ptr<FakeDashboardSource> &source)
    {
        if (!fixture.open())
            return false;
        fixture.window().setPage(MainWindow::Dashboard);
        DashboardPage &page = *fixture.window().dashboardPage();
        page.setSource(source);
        return QTest::qWaitFor([&] { return page.poller().snapshot() != nullptr; });
    }

private Q_SLOTS:
    void initTestCase()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        applyTheme(*qApp, ThemeMode::Light);
    }

    void showsPoolCacheTasksAndQueries()
    {
        WindowFixture fixture;
        QVERIFY(showOn(fixture, std::make_shared<FakeDashboardSource>(test::busySnapshot(clockNow()))));
        DashboardPage &page = *fixture.window().dashboardPage();
        QVERIFY(!page.showsState());
        QCOMPARE(page.poolCard()->figures()->figure(0), QStringLiteral("22 of 25"));
        QCOMPARE(page.poolCard()->verdict()->word(), QStringLiteral("Degraded"));
        QVERIFY(page.poolCard()->note().contains(QStringLiteral("size of 32")));
        QVERIFY(page.poolCard()->note().contains(QStringLiteral("export")));
        QCOMPARE(page.poolCard()->chart()->model().thresholds.size(), size_t(2));
        QCOMPARE(page.cacheCard()->figures()->figure(0), QStringLiteral("89.4 %"));
        QCOMPARE(page.cacheCard()->verdict()->word(), QStringLiteral("Good"));
        QCOMPARE(page.cacheCard()->table()->figures()->rowCount(), 6);
        QCOMPARE(page.tasksCard()->table()->figures()->rowCount(), 3);
        QVERIFY(page.tasksCard()->note().contains(QStringLiteral("export.receipt")));
        QCOMPARE(page.queriesCard()->table()->figures()->rowCount(), 3);
    }

    void asksOnWorkersOnceASecondAndOnlyWhileVisible()
    {
        WindowFixture fixture;
        auto source = std::make_shared<FakeDashboardSource>(test::busySnapshot(clockNow()));
        QVERIFY(showOn(fixture, source));
        QTRY_VERIFY(source->asked() >= 2);
        QVERIFY(!source->wasAskedInThisThread());
        fixture.window().setPage(MainWindow::Contacts);
        QVERIFY(!fixture.window().dashboardPage()->poller().isActive());
        // What was under way when the page went may still have counted: only what comes afterwards matters.
        fixture.window().session().interactive().waitForDone();
        const int asked = source->asked();
        QTest::qWait(2 * DashboardPoller::intervalMilliseconds);
        QCOMPARE(source->asked(), asked);
        fixture.window().setPage(MainWindow::Dashboard);
        QTRY_VERIFY(source->asked() > asked);
    }

    void aLostDatabaseLeavesTheLastNumbersDimmedWithTheReason()
    {
        WindowFixture fixture;
        auto source = std::make_shared<FakeDashboardSource>(test::busySnapshot(clockNow()));
        QVERIFY(showOn(fixture, source));
        DashboardPage &page = *fixture.window().dashboardPage();
        source->failWith(makeError(ErrorCode::Unavailable, QStringLiteral("The database server does not answer.")));
        QTRY_VERIFY(page.staleReason().contains(QStringLiteral("does not answer")));
        QVERIFY(!page.showsState());
        QCOMPARE(page.poolCard()->figures()->figure(0), QStringLiteral("22 of 25"));
        source->recover();
        QTRY_COMPARE(page.staleReason(), QString());
    }

    void partsThatAreOffSayHowToTurnThemOn()
    {
        WindowFixture fixture;
        QVERIFY(showOn(fixture, std::make_shared<FakeDashboardSource>(test::quietSnapshot(clockNow()))));
        DashboardPage &page = *fixture.window().dashboardPage();
        QVERIFY(!page.cacheCard()->showsBody());
        QVERIFY(!page.queriesCard()->showsBody());
        QVERIFY(page.poolCard()->showsBody());
        QCOMPARE(page.cacheCard()->verdict()->word(), QStringLiteral("Off"));
    }

    void theCachesChartDoesNotDenyReadsThatAreCounted()
    {
        WindowFixture fixture;
        auto snapshot = test::busySnapshot(clockNow());
        snapshot.cache.hits = 0;
        snapshot.cache.misses = 0;
        snapshot.cache.hitPercent.clear();
        auto source = std::make_shared<FakeDashboardSource>(snapshot);
        QVERIFY(showOn(fixture, source));
        const TimeChart &chart = *fixture.window().dashboardPage()->cacheCard()->chart();
        QCOMPARE(chart.model().emptyText, QStringLiteral("Nobody has read through the cache yet"));
        snapshot.cache.misses = 3;
        source->setSnapshot(snapshot);
        QTRY_COMPARE(chart.model().emptyText, QStringLiteral("No reads were measured in this time"));
    }

    void aChosenStatementStaysChosenAndShowsItsPlan()
    {
        WindowFixture fixture;
        auto snapshot = test::busySnapshot(clockNow());
        auto source = std::make_shared<FakeDashboardSource>(snapshot);
        QVERIFY(showOn(fixture, source));
        QueriesCard &card = *fixture.window().dashboardPage()->queriesCard();
        card.table()->selectRow(0);
        QVERIFY(card.detail().contains(QStringLiteral("Seq Scan on contacts")));
        SlowQueryPart newer;
        newer.id = 4;
        newer.at = clockNow();
        newer.seconds = 5;
        newer.statement = QStringLiteral("SELECT pg_sleep(5)");
        snapshot.queries.slowest.insert(snapshot.queries.slowest.begin(), newer);
        source->setSnapshot(snapshot);
        QTRY_COMPARE(card.table()->figures()->rowCount(), 4);
        QCOMPARE(card.table()->currentKey(), QStringLiteral("3"));
        QVERIFY(card.detail().contains(QStringLiteral("Seq Scan on contacts")));
    }

    void theSpanIsRemembered()
    {
        WindowFixture fixture;
        QVERIFY(showOn(fixture, std::make_shared<FakeDashboardSource>(test::busySnapshot(clockNow()))));
        DashboardPage *page = fixture.window().dashboardPage();
        page->spanBox()->setCurrentIndex(page->spanBox()->findData(60));
        QCOMPARE(page->poolCard()->chart()->model().minutes, 60);
        fixture.restart();
        QCOMPARE(fixture.window().dashboardPage()->spanBox()->currentData().toInt(), 60);
    }

    void theRealSourceKnowsThePool()
    {
        WindowFixture fixture;
        QVERIFY(fixture.open());
        fixture.window().setPage(MainWindow::Dashboard);
        DashboardPage &page = *fixture.window().dashboardPage();
        QTRY_VERIFY(page.poller().snapshot() != nullptr);
        QVERIFY(page.poller().snapshot()->pool.checkouts > 0);
        QCOMPARE(page.poller().snapshot()->pool.size, 25);
        QVERIFY(!page.poller().error().has_value());
    }

    void theStatusLineLeadsToTheDashboard()
    {
        WindowFixture fixture;
        QVERIFY(fixture.open());
        fixture.window().setPage(MainWindow::Contacts);
        QToolButton *item = fixture.window().statusLine()->poolItem();
        QTRY_COMPARE(item->text(), QStringLiteral("pool ok"));
        item->click();
        QCOMPARE(fixture.window().page(), static_cast<int>(MainWindow::Dashboard));
    }

    void theServersCardIsThereWhileItRuns()
    {
        WindowFixture fixture;
        QVERIFY(showOn(fixture, std::make_shared<FakeDashboardSource>(test::busySnapshot(clockNow()))));
        ServerCard *card = fixture.window().dashboardPage()->serverCard();
        QVERIFY(card->isHidden());
        fixture.window().serverPage()->startButton()->click();
        fixture.server().becomeRunning();
        QVERIFY(!card->isHidden());
        fixture.server().setCounters({500, 3, 0, 0, 0});
        QTRY_VERIFY(card->note().contains(QStringLiteral("500 requests")));
        fixture.server().becomeStopped();
        QVERIFY(card->isHidden());
    }

    void aDatabaseThatCannotBeOpenedIsAStateWithRetry()
    {
        WindowFixture fixture;
        QVERIFY(fixture.open());
        fixture.window().setPage(MainWindow::Dashboard);
        QVERIFY(fixture.openPoem());
        DashboardPage &page = *fixture.window().dashboardPage();
        QTRY_VERIFY(page.showsState());
        QCOMPARE(page.statePanel()->title(), QStringLiteral("The database cannot be opened"));
    }
};

QTEST_MAIN(DashboardTest)
#include "tst_dashboard.moc"

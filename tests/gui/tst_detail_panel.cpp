// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/connection_pool.h"
#include "db/epochs.h"
#include "exchange/import_operation.h"
#include "exchange/import_page.h"
#include "exchange/import_setup.h"
#include "fake_source.h"
#include "records/detail_panel.h"
#include "records/record_view.h"
#include "records/records_page.h"
#include "window_fixture.h"

#include <QFile>
#include <QPushButton>
#include <QScrollBar>
#include <QTest>
#include <QTextBrowser>
#include <QThreadPool>

#include <mutex>
#include <optional>

using namespace a360;
using namespace a360::ui;
using a360::test::FakeSource;
using a360::test::WindowFixture;

namespace {

QString valueOf(const DetailPanel &panel, const QString &label)
{
    for (const auto &[name, value] : panel.lines()) {
        if (name == label)
            return value;
    }
    return {};
}

bool importText(WindowFixture &fixture, const QByteArray &csv)
{
    QFile file(fixture.path(QStringLiteral("changed.csv")));
    if (!file.open(QIODevice::WriteOnly) || file.write(csv) != csv.size())
        return false;
    file.close();
    ImportPage &page = *fixture.window().importPage();
    page.openFile(file.fileName());
    if (!QTest::qWaitFor([&] { return page.setup()->isReady(); }, 30'000))
        return false;
    page.setup()->importButton()->click();
    return QTest::qWaitFor([&] { return page.step() == ImportPage::Step::Result; }, 30'000)
           && page.operation()->state() == Operation::State::Done;
}

/// Keeps the token of the last detail it was asked for.
class TokenKeeper final : public FakeSource
{
public:
    using FakeSource::FakeSource;
    Result<db::RowBatch> detail(contacts::Entity entity, const QByteArray &uuid,
                                const std::vector<contacts::OutputColumn> &columns, const CancelToken &cancel) override
    {
        {
            const std::lock_guard lock(m_mutex);
            m_token = cancel;
        }
        return FakeSource::detail(entity, uuid, columns, cancel);
    }
    std::optional<CancelToken> token() const
    {
        const std::lock_guard lock(m_mutex);
        return m_token;
    }

private:
    mutable std::mutex m_mutex;
    std::optional<CancelToken> m_token;
};

} // namespace

class DetailPanelTest : public QObject
{
    Q_OBJECT

private:
    QThreadPool m_pool;

private Q_SLOTS:
    void whatIsReadEndsWithThePanel()
    {
        const auto source = std::make_shared<TokenKeeper>(3);
        auto panel = std::make_unique<DetailPanel>(contacts::Entity::Contact, m_pool);
        panel->setSource(source);
        panel->showRecord("u1");
        QTRY_VERIFY(source->token().has_value());
        QVERIFY(!source->token()->isCancelled());
        panel.reset();
        QVERIFY(source->token()->isCancelled());
    }

    void anImportThatOverwroteTheRecordIsSeenWhenThePageIsShownAgain()
    {
        WindowFixture fixture;
        QVERIFY(fixture.open());
        QVERIFY(importText(fixture, "First Name,Last Name,Email,Title\nAda,Quill,ada@northwind.example,Clerk\n"));
        RecordsPage &page = *fixture.window().contactsPage();
        fixture.window().setPage(MainWindow::Contacts);
        QTRY_VERIFY(page.model()->isLoaded(0));
        page.toggleDetails();
        page.view()->table()->selectRow(0);
        QTRY_COMPARE(valueOf(*page.detailPanel(), QStringLiteral("Title")), QStringLiteral("Clerk"));
        fixture.window().setPage(MainWindow::Imports);
        QVERIFY(importText(fixture, "First Name,Last Name,Email,Title\nAda,Quill,ada@northwind.example,Director\n"));
        fixture.window().setPage(MainWindow::Contacts);
        QTRY_COMPARE(valueOf(*page.detailPanel(), QStringLiteral("Title")), QStringLiteral("Director"));
    }

    void aWriteOfAnotherProgramIsFollowedWhileThePageShows()
    {
        WindowFixture fixture;
        QVERIFY(fixture.open());
        QVERIFY(importText(fixture, "First Name,Last Name,Email,Title\nAda,Quill,ada@northwind.example,Clerk\n"));
        RecordsPage &page = *fixture.window().contactsPage();
        fixture.window().setPage(MainWindow::Contacts);
        QTRY_VERIFY(page.model()->isLoaded(0));
        page.toggleDetails();
        page.view()->table()->selectRow(0);
        QTRY_COMPARE(valueOf(*page.detailPanel(), QStringLiteral("Title")), QStringLiteral("Clerk"));
        db::ConnectionPool other(fixture.window().session().url(), db::PoolSettings{});
        {
            auto lease = other.lease();
            QVERIFY(lease.ok());
            QVERIFY(lease->begin(db::TransactionMode::ReadWrite).ok());
            QVERIFY(lease->executeScript("UPDATE contacts SET title = 'Director'").ok());
            QVERIFY(db::commitChange(*lease, other.epochs(), db::DataTables::Contacts).ok());
        }
        QTRY_COMPARE_WITH_TIMEOUT(valueOf(*page.detailPanel(), QStringLiteral("Title")), QStringLiteral("Director"), 30'000);
    }

    void whatAnotherProgramWroteIsSeenWhenThePageIsShownAgain()
    {
        WindowFixture fixture;
        QVERIFY(fixture.open());
        RecordsPage &page = *fixture.window().contactsPage();
        fixture.window().setPage(MainWindow::Contacts);
        auto source = std::make_shared<FakeSource>(500);
        page.model()->setSource(source);
        page.detailPanel()->setSource(source);
        QTRY_VERIFY(page.model()->isLoaded(3));
        page.toggleDetails();
        page.view()->table()->selectRow(3);
        QTRY_COMPARE(page.detailPanel()->shownUuid(), QByteArray("u3"));
        fixture.window().setPage(MainWindow::Exports);
        source->setDetailEnding(" changed");
        fixture.window().setPage(MainWindow::Contacts);
        QTRY_VERIFY(valueOf(*page.detailPanel(), QStringLiteral("Title")).endsWith(QStringLiteral(" 3 changed")));
    }

    void changesAreFollowedWhileTheRecordIsShown()
    {
        auto source = std::make_shared<FakeSource>(500);
        DetailPanel panel(contacts::Entity::Contact, m_pool);
        panel.resize(320, 200);
        panel.show();
        source->setMark("1");
        panel.setSource(source);
        panel.showRecord("u3");
        QTRY_COMPARE(panel.shownUuid(), QByteArray("u3"));
        QScrollBar *bar = panel.findChild<QTextBrowser *>()->verticalScrollBar();
        QTRY_VERIFY(bar->maximum() > 60);
        bar->setValue(60);
        source->setDetailEnding(" changed");
        source->setMark("2");
        QTRY_VERIFY_WITH_TIMEOUT(valueOf(panel, QStringLiteral("Title")).endsWith(QStringLiteral(" 3 changed")), 30'000);
        QCOMPARE(bar->value(), 60); // nothing jumps
    }

    void aRecordThatIsGoneSaysSo()
    {
        auto source = std::make_shared<FakeSource>(500);
        DetailPanel panel(contacts::Entity::Contact, m_pool);
        panel.show();
        panel.setSource(source);
        panel.showRecord("u3");
        QTRY_COMPARE(panel.shownUuid(), QByteArray("u3"));
        QVERIFY(!panel.lines().isEmpty());
        source->remove(3);
        panel.reload();
        QTRY_COMPARE(panel.heading(), QStringLiteral("No longer there"));
        QVERIFY(panel.lines().isEmpty());
    }

    void valuesWithPercentSignsAreShownAsTheyAre()
    {
        auto source = std::make_shared<FakeSource>(500);
        source->setDetailEnding(" 100 %1%2F");
        DetailPanel panel(contacts::Entity::Contact, m_pool);
        panel.show();
        panel.setSource(source);
        panel.showRecord("u3");
        QTRY_COMPARE(panel.shownUuid(), QByteArray("u3"));
        const auto *text = panel.findChild<QTextBrowser *>();
        QVERIFY(text->toPlainText().contains(QStringLiteral("contact_title 3 100 %1%2F")));
        QVERIFY(text->toHtml().contains(QStringLiteral("\"copy:0\"")));
    }

    void aDatabaseThatDoesNotAnswerLeavesWhatIsShown()
    {
        auto source = std::make_shared<FakeSource>(500);
        DetailPanel panel(contacts::Entity::Contact, m_pool);
        panel.show();
        panel.setSource(source);
        panel.showRecord("u3");
        QTRY_COMPARE(panel.shownUuid(), QByteArray("u3"));
        source->failWith(makeError(ErrorCode::Unavailable, QStringLiteral("The connection was lost.")));
        panel.reload();
        QTRY_VERIFY(panel.notice().contains(QStringLiteral("The connection was lost.")));
        QVERIFY(!panel.lines().isEmpty());
        source->recover();
        panel.reload();
        QTRY_COMPARE(panel.notice(), QString());
    }
};

QTEST_MAIN(DetailPanelTest)
#include "tst_detail_panel.moc"

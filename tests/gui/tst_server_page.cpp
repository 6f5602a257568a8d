// SPDX-License-Identifier: GPL-3.0-or-later
#include "access/token_store.h"
#include "dashboard/dashboard_card.h"
#include "exchange/import_page.h"
#include "figures/figure_strip.h"
#include "figures/figure_table.h"
#include "server/address_words.h"
#include "server/server_page.h"
#include "server/tokens_card.h"
#include "theme/theme.h"
#include "window_fixture.h"

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QFile>
#include <QFutureWatcher>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPointer>
#include <QPushButton>
#include <QSpinBox>
#include <QTest>

using namespace a360;
using namespace a360::ui;
using a360::test::WindowFixture;

class ServerPageTest : public QObject
{
    Q_OBJECT

private:
    static ServerPage &openOn(WindowFixture &fixture)
    {
        fixture.open();
        fixture.window().setPage(MainWindow::Server);
        return *fixture.window().serverPage();
    }

private Q_SLOTS:
    void initTestCase()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        applyTheme(*qApp, ThemeMode::Light);
    }

    void knowsWhoCanReachAnAddress()
    {
        QVERIFY(*reachOf(QStringLiteral("127.0.0.1")) == Reach::ThisComputer);
        QVERIFY(*reachOf(QStringLiteral(" localhost ")) == Reach::ThisComputer);
        QVERIFY(*reachOf(QStringLiteral("::1")) == Reach::ThisComputer);
        QVERIFY(*reachOf(QStringLiteral("0.0.0.0")) == Reach::Network);
        QVERIFY(!reachOf(QStringLiteral("my-machine")).ok());
    }

    void startsAndStopsOnTheChosenAddress()
    {
        WindowFixture fixture;
        ServerPage &page = openOn(fixture);
        page.hostBox()->setEditText(QStringLiteral("127.0.0.1"));
        page.portBox()->setValue(8123);
        QCOMPARE(page.startButton()->text(), QStringLiteral("Start"));
        page.startButton()->click();
        QCOMPARE(fixture.server().address().port, quint16(8123));
        QVERIFY(fixture.server().service() == fixture.window().session().service());
        QVERIFY(!page.startButton()->isEnabled());
        fixture.server().becomeRunning();
        QCOMPARE(page.startButton()->text(), QStringLiteral("Stop"));
        QVERIFY(!page.hostBox()->isEnabled());
        page.linkButton()->click();
        QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("http://127.0.0.1:8123"));
        page.startButton()->click();
        QVERIFY(fixture.server().state() == ServerControl::State::Stopping);
        fixture.server().becomeStopped();
        QCOMPARE(page.startButton()->text(), QStringLiteral("Start"));
        page.startButton()->setFocus();
        page.startButton()->click();
        fixture.server().becomeRunning();
        QCOMPARE(fixture.window().focusWidget(), page.startButton()); // not thrown elsewhere by being disabled meanwhile
        page.startButton()->click();
        fixture.server().becomeStopped();
        QCOMPARE(fixture.window().focusWidget(), page.startButton());
        QVERIFY(!page.linkButton()->isVisible());
    }

    void warnsWhenOtherComputersCanReachIt()
    {
        WindowFixture fixture;
        ServerPage &page = openOn(fixture);
        QVERIFY(page.warning()->isHidden());
        page.hostBox()->setEditText(QStringLiteral("0.0.0.0"));
        QVERIFY(!page.warning()->isHidden());
        QVERIFY(page.warning()->text().contains(QStringLiteral("unencrypted")));
    }

    void anAddressForEverybodyIsShownAsOneThatAClientCanUse()
    {
        const QList<QHostAddress> own{QHostAddress(QStringLiteral("127.0.0.1")), QHostAddress(QStringLiteral("169.254.3.4")),
                                      QHostAddress(QStringLiteral("2001:db8::7")), QHostAddress(QStringLiteral("192.168.7.5"))};
        QCOMPARE(clientUrl(QStringLiteral("http://0.0.0.0:8123"), own), QStringLiteral("http://192.168.7.5:8123"));
        QCOMPARE(clientUrl(QStringLiteral("http://[::]:8123"), own), QStringLiteral("http://[2001:db8::7]:8123"));
        QCOMPARE(clientUrl(QStringLiteral("http://0.0.0.0:8123"), {}), QStringLiteral("http://127.0.0.1:8123"));
        QCOMPARE(clientUrl(QStringLiteral("http://127.0.0.1:8123"), own), QStringLiteral("http://127.0.0.1:8123"));
        WindowFixture fixture;
        ServerPage &page = openOn(fixture);
        page.hostBox()->setEditText(QStringLiteral("0.0.0.0"));
        page.startButton()->click();
        fixture.server().becomeRunning();
        QVERIFY2(!page.linkButton()->text().contains(QStringLiteral("0.0.0.0")), qPrintable(page.linkButton()->text()));
        QVERIFY(page.serves()->text().contains(QStringLiteral("every address of this computer")));
        page.linkButton()->click();
        QCOMPARE(QApplication::clipboard()->text(), page.linkButton()->text());
    }

    void aFailedStartIsToldOnThePage()
    {
        WindowFixture fixture;
        ServerPage &page = openOn(fixture);
        page.startButton()->click();
        fixture.server().becomeStopped(makeError(ErrorCode::Io, QStringLiteral("Another program uses port 8000.")));
        QCOMPARE(page.notice(), QStringLiteral("Another program uses port 8000."));
        QVERIFY(page.startButton()->isEnabled());
        page.hostBox()->setEditText(QStringLiteral("nowhere"));
        page.startButton()->click();
        QVERIFY(page.notice().contains(QStringLiteral("nowhere")));
        QVERIFY(fixture.server().state() == ServerControl::State::Stopped);
    }

    void switchingTheDatabaseStopsTheServerAndSaysSo()
    {
        WindowFixture fixture;
        ServerPage &page = openOn(fixture);
        page.startButton()->click();
        fixture.server().becomeRunning();
        fixture.window().openDatabase(db::DatabaseUrl::sqliteFile(fixture.path(QStringLiteral("other.db"))));
        QVERIFY(fixture.server().state() == ServerControl::State::Stopping);
        fixture.server().becomeStopped();
        QTRY_COMPARE(fixture.window().session().state(), Session::State::Open);
        QVERIFY2(page.notice().contains(QStringLiteral("contacts.db")), qPrintable(page.notice()));
        QVERIFY(page.startButton()->isEnabled());
    }

    void countsRequestsASecond()
    {
        WindowFixture fixture;
        ServerPage &page = openOn(fixture);
        page.startButton()->click();
        fixture.server().becomeRunning();
        fixture.server().setCounters({1204, 3, 1, 4096, 512});
        QTRY_COMPARE(page.figures()->figure(1), QStringLiteral("1,204"));
        QVERIFY(page.figures()->figure(0) != QStringLiteral("–"));
    }

    void aTokenIsShownOnceCopiedAndRevoked()
    {
        WindowFixture fixture;
        ServerPage &page = openOn(fixture);
        TokensCard &tokens = *page.tokens();
        tokens.nameEdit()->setText(QStringLiteral("nightly"));
        tokens.roleBox()->setCurrentIndex(2);
        tokens.createButton()->click();
        QTRY_COMPARE(tokens.table()->figures()->rowCount(), 1);
        const QString token = tokens.shownToken();
        QVERIFY(token.size() > 20);
        tokens.copyButton()->click();
        QCOMPARE(QApplication::clipboard()->text(), token);
        access::TokenStore store(fixture.window().session().service()->pool());
        const auto identity = store.verify(token.toLatin1());
        QVERIFY(identity.ok());
        QVERIFY(identity->role == access::Role::Admin);
        // Another database, and it is gone from the screen; it was never written to the window's settings.
        QFile settings(fixture.path(QStringLiteral("desktop.ini")));
        QVERIFY(!settings.open(QIODevice::ReadOnly) || !settings.readAll().contains(token.toLatin1()));
        tokens.table()->selectRow(0);
        QCOMPARE(tokens.revokeButton()->text(), QStringLiteral("Revoke token 1…"));
        tokens.revokeButton()->click();
        auto *question = tokens.findChild<QMessageBox *>();
        QVERIFY(question);
        QCOMPARE(question->defaultButton()->text(), QStringLiteral("Keep it"));
        for (QAbstractButton *button : question->buttons()) {
            if (button->text().startsWith(QStringLiteral("Revoke")))
                button->click();
        }
        QTRY_COMPARE(tokens.table()->figures()->index(0, 4).data().toString(), QStringLiteral("revoked"));
        QVERIFY(!tokens.revokeButton()->isEnabled());
        fixture.window().openDatabase(db::DatabaseUrl::sqliteFile(fixture.path(QStringLiteral("other.db"))));
        QCOMPARE(tokens.shownToken(), QString());
    }

    void whatWasAskedOfOneDatabaseIsNotDoneInAnother()
    {
        const auto makeToken = [](WindowFixture &fixture) {
            TokensCard &tokens = *fixture.window().serverPage()->tokens();
            tokens.nameEdit()->setText(QStringLiteral("nightly"));
            tokens.createButton()->click();
            return QTest::qWaitFor([&] { return tokens.table()->figures()->rowCount() == 1; });
        };
        WindowFixture fixture;
        TokensCard &tokens = *openOn(fixture).tokens();
        QVERIFY(makeToken(fixture));
        tokens.table()->selectRow(0);
        tokens.revokeButton()->click();
        QPointer<QMessageBox> question = tokens.findChild<QMessageBox *>();
        QVERIFY(question);
        const QList<QAbstractButton *> buttons = question->buttons();
        fixture.window().openDatabase(db::DatabaseUrl::sqliteFile(fixture.path(QStringLiteral("other.db"))));
        QTRY_COMPARE(fixture.window().session().state(), Session::State::Open);
        QVERIFY(makeToken(fixture)); // it has the same number
        for (QAbstractButton *button : buttons) {
            if (question && button->text().startsWith(QStringLiteral("Revoke")))
                button->click();
        }
        QVERIFY(fixture.window().session().interactive().waitForDone(20'000));
        const auto list = access::TokenStore(fixture.window().session().service()->pool()).list();
        QVERIFY(list.ok());
        QCOMPARE(list->size(), size_t(1));
        QVERIFY(!list->front().revoked);
    }

    void whatWaitsForAConnectionEndsWithTheWindow()
    {
        using Tokens = std::vector<access::TokenInfo>;
        WindowFixture fixture;
        TokensCard &card = *openOn(fixture).tokens();
        std::shared_ptr<Service> service = fixture.window().session().service();
        const std::shared_ptr<ServiceCloser> closer = fixture.window().session().closer();
        const db::PoolSettings usual;
        std::vector<db::Lease> all; // so that nobody else gets one
        for (int i = 0; i < usual.size + usual.maxOverflow; ++i) {
            Result<db::Lease> lease = service->pool().lease();
            QVERIFY2(lease.ok(), lease.ok() ? "" : qPrintable(lease.error().message));
            all.push_back(std::move(*lease));
        }
        card.refresh();
        const auto *list = static_cast<QFutureWatcher<Result<Tokens>> *>(card.findChildren<QFutureWatcherBase *>().constLast());
        const QFuture<Result<Tokens>> listed = list->future();
        fixture.restart();
        QVERIFY(!listed.result().ok());
        QCOMPARE(listed.result().error().code, ErrorCode::Cancelled);
        all.clear();
        service.reset();
        QVERIFY(closer->waitForDone(std::chrono::seconds(20)));
    }

    void closingTheWindowAsksWhileTheServiceRuns()
    {
        WindowFixture fixture;
        ServerPage &page = openOn(fixture);
        MainWindow &window = fixture.window();
        page.startButton()->click();
        fixture.server().becomeRunning();
        window.close();
        QVERIFY(window.isVisible());
        auto *question = window.findChild<QMessageBox *>();
        QVERIFY(question);
        QCOMPARE(question->text(), QStringLiteral("The REST service is running."));
        QCOMPARE(question->defaultButton()->text(), QStringLiteral("Keep serving"));
        question->reject();
        QVERIFY(window.isVisible());
        QVERIFY(fixture.server().state() == ServerControl::State::Running);
        window.close();
        for (QAbstractButton *button : window.findChildren<QMessageBox *>().constLast()->buttons()) {
            if (button->text() == QStringLiteral("Stop it and quit"))
                button->click();
        }
        QVERIFY(!window.isVisible());
    }

    void closingTheWindowNamesTheServiceAndTheWork()
    {
        WindowFixture fixture;
        ServerPage &page = openOn(fixture);
        MainWindow &window = fixture.window();
        page.startButton()->click();
        fixture.server().becomeRunning();
        window.importPage()->importSample();
        window.close();
        auto *question = window.findChild<QMessageBox *>();
        QVERIFY(question);
        QCOMPARE(question->text(), QStringLiteral("One job and the REST service are still running."));
        question->reject();
    }

    void aServiceThatDoesNotRunIsNotAskedFor()
    {
        WindowFixture fixture;
        openOn(fixture);
        fixture.window().close();
        QVERIFY(!fixture.window().isVisible());
    }
};

QTEST_MAIN(ServerPageTest)
#include "tst_server_page.moc"

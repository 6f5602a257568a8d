// SPDX-License-Identifier: GPL-3.0-or-later
#include "interrupt.h"

#include <QTest>

#include <csignal>
#include <unistd.h>

using namespace a360;
using namespace a360::app;

class TestInterrupt : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void firstSignalCancels_data()
    {
        QTest::addColumn<int>("number");
        QTest::newRow("SIGINT") << SIGINT;
        QTest::newRow("SIGTERM") << SIGTERM;
    }
    void firstSignalCancels()
    {
        QFETCH(const int, number);
        const Interrupt interrupt;
        QVERIFY(!interrupt.token().isCancelled());
        QCOMPARE(::kill(::getpid(), number), 0);
        QTRY_VERIFY(interrupt.token().isCancelled());
    }
    void secondSignalHasItsDefaultAction()
    {
        const Interrupt interrupt;
        QCOMPARE(::kill(::getpid(), SIGTERM), 0);
        QTRY_VERIFY(interrupt.token().isCancelled());
        struct sigaction action = {};
        for (const int number : {SIGINT, SIGTERM}) {
            QCOMPARE(::sigaction(number, nullptr, &action), 0);
            QVERIFY(action.sa_handler == SIG_DFL);
        }
    }
    void vanishedReadersDoNotKill()
    {
        const Interrupt interrupt;
        int ends[2];
        QCOMPARE(::pipe(ends), 0);
        ::close(ends[0]);
        QCOMPARE(::write(ends[1], "x", 1), ssize_t(-1));
        ::close(ends[1]);
    }
};

QTEST_GUILESS_MAIN(TestInterrupt)
#include "tst_interrupt.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "failure_backoff.h"

#include <QTest>

using namespace a360;
using namespace std::chrono_literals;

class TestFailureBackoff : public QObject
{
    Q_OBJECT

private:
    const FailureBackoff::Time m_start = FailureBackoff::Time() + 1h;

private Q_SLOTS:
    void pausesGrowUpToABound()
    {
        FailureBackoff backoff(1min);
        QVERIFY(!backoff.isKnown("a") && !backoff.isResting("a", m_start));
        FailureBackoff::Time now = m_start;
        for (const auto pause : {1min, 2min, 4min, 8min, 16min, 32min, 64min, 64min}) {
            backoff.failed("a", QStringLiteral("no room"), now);
            QVERIFY(backoff.isResting("a", now + pause - 1ms));
            QVERIFY(!backoff.isResting("a", now + pause));
            now += pause;
        }
        QVERIFY(!backoff.isResting("b", m_start)); // each has its own
    }

    void onlyAnotherCauseIsNews()
    {
        FailureBackoff backoff(1min);
        QVERIFY(backoff.failed("a", QStringLiteral("no room"), m_start));
        QVERIFY(!backoff.failed("a", QStringLiteral("no room"), m_start + 1min));
        QVERIFY(backoff.failed("b", QStringLiteral("no room"), m_start));
        QVERIFY(backoff.failed("a", QStringLiteral("no right"), m_start + 3min));
        QVERIFY(!backoff.isResting("a", m_start + 4min)); // and begins with a short pause
        backoff.endRests();
        QVERIFY(!backoff.isResting("b", m_start));
        QVERIFY(!backoff.failed("b", QStringLiteral("no room"), m_start));
        backoff.keepOnly({"b"});
        QVERIFY(!backoff.isKnown("a") && backoff.isKnown("b"));
        QVERIFY(backoff.failed("a", QStringLiteral("no right"), m_start + 5min));
    }
};

QTEST_GUILESS_MAIN(TestFailureBackoff)
#include "tst_failure_backoff.moc"

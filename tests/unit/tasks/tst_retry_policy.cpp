// SPDX-License-Identifier: GPL-3.0-or-later
#include "tasks/retry_policy.h"

#include <QTest>

using namespace a360;
using namespace a360::tasks;
using namespace std::chrono_literals;

class TestRetryPolicy : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void onlyWhatMaySucceedLater()
    {
        for (int code = 0; code <= static_cast<int>(ErrorCode::Internal); ++code) {
            const auto error = makeError(static_cast<ErrorCode>(code), {});
            const bool expected = error.code == ErrorCode::Unavailable || error.code == ErrorCode::Conflict
                || error.code == ErrorCode::Timeout;
            QCOMPARE(isRetryable(error), expected);
        }
    }
    void doublesUpToTheCap()
    {
        const RetryPolicy policy{5, 1000ms, 5000ms};
        QCOMPARE(retryDelay(policy, 1, 1.0).count(), 1000);
        QCOMPARE(retryDelay(policy, 2, 1.0).count(), 2000);
        QCOMPARE(retryDelay(policy, 3, 1.0).count(), 4000);
        QCOMPARE(retryDelay(policy, 4, 1.0).count(), 5000);
        QCOMPARE(retryDelay(policy, 2000, 1.0).count(), 5000); // no overflow
    }
    void fullJitter()
    {
        const RetryPolicy policy{5, 1000ms, 5000ms};
        QCOMPARE(retryDelay(policy, 2, 0.0).count(), 0);
        QCOMPARE(retryDelay(policy, 2, 0.25).count(), 500);
        QCOMPARE(retryDelay(policy, 4, 0.5).count(), 2500);
    }
    void oddPolicies()
    {
        QCOMPARE(retryDelay({3, 0ms, 5000ms}, 3, 1.0).count(), 0);
        QCOMPARE(retryDelay({3, -5ms, 5000ms}, 3, 1.0).count(), 0);
        QCOMPARE(retryDelay({3, 10ms, -1ms}, 3, 1.0).count(), 0);
        QCOMPARE(retryDelay({3, 10ms, 50ms}, 0, 2.0).count(), 10);
    }
};

QTEST_GUILESS_MAIN(TestRetryPolicy)
#include "tst_retry_policy.moc"

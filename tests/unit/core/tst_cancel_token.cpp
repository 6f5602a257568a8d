// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cancel_token.h"

#include <QTest>

#include <thread>

using namespace a360;

class TestCancelToken : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void defaultTokenIsNeverCancelled()
    {
        CancelToken token;
        QVERIFY(!token.isCancelled());
        QVERIFY(token.check().ok());
    }
    void cancelReachesEveryCopy()
    {
        CancelSource source;
        const CancelToken a = source.token();
        const CancelToken b = a;
        source.cancel();
        QVERIFY(a.isCancelled());
        QCOMPARE(b.check().error().code, ErrorCode::Cancelled);
    }
    void callbackRunsOnceAndNotAfterRelease()
    {
        CancelSource source;
        int kept = 0, released = 0;
        auto keep = source.token().onCancel([&] { ++kept; });
        {
            auto drop = source.token().onCancel([&] { ++released; });
        }
        source.cancel();
        source.cancel();
        QCOMPARE(kept, 1);
        QCOMPARE(released, 0);
    }
    void callbackOnCancelledTokenRunsAtOnce()
    {
        CancelSource source;
        source.cancel();
        int calls = 0;
        auto registration = source.token().onCancel([&] { ++calls; });
        QCOMPARE(calls, 1);
    }
    void cancelFromAnotherThread()
    {
        CancelSource source;
        const CancelToken token = source.token();
        std::thread other([&] { source.cancel(); });
        other.join();
        QVERIFY(token.isCancelled());
    }
};

QTEST_GUILESS_MAIN(TestCancelToken)
#include "tst_cancel_token.moc"

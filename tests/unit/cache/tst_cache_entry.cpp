// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache/cache_backend.h"

#include <QDateTime>
#include <QTest>

#include <atomic>
#include <ctime>

#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

using namespace a360::cache;

namespace {
std::atomic<time_t> clockSetBy = 0; // seconds
}

// Every library of this process asks these two for the time, so that a test can set the clock.
extern "C" int gettimeofday(timeval *time, void *) noexcept
{
    const long failed = ::syscall(SYS_gettimeofday, time, nullptr);
    if (failed == 0)
        time->tv_sec += clockSetBy;
    return static_cast<int>(failed);
}

extern "C" int clock_gettime(clockid_t clock, timespec *time) noexcept
{
    const long failed = ::syscall(SYS_clock_gettime, clock, time);
    if (failed == 0 && clock == CLOCK_REALTIME)
        time->tv_sec += clockSetBy;
    return static_cast<int>(failed);
}

class TestCacheEntry : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void comesBackFromOneBlock();
    void refusesForeignBytes();
    void namesThePrefix();
    void timesGoOnWhenTheClockIsSet();
};

void TestCacheEntry::comesBackFromOneBlock()
{
    for (const bool nothing : {false, true}) {
        const CacheEntry entry{QByteArray("\0\x01{}", 4), nothing, 1'763'972'000'123, 1'763'972'300'123};
        const auto back = decodeEntry(encodeEntry(entry));
        QVERIFY(back);
        QCOMPARE(back->bytes, entry.bytes);
        QCOMPARE(back->nothing, entry.nothing);
        QCOMPARE(back->freshUntil, entry.freshUntil);
        QCOMPARE(back->expiresAt, entry.expiresAt);
    }
}

void TestCacheEntry::timesGoOnWhenTheClockIsSet()
{
    constexpr qint64 hour = 3'600'000, near = 60'000;
    const qint64 before = systemClock();
    QVERIFY(qAbs(before - QDateTime::currentMSecsSinceEpoch()) < near);
    for (const int hours : {-1, 2}) {
        clockSetBy = hours * 3600;
        QVERIFY(qAbs(QDateTime::currentMSecsSinceEpoch() - before) > hour - near); // it is really set
        QVERIFY(systemClock() >= before);
        QVERIFY(systemClock() - before < near);
    }
    clockSetBy = 0;
}

void TestCacheEntry::refusesForeignBytes()
{
    const QByteArray block = encodeEntry({"value", false, 1, 2});
    QVERIFY(!decodeEntry(QByteArrayView()));
    QVERIFY(!decodeEntry(QByteArrayView(block).first(17)));
    QVERIFY(!decodeEntry("{\"results\": []} and more of it"));
    QByteArray later = block;
    later[0] = 2;
    QVERIFY(!decodeEntry(later));
    QVERIFY(decodeEntry(QByteArrayView(block).first(18))); // an empty value
}

void TestCacheEntry::namesThePrefix()
{
    QCOMPARE(prefixOfKey("query_cache:user:61cdfbff454bbcde52a743a07aaaeee2"), QByteArrayView("user"));
    QCOMPARE(prefixOfKey("query_cache:contacts:list:48aa6ed34e9351eef1cde0e5397d8f5d"), QByteArrayView("contacts:list"));
    QCOMPARE(prefixOfKey("query_cache:contacts:list:48aa6ed34e9351eef1cde0e5397d8f5d:ab12.3.4"), QByteArrayView("contacts:list"));
    QCOMPARE(prefixOfKey("session:7"), QByteArrayView("session"));
    QCOMPARE(prefixOfKey("plain"), QByteArrayView(""));
}

QTEST_GUILESS_MAIN(TestCacheEntry)
#include "tst_cache_entry.moc"

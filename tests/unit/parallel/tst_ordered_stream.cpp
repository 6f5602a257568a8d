// SPDX-License-Identifier: GPL-3.0-or-later
#include "parallel/ordered_stream.h"

#include <QTest>

#include <atomic>
#include <memory>
#include <optional>
#include <stdexcept>

using namespace a360;
using namespace a360::parallel;

class TestOrderedStream : public QObject
{
    Q_OBJECT

    /// 0, 1, … `count` - 1.
    static auto counting(int count, std::atomic<int> *made = nullptr)
    {
        return [i = 0, count, made]() mutable -> Result<std::optional<std::unique_ptr<int>>> {
            if (i == count)
                return std::optional<std::unique_ptr<int>>();
            if (made)
                ++*made;
            return std::optional(std::make_unique<int>(i++));
        };
    }

private Q_SLOTS:
    void init() { m_pool.setMaxThreadCount(3); }

    void consumesInOrderAndNeverRunsFarAhead()
    {
        std::atomic<int> made = 0;
        std::vector<int> got;
        int mostAhead = 0;
        const auto consume = [&](QString text) -> Result<void> {
            got.push_back(text.toInt());
            mostAhead = std::max(mostAhead, made.load() - static_cast<int>(got.size()));
            return {};
        };
        QVERIFY(processStream(m_pool, counting(2000, &made), [](std::unique_ptr<int> i) { return QString::number(*i); }, consume)
                    .ok());
        QCOMPARE(got.size(), size_t(2000));
        for (int i = 0; i < 2000; ++i)
            QCOMPARE(got[static_cast<size_t>(i)], i);
        QVERIFY(mostAhead <= 4);
    }
    void nothing()
    {
        const auto consume = [](int) -> Result<void> { return makeError(ErrorCode::Internal, QStringLiteral("called")); };
        QVERIFY(processStream(m_pool, counting(0), [](std::unique_ptr<int> i) { return *i; }, consume).ok());
    }
    void errorsOfEveryPart()
    {
        const auto fine = [](int) -> Result<void> { return {}; };
        const auto same = [](std::unique_ptr<int> i) { return *i; };
        const auto badNext = [n = 0]() mutable -> Result<std::optional<std::unique_ptr<int>>> {
            if (n == 5)
                return makeError(ErrorCode::Io, QStringLiteral("next"));
            return std::optional(std::make_unique<int>(n++));
        };
        QCOMPARE(processStream(m_pool, badNext, same, fine).error().message, QStringLiteral("next"));
        const auto badTransform = [](std::unique_ptr<int> i) -> int {
            if (*i == 7)
                throw std::runtime_error("seven");
            return *i;
        };
        int last = -1;
        const auto noting = [&](int i) -> Result<void> {
            last = i;
            return {};
        };
        QCOMPARE(processStream(m_pool, counting(100), badTransform, noting).error().detail, QStringLiteral("std::runtime_error"));
        QCOMPARE(last, 6);
        const auto badConsume = [](int i) -> Result<void> {
            if (i == 9)
                return makeError(ErrorCode::Database, QStringLiteral("nine"));
            return {};
        };
        QCOMPARE(processStream(m_pool, counting(100), same, badConsume).error().message, QStringLiteral("nine"));
    }
    void cancelStopsAndLeavesNothingRunning()
    {
        CancelSource source;
        std::atomic<int> running = 0;
        int consumed = 0;
        const auto transform = [&](std::unique_ptr<int> i) {
            ++running;
            const int value = *i;
            --running;
            return value;
        };
        const auto consume = [&](int) -> Result<void> {
            if (++consumed == 3)
                source.cancel();
            return {};
        };
        QCOMPARE(processStream(m_pool, counting(1000), transform, consume, source.token()).error().code, ErrorCode::Cancelled);
        QCOMPARE(consumed, 3);
        QCOMPARE(running.load(), 0);
    }

private:
    QThreadPool m_pool;
};

QTEST_GUILESS_MAIN(TestOrderedStream)
#include "tst_ordered_stream.moc"

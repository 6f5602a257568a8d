// SPDX-License-Identifier: GPL-3.0-or-later
// The memory cache: hit ratios of LRU and W-TinyLFU on a recorded trace, and what a get costs.
//   bench_cache [operations [speed]]
#include "cache/memory_cache.h"

#include <QByteArray>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <numeric>
#include <pthread.h>
#include <random>
#include <thread>

using namespace a360::cache;
using Timer = std::chrono::steady_clock;

namespace {

constexpr size_t keyCount = 1'000'000;

/// 100 bytes, as a list's key with its epochs has about.
QByteArray keyOf(size_t number)
{
    QByteArray key = "query_cache:contacts:list:" + QByteArray::number(qulonglong(number)).rightJustified(32, '0') + ":0123456789abcdef.";
    return key.leftJustified(100, '7');
}

/// Ranks by Zipf's law with exponent 1: rank r is asked for 1/r as often as the first.
class Zipf
{
public:
    explicit Zipf(size_t count) : m_sums(count)
    {
        double sum = 0;
        for (size_t i = 0; i < count; ++i)
            m_sums[i] = sum += 1.0 / double(i + 1);
    }
    template <typename Random>
    size_t operator()(Random &random) const
    {
        const double at = std::uniform_real_distribution<>(0, m_sums.back())(random);
        return size_t(std::lower_bound(m_sums.begin(), m_sums.end(), at) - m_sums.begin());
    }

private:
    std::vector<double> m_sums;
};

/// Popular pages by Zipf's law, and now and then somebody who leafs through everything once: of every 50,000 requests
/// the last 10,000 are pages nobody asks for again.
std::vector<quint32> recordTrace(size_t length, bool scans)
{
    std::mt19937_64 random(20'260'101);
    const Zipf zipf(keyCount);
    std::vector<quint32> trace(length);
    quint32 scanned = keyCount;
    for (size_t i = 0; i < length; ++i)
        trace[i] = scans && i % 50'000 >= 40'000 ? scanned++ : quint32(zipf(random));
    return trace;
}

double hitRatio(const std::vector<quint32> &trace, Admission admission, size_t entries)
{
    MemoryCacheOptions options;
    options.maxEntries = qint64(entries);
    options.maxBytes = qint64(1) << 40;
    options.admission = admission;
    MemoryCache cache(options);
    CacheEntry entry{"page", false, 0, systemClock() + 3'600'000};
    size_t hits = 0, counted = 0;
    for (size_t i = 0; i < trace.size(); ++i) {
        const QByteArray key = keyOf(trace[i]);
        const bool hit = cache.get(key).has_value();
        if (!hit)
            cache.set(key, entry);
        if (i >= trace.size() / 10) { // after a warm-up
            ++counted;
            hits += hit ? 1 : 0;
        }
    }
    return 100.0 * double(hits) / double(counted);
}

struct Speed
{
    double perSecond;    ///< of one thread, by the wall clock
    double perCpuSecond; ///< of one thread, by its own processor time: what a core does that nobody else uses
    double p99, p999;    ///< microseconds, the clock's own time included
};

double threadSeconds()
{
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return double(now.tv_sec) + double(now.tv_nsec) / 1e9;
}

/// Each thread stays on a processor of its own: two that take turns on one never meet, and would look free of each other.
void stayOn(int processor)
{
    cpu_set_t only;
    CPU_ZERO(&only);
    CPU_SET(size_t(processor) % std::max(1U, std::thread::hardware_concurrency()), &only);
    pthread_setaffinity_np(pthread_self(), sizeof(only), &only);
}

/// Nanoseconds until one processor sees what the other wrote. Hosts move virtual processors about: 30 where both share a
/// cache, 170 where they do not, and what threads pay for memory in common changes as much.
double lineTransfer()
{
    constexpr int turns = 50'000;
    std::atomic<int> turn = 0;
    const auto play = [&turn](int own) {
        stayOn(own);
        for (int i = 0; i < turns; ++i) {
            while (turn.load() != 2 * i + own) { }
            turn.store(2 * i + own + 1);
        }
    };
    const auto begin = Timer::now();
    std::thread other(play, 1);
    std::thread(play, 0).join();
    other.join();
    return std::chrono::duration<double, std::nano>(Timer::now() - begin).count() / (2 * turns);
}

constexpr size_t entryCount = 10'000;

/// A full cache and its keys, in memory of its own.
struct Filled
{
    explicit Filled(Admission admission) : cache(options(admission))
    {
        for (size_t i = 0; i < entryCount; ++i) {
            keys.push_back(keyOf(i));
            cache.set(keys.back(), {QByteArray(1000, 'x'), false, 0, systemClock() + 3'600'000});
        }
    }
    static MemoryCacheOptions options(Admission admission)
    {
        MemoryCacheOptions options;
        options.maxEntries = 12'000; // room for an uneven spread over the shards
        options.maxBytes = qint64(1) << 30;
        options.admission = admission;
        return options;
    }
    MemoryCache cache;
    std::vector<QByteArray> keys;
};

/// Every thread asks for the keys of a trace of its own; all of them are there. Thread n asks the n-th of `caches`, the
/// last one when there are fewer.
Speed measureGets(const std::vector<Filled *> &caches, int threads, size_t gets)
{
    const Zipf zipf(entryCount);
    std::vector<double> rates(size_t(threads), 0.0), cpuRates(size_t(threads), 0.0), tails(size_t(threads), 0.0),
        farTails(size_t(threads), 0.0);
    std::vector<std::thread> running;
    std::atomic<int> ready = 0;
    for (int t = 0; t < threads; ++t) {
        running.emplace_back([&, t] {
            stayOn(t);
            Filled &filled = *caches[std::min(size_t(t), caches.size() - 1)];
            MemoryCache &cache = filled.cache;
            const std::vector<QByteArray> &keys = filled.keys;
            std::mt19937_64 random(size_t(t) + 1);
            std::vector<quint32> order(gets);
            for (quint32 &one : order)
                one = quint32(zipf(random));
            ++ready;
            while (ready < threads) { }
            size_t found = 0;
            const auto begin = Timer::now();
            const double cpuBegin = threadSeconds();
            for (const quint32 one : order)
                found += cache.get(keys[one]) ? 1 : 0;
            const std::chrono::duration<double> took = Timer::now() - begin;
            rates[size_t(t)] = double(found) / took.count();
            cpuRates[size_t(t)] = double(found) / (threadSeconds() - cpuBegin);

            std::vector<qint64> times(std::min<size_t>(gets, 1'000'000));
            for (size_t i = 0; i < times.size(); ++i) {
                const auto before = Timer::now();
                found += cache.get(keys[order[i]]) ? 1 : 0;
                times[i] = (Timer::now() - before).count();
            }
            std::sort(times.begin(), times.end());
            tails[size_t(t)] = double(times[times.size() * 99 / 100]) / 1000.0;
            farTails[size_t(t)] = double(times[times.size() * 999 / 1000]) / 1000.0;
        });
    }
    for (std::thread &thread : running)
        thread.join();
    const auto mean = [threads](const std::vector<double> &all) { return std::accumulate(all.begin(), all.end(), 0.0) / threads; };
    return {mean(rates), mean(cpuRates), *std::max_element(tails.begin(), tails.end()),
            *std::max_element(farTails.begin(), farTails.end())};
}

void compareHitRatios(size_t operations)
{
    std::printf("Hit ratios, %zu keys by Zipf(1.0), cache of 1 %% of them, %zu requests\n", keyCount, operations);
    for (const bool scans : {true, false}) {
        const std::vector<quint32> trace = recordTrace(operations, scans);
        const double lru = hitRatio(trace, Admission::Lru, keyCount / 100);
        const double lfu = hitRatio(trace, Admission::TinyLfu, keyCount / 100);
        std::printf("  %-14s LRU %.2f %%   TinyLFU %.2f %%   (%+.2f points)\n", scans ? "Zipf + scans" : "Zipf alone", lru, lfu, lfu - lru);
    }
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

/// One thread, two threads on one cache, and two on a cache each: what the machine gives two threads that share nothing.
/// In turn, several rounds, as the machine may be busy with others; medians.
void compareSpeed(size_t operations)
{
    constexpr int rounds = 9;
    std::printf("Gets of 100-byte keys, %zu entries, all hits, medians of %d rounds\n", entryCount, rounds);
    for (const Admission admission : {Admission::Lru, Admission::TinyLfu}) {
        Filled shared(admission), first(admission), second(admission);
        std::vector<double> one, oneTail, two, twoTail, twoFarTail, gain, wallGain, ceiling, transfer;
        for (int round = 0; round < rounds; ++round) {
            const Speed alone = measureGets({&shared}, 1, operations);
            const Speed together = measureGets({&shared}, 2, operations);
            transfer.push_back(lineTransfer());
            const Speed apart = measureGets({&first, &second}, 2, operations);
            one.push_back(alone.perCpuSecond / 1e6);
            oneTail.push_back(alone.p99);
            two.push_back(together.perCpuSecond / 1e6);
            twoTail.push_back(together.p99);
            twoFarTail.push_back(together.p999);
            gain.push_back(2 * together.perCpuSecond / alone.perCpuSecond);
            wallGain.push_back(2 * together.perSecond / alone.perSecond);
            ceiling.push_back(2 * apart.perCpuSecond / alone.perCpuSecond);
        }
        const char *name = admission == Admission::Lru ? "LRU" : "TinyLFU";
        std::printf("  %-8s 1 thread:  %.2f million in a processor's second, p99 %.2f us\n", name, median(one), median(oneTail));
        std::printf("  %-8s 2 threads: %.2f million each, together x%.2f (x%.2f by the wall clock), p99 %.2f us, p99.9 %.2f us; on a cache each x%.2f\n",
                    name, median(two), median(gain), median(wallGain), median(twoTail), median(twoFarTail),
                    median(ceiling));
        std::printf("  %-8s each round, x together (ns for a line from one processor to the other):", name);
        for (int round = 0; round < rounds; ++round)
            std::printf("  %.2f (%.0f)", gain[size_t(round)], transfer[size_t(round)]);
        std::printf("\n");
    }
}

} // namespace

int main(int argc, char **argv)
{
    const size_t operations = argc > 1 ? size_t(QByteArray(argv[1]).toULongLong()) : 5'000'000;
    if (argc < 3)
        compareHitRatios(operations);
    compareSpeed(operations);
    return 0;
}

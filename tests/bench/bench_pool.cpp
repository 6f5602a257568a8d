// SPDX-License-Identifier: GPL-3.0-or-later
// The pool's own cost: bench_pool <database url>
//   1. checkout and return by one thread, nobody else there (target: 5 µs)
//   2. twelve threads on five connections, each holding one for 2 ms: mean and longest wait (target: longest <= 3 means),
//      several rounds. In a queue nobody waits longer than two holds, so the longest hold is printed beside: what it has
//      over 2 ms is how late this machine wakes a thread, and waits have that twice
#include "db/connection_pool.h"

#include <QCoreApplication>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <numeric>
#include <thread>

using namespace a360;
using Clock = std::chrono::steady_clock;

namespace {

double secondsSince(Clock::time_point begin)
{
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

void uncontended(const db::DatabaseUrl &url)
{
    db::ConnectionPool pool(url, {});
    constexpr int rounds = 100'000;
    static_cast<void>(pool.lease());
    for (int turn = 0; turn < 3; ++turn) {
        const auto begin = Clock::now();
        for (int i = 0; i < rounds; ++i)
            static_cast<void>(pool.lease());
        std::printf("checkout and return: %.2f us\n", secondsSince(begin) / rounds * 1e6);
    }
}

struct Waits
{
    double mean, longest; ///< seconds
    double longestHold;   ///< seconds, of the 2 ms that were meant
};

Waits contended(const db::DatabaseUrl &url)
{
    db::PoolSettings settings;
    settings.size = 5;
    settings.maxOverflow = 0;
    db::ConnectionPool pool(url, settings);
    {
        std::vector<db::Lease> leases; // opened before, so that only waiting is measured
        for (int i = 0; i < settings.size; ++i)
            leases.push_back(pool.lease().value());
    }
    constexpr int threads = 12, rounds = 300;
    std::vector<std::vector<double>> waits(threads);
    std::vector<double> holds(threads, 0.0); // the longest of each thread
    std::vector<std::thread> running;
    for (size_t t = 0; t < threads; ++t) {
        running.emplace_back([&, t] {
            for (int i = 0; i < rounds; ++i) {
                const auto begin = Clock::now();
                const auto lease = pool.lease();
                const auto got = Clock::now();
                if (i >= 5 && i < rounds - 5) // all twelve are there
                    waits[t].push_back(std::chrono::duration<double>(got - begin).count());
                std::this_thread::sleep_for(std::chrono::milliseconds(2));
                holds[t] = std::max(holds[t], secondsSince(got));
            }
        });
    }
    for (std::thread &thread : running)
        thread.join();
    std::vector<double> all;
    for (const auto &own : waits)
        all.insert(all.end(), own.begin(), own.end());
    return {std::accumulate(all.begin(), all.end(), 0.0) / static_cast<double>(all.size()),
            *std::max_element(all.begin(), all.end()), *std::max_element(holds.begin(), holds.end())};
}

void reportContended(const db::DatabaseUrl &url)
{
    constexpr int turns = 9;
    std::vector<double> ratios;
    for (int turn = 0; turn < turns; ++turn) {
        const Waits waits = contended(url);
        ratios.push_back(waits.longest / waits.mean);
        std::printf("12 threads on 5 connections: mean wait %.2f ms, longest %.2f ms, ratio %.2f; longest hold %.2f ms\n",
                    waits.mean * 1e3, waits.longest * 1e3, ratios.back(), waits.longestHold * 1e3);
    }
    std::sort(ratios.begin(), ratios.end());
    std::printf("longest wait by mean wait: median %.2f, %.2f to %.2f\n", ratios[turns / 2], ratios.front(), ratios.back());
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication app(argc, argv);
    if (argc < 2)
        return 2;
    const auto url = db::DatabaseUrl::parse(QString::fromLocal8Bit(argv[1]));
    if (!url.ok() || !db::ConnectionPool(*url, {}).lease().ok()) {
        std::fprintf(stderr, "cannot open the database\n");
        return 4;
    }
    uncontended(*url);
    reportContended(*url);
    return 0;
}

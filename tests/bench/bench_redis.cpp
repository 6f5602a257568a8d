// SPDX-License-Identifier: GPL-3.0-or-later
// Measures the Redis tier: bench_redis [KEYS], against a private server on this machine. The last part has KEYS (default
// 1,000,000) keys in the server and invalidates all of them as the product does, by another epoch in the keys: first the
// cache's side, then the database's, whose private server it starts as well (one UPDATE, and until another node knows).
#include "cache/cache_key.h"
#include "cache/redis_backend.h"
#include "db/epoch_watcher.h"
#include "db/migrations.h"
#include "support/private_redis.h"
#include "support/test_databases.h"

#include <QCryptographicHash>

#include <algorithm>
#include <cstdio>
#include <thread>

using namespace a360;
using namespace a360::cache;
using Steady = std::chrono::steady_clock;

namespace {

template <typename T>
T must(Result<T> result)
{
    if (!result.ok()) {
        std::fprintf(stderr, "%s\n", qPrintable(result.error().message));
        std::exit(1);
    }
    return std::move(result).value();
}

CacheEntry entryOf(qsizetype size)
{
    return {QByteArray(size, 'x'), false, 0, systemClock() + 3'600'000};
}

QByteArray keyOf(int number, quint64 epoch)
{
    const QByteArray hash = QCryptographicHash::hash(QByteArray::number(number), QCryptographicHash::Md5).toHex();
    return keyAtEpochs("query_cache:contacts:list:" + hash, QByteArray::number(epoch));
}

void report(const char *what, qint64 count, Steady::duration time)
{
    const double seconds = std::chrono::duration<double>(time).count();
    std::printf("%-44s %10.0f per s  (%.1f us each)\n", what, double(count) / seconds, seconds / double(count) * 1e6);
}

/// Each of `threads` runs `call(i)` for its share of `count`.
template <typename Call>
void measure(const char *what, int threads, int count, Call call)
{
    const auto start = Steady::now();
    std::vector<std::thread> running;
    for (int thread = 0; thread < threads; ++thread) {
        running.emplace_back([=] {
            for (int i = thread; i < count; i += threads)
                call(i);
        });
    }
    for (std::thread &thread : running)
        thread.join();
    report(what, count, Steady::now() - start);
}

qint64 scansOn(const test::PrivateRedis &server)
{
    const QByteArray stats = must(server.ask({"INFO", "commandstats"}));
    return stats.count("cmdstat_scan:") + stats.count("cmdstat_keys:");
}

void singles(RedisBackend &redis)
{
    constexpr int count = 100'000;
    for (const int size : {100, 10'000}) {
        std::printf("values of %d bytes\n", size);
        const CacheEntry entry = entryOf(size);
        measure("  set, 1 thread", 1, count, [&](int i) { redis.set(keyOf(i % 1000, 0), entry); });
        measure("  get, 1 thread", 1, count, [&](int i) { redis.get(keyOf(i % 1000, 0)); });
        measure("  get, 4 threads", 4, count, [&](int i) { redis.get(keyOf(i % 1000, 0)); });
        measure("  get of what is not there, 1 thread", 1, count, [&](int i) { redis.get(keyOf(i % 1000, 9)); });
    }
}

void fill(RedisBackend &redis, int keys)
{
    constexpr int atOnce = 5000;
    const CacheEntry entry = entryOf(100);
    const auto start = Steady::now();
    qint64 kept = 0;
    for (int first = 0; first < keys; first += atOnce) {
        std::vector<std::pair<QByteArray, CacheEntry>> entries;
        for (int i = first; i < std::min(keys, first + atOnce); ++i)
            entries.emplace_back(keyOf(i, 1), entry);
        kept += redis.setMany(entries);
    }
    report("set, pipelined", kept, Steady::now() - start);
    if (kept != keys)
        std::printf("only %lld of %d keys were kept\n", static_cast<long long>(kept), keys);
}

void readPipelined(RedisBackend &redis, int keys)
{
    std::vector<QByteArray> wanted;
    for (int i = 0; i < std::min(keys, 100'000); ++i)
        wanted.push_back(keyOf(i, 1));
    const auto start = Steady::now();
    const auto found = redis.getMany(wanted);
    report("get, pipelined", qint64(found.size()), Steady::now() - start);
}

void invalidate(RedisBackend &redis, const test::PrivateRedis &server, int keys)
{
    std::vector<double> milliseconds;
    const qint64 scansBefore = scansOn(server);
    quint64 epoch = 1;
    int wrong = 0;
    for (int round = 0; round < 200; ++round) {
        wrong += round == 0 && !redis.get(keyOf(round, epoch)) ? 1 : 0; // there
        const auto start = Steady::now();
        ++epoch; // the whole invalidation: from now on all keys are others
        wrong += redis.get(keyOf(round, epoch)) ? 1 : 0; // gone
        milliseconds.push_back(std::chrono::duration<double, std::milli>(Steady::now() - start).count());
    }
    std::sort(milliseconds.begin(), milliseconds.end());
    std::printf("epoch to first miss with %d keys in the server: median %.3f ms, worst %.3f ms, SCANs %lld, wrong %d\n", keys,
                milliseconds[milliseconds.size() / 2], milliseconds.back(),
                static_cast<long long>(scansOn(server) - scansBefore), wrong);
    const auto start = Steady::now();
    const qint64 removed = redis.removePattern("query_cache:contacts:list:*");
    report("for comparison, removed by pattern (SCAN)", removed, Steady::now() - start);
}

void printTimes(const char *what, std::vector<double> milliseconds)
{
    std::sort(milliseconds.begin(), milliseconds.end());
    std::printf("%-44s median %.3f ms, 95 %% within %.3f ms, worst %.3f ms\n", what, milliseconds[milliseconds.size() / 2],
                milliseconds[milliseconds.size() * 95 / 100], milliseconds.back());
}

/// A node writes and commits; another one, whose readers ask all the time, waits until it knows.
void bumpEpochs(const db::DatabaseUrl &url)
{
    constexpr int rounds = 200;
    db::ConnectionPool writer(url, {}), reader(url, {});
    {
        db::Lease lease = must(writer.lease());
        must(db::migrate(lease));
    }
    db::EpochWatcher watcher(reader);
    qint64 known = must(watcher.current()).contacts;
    for (int i = 0; url.dialect == db::Dialect::PostgreSql && !watcher.isListening() && i < 1000; ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    std::vector<double> commits, notices;
    for (int round = 0; round < rounds; ++round) {
        db::Lease lease = must(writer.lease());
        if (!lease.begin(db::TransactionMode::ReadWrite).ok())
            std::exit(1);
        const auto start = Steady::now();
        if (!db::commitChange(lease, writer.epochs(), db::DataTables::Contacts).ok())
            std::exit(1);
        const auto committed = Steady::now();
        while (must(watcher.current()).contacts == known)
            std::this_thread::sleep_for(std::chrono::microseconds(50));
        known = must(watcher.current()).contacts;
        commits.push_back(std::chrono::duration<double, std::milli>(committed - start).count());
        notices.push_back(std::chrono::duration<double, std::milli>(Steady::now() - committed).count());
    }
    const bool postgres = url.dialect == db::Dialect::PostgreSql;
    printTimes(postgres ? "PostgreSQL: epoch's UPDATE and commit" : "SQLite: epoch's UPDATE and commit", commits);
    printTimes(postgres ? "PostgreSQL: until the other node knows" : "SQLite: until the other node knows", notices);
}

} // namespace

int main(int argc, char **argv)
{
    const int keys = argc > 1 ? std::atoi(argv[1]) : 1'000'000;
    const auto server = must(test::PrivateRedis::start());
    const auto redis = std::make_unique<RedisBackend>(must(RedisUrl::parse(server->url())));
    if (!redis->waitUntilUp(std::chrono::seconds(5)))
        return 1;
    singles(*redis);
    redis->removePattern("*");
    must(server->ask({"CONFIG", "RESETSTAT"}));
    fill(*redis, keys);
    readPipelined(*redis, keys);
    invalidate(*redis, *server, keys);
    const BackendStats stats = redis->stats().front();
    std::printf("failed calls: %lld\n", static_cast<long long>(stats.errors));
    test::TestDatabases databases;
    if (!databases.open()) {
        std::fprintf(stderr, "%s\n", databases.problem());
        return 1;
    }
    bumpEpochs(databases.fresh(db::Dialect::PostgreSql));
    bumpEpochs(databases.fresh(db::Dialect::Sqlite));
    return 0;
}

// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/retry_delay.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <random>

namespace a360::transfer {

namespace {

constexpr std::chrono::milliseconds kFirstDelay{100}, kLongestDelay{5000};

} // namespace

Result<void> waitBeforeRetry(int attempt, const CancelToken &cancel)
{
    // Exponential, capped, with jitter: many exports that lost the same server must not come back in step.
    const auto longest = std::min(kLongestDelay, kFirstDelay * (1 << attempt));
    thread_local std::minstd_rand random{std::random_device{}()};
    const auto delay = std::chrono::milliseconds(
        std::uniform_int_distribution<qint64>(longest.count() / 2, longest.count())(random));
    std::mutex mutex;
    std::condition_variable wake;
    const auto registration = cancel.onCancel([&] {
        std::lock_guard lock(mutex);
        wake.notify_all();
    });
    std::unique_lock lock(mutex);
    wake.wait_for(lock, delay, [&] { return cancel.isCancelled(); });
    return cancel.check();
}

} // namespace a360::transfer

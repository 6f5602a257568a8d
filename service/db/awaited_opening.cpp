// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/awaited_opening.h"

#include "db/database_error.h"

#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <optional>
#include <thread>

#include <unistd.h>

namespace a360::db {

namespace {

using Opened = Result<std::unique_ptr<PooledConnection>>;

struct Awaited
{
    std::mutex mutex;
    std::condition_variable wake;
    std::optional<Opened> result; // guarded by mutex
    bool left = false;            // guarded by mutex: nobody waits any more
};

/// Openings that nobody waits for and that still run.
constinit std::atomic<int> leftBehind = 0;

/// A thread inside libpq must not see the libraries below it taken down (Kerberos' asserts that nobody uses it any more), and
/// waiting for a silent server would keep the program from ending: it ends at once, with the status it was to have.
void endAtOnce(int status, void *)
{
    if (leftBehind == 0)
        return;
    std::fflush(nullptr);
    ::_exit(status);
}

} // namespace

Opened awaitOpening(std::function<Opened()> open, const CancelToken &cancel)
{
    const auto awaited = std::make_shared<Awaited>();
    std::thread([awaited, work = std::move(open)] {
        Opened opened = work();
        std::unique_lock lock(awaited->mutex);
        if (awaited->left) {
            lock.unlock();
            if (opened.ok())
                opened.value().reset();
            --leftBehind;
            return;
        }
        awaited->result = std::move(opened);
        awaited->wake.notify_all();
    }).detach();
    // Registered before the mutex is taken and released after it: the callback takes the mutex in the other thread.
    const auto registration = cancel.onCancel([awaited] {
        const std::lock_guard lock(awaited->mutex);
        awaited->wake.notify_all();
    });
    std::unique_lock lock(awaited->mutex);
    awaited->wake.wait(lock, [&] { return awaited->result || cancel.isCancelled(); });
    if (awaited->result)
        return std::move(*awaited->result);
    awaited->left = true;
    ++leftBehind;
    // Each time, as it has to run before what undoes anything made so far.
    ::on_exit(endAtOnce, nullptr);
    return cancelledError();
}

} // namespace a360::db

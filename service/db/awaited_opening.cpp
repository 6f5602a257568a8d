// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/awaited_opening.h"

#include "db/database_error.h"

#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

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

// A thread that nobody waits for may see the end of the process, when Qt's list of connections goes. From then on it keeps
// its hands off. Both outlive every destructor.
constinit std::mutex endMutex;
constinit bool ending = false; // guarded by endMutex

struct EndOfProcess
{
    ~EndOfProcess()
    {
        const std::lock_guard lock(endMutex);
        ending = true;
    }
};

void watchTheEnd()
{
    [[maybe_unused]] static const bool listIsThere = QSqlDatabase::contains(); // made first, so destroyed last
    static const EndOfProcess end;
}

void closeLate(Opened opened)
{
    const std::lock_guard lock(endMutex);
    if (opened.ok() && ending)
        static_cast<void>(opened.value().release());
    else if (opened.ok())
        opened.value().reset();
}

} // namespace

Opened awaitOpening(std::function<Opened()> open, const CancelToken &cancel)
{
    watchTheEnd();
    const auto awaited = std::make_shared<Awaited>();
    std::thread([awaited, work = std::move(open)] {
        Opened opened = work();
        std::unique_lock lock(awaited->mutex);
        if (awaited->left) {
            lock.unlock();
            closeLate(std::move(opened));
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
    return cancelledError();
}

} // namespace a360::db

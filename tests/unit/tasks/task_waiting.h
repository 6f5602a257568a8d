// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tasks/task_runner.h"

#include <QDeadlineTimer>

#include <thread>

namespace a360::test {

/// Waits until `condition` holds; false when it does not within 20 s. Also in threads without an event loop.
template <typename Condition>
bool eventually(Condition &&condition)
{
    for (const QDeadlineTimer deadline(20'000); !deadline.hasExpired(); std::this_thread::yield()) {
        if (condition())
            return true;
    }
    return false;
}

inline bool reaches(const tasks::TaskRunner &runner, const QUuid &id, tasks::TaskState state)
{
    return eventually([&] {
        const auto record = runner.status(id);
        return record && record->state == state;
    });
}

/// A tracked task that waits, of the given function.
template <typename F>
tasks::Task task(const char *name, F f)
{
    tasks::Task made;
    made.name = QLatin1StringView(name);
    made.function = tasks::taskFunction(std::move(f));
    made.isAsync = true;
    made.trackStatus = true;
    return made;
}

} // namespace a360::test

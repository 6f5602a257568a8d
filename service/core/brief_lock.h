// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <mutex>

namespace a360 {

/// Locks a mutex that is only ever held for less time than going to sleep and being woken takes: tries for a while first.
inline std::unique_lock<std::mutex> lockBriefly(std::mutex &mutex)
{
    constexpr int tries = 64;
    for (int i = 0; i < tries; ++i) {
        if (mutex.try_lock())
            return {mutex, std::adopt_lock};
    }
    return std::unique_lock(mutex);
}

} // namespace a360

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "metrics/history.h"
#include "metrics/registry.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace a360::metrics {

/// Asks a registry once a second, on a thread of its own, and keeps the answers in a History. The registry must outlive
/// it; the end of its life waits for the running sample only.
class Sampler
{
public:
    explicit Sampler(const Registry &registry, std::chrono::milliseconds step = std::chrono::seconds(1));
    ~Sampler();
    Sampler(const Sampler &) = delete;
    Sampler &operator=(const Sampler &) = delete;

    const History &history() const { return m_history; }

private:
    void run();

    const Registry &m_registry;
    const std::chrono::milliseconds m_step;
    History m_history;
    std::mutex m_mutex;
    std::condition_variable m_wake;
    bool m_stopping = false; // guarded by m_mutex
    std::thread m_thread;    // last: it uses the rest
};

} // namespace a360::metrics

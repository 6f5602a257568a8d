// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console.h"
#include "core/progress.h"

#include <condition_variable>
#include <thread>

namespace a360::app {

/// Shows a running operation on standard error for its own lifetime: one live line on a terminal, five times a second;
/// otherwise a line every five seconds. Silent with --quiet.
class ProgressLine
{
public:
    ProgressLine(Console &console, const ProgressCounter &counter);
    ~ProgressLine();
    ProgressLine(const ProgressLine &) = delete;
    ProgressLine &operator=(const ProgressLine &) = delete;

private:
    void run();
    Console &m_console;
    const ProgressCounter &m_counter;
    std::mutex m_mutex;
    std::condition_variable m_wake;
    bool m_stop = false; // guarded by m_mutex
    std::thread m_thread;
};

/// "Reading 412,300 rows · 61,000/s · 48 % · 0:09 left · 12 rejected"
QString progressText(const Progress &progress, std::chrono::steady_clock::time_point now);
QString humanBytes(qint64 bytes);      ///< "1.2 MiB"
QString humanNumber(qint64 number);    ///< "1,204,311"
QString humanSeconds(double seconds);  ///< "0.4 s", "9 s", "2:05 min"

} // namespace a360::app

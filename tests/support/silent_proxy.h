// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

#include <atomic>
#include <thread>
#include <vector>

namespace a360::test {

/// A TCP proxy that can go silent as a network does whose cable was cut behind the next switch: connections stay up, new
/// ones are still taken by the kernel, and nothing ever comes back. Runs on a thread of its own.
class SilentProxy
{
public:
    explicit SilentProxy(int targetPort); ///< port() is 0 when it could not listen
    ~SilentProxy();
    SilentProxy(const SilentProxy &) = delete;
    SilentProxy &operator=(const SilentProxy &) = delete;

    int port() const { return m_port; }
    void goSilent();
    /// Forwards again for new connections. Those that were there while it was silent stay dead for ever, without a word.
    void recover();

private:
    struct Pair
    {
        int client = -1, server = -1;
        bool dead = false;
    };
    void run();
    void acceptOne();
    static bool forward(int from, int to); ///< false at the end of the connection

    const int m_targetPort;
    int m_listener = -1;
    int m_port = 0;
    std::atomic<bool> m_silent = false, m_stopping = false;
    std::vector<Pair> m_pairs; // of the thread
    std::thread m_thread;
};

} // namespace a360::test

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <QByteArrayList>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace a360::test {

/// A peer that speaks just enough of Redis' protocol to be believed, and then answers as a test wants: garbage, late,
/// in pieces, or not at all. Each connection has a thread.
class ScriptedPeer
{
public:
    /// One connection, as a script sees it.
    class Line
    {
    public:
        /// Sends bytes as they are; false when the other side is gone.
        bool send(const QByteArray &bytes) const;
        /// Waits; false when the peer is being stopped meanwhile.
        bool wait(std::chrono::milliseconds time) const;

    private:
        friend class ScriptedPeer;
        Line(int descriptor, const std::atomic<bool> &stopping) : m_descriptor(descriptor), m_stopping(stopping) {}
        int m_descriptor;
        const std::atomic<bool> &m_stopping;
    };
    /// Answers one command, given as its words. False hangs up.
    using Script = std::function<bool(Line &, const QByteArrayList &)>;

    /// Log-in commands (AUTH, SELECT, PING, TIME, CLIENT) are answered well; `script` is asked about all others.
    static Result<std::unique_ptr<ScriptedPeer>> start(Script script);
    ~ScriptedPeer();
    ScriptedPeer(const ScriptedPeer &) = delete;
    ScriptedPeer &operator=(const ScriptedPeer &) = delete;

    int port() const { return m_port; }
    QString url() const { return QStringLiteral("redis://127.0.0.1:%1/0").arg(m_port); }
    int connections() const { return m_connections; }

private:
    explicit ScriptedPeer(Script script) : m_script(std::move(script)) {}
    Result<void> listen();
    void accept();
    void serve(int descriptor);

    const Script m_script;
    int m_listener = -1, m_port = 0;
    std::atomic<int> m_connections = 0;
    std::atomic<bool> m_stopping = false;
    std::thread m_thread;
    std::mutex m_mutex; ///< guards m_served
    std::vector<std::thread> m_served;
};

} // namespace a360::test

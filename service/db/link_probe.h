// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <memory>

namespace a360::db {

/// Asks over a second, short connection whether anybody still answers at the address that `socket` is connected to: it
/// sends PostgreSQL's SSLRequest, which a server (or PgBouncer) answers with one byte, without login and without taking
/// one of its connections. Any answer counts, a refusal too; only silence means that the way there is cut.
/// Source: PostgreSQL documentation, "Message Formats", SSLRequest.
class LinkProbe
{
public:
    enum class State { Pending, Alive, Dead };

    explicit LinkProbe(int socket, std::chrono::milliseconds limit = std::chrono::seconds(5));
    ~LinkProbe();
    LinkProbe(const LinkProbe &) = delete;
    LinkProbe &operator=(const LinkProbe &) = delete;

    /// Goes on as far as it can within `wait`.
    State step(std::chrono::milliseconds wait = {});
    /// Waits for the outcome.
    bool isAlive();

private:
    using Clock = std::chrono::steady_clock;
    State m_state = State::Pending;
    int m_socket = -1;
    bool m_asked = false;
    Clock::time_point m_deadline;
};

/// Watches somebody who waits for a server: when nothing has come for a while, it probes the way there, again and again.
class SilenceWatch
{
public:
    explicit SilenceWatch(int socket) : m_socket(socket) {}
    /// To be asked in every turn of the waiting; never blocks.
    bool linkIsDead();

private:
    using Clock = std::chrono::steady_clock;
    static constexpr std::chrono::seconds patience{10}; // between probes: long statements are nothing unusual
    const int m_socket;
    Clock::time_point m_quietSince = Clock::now();
    std::unique_ptr<LinkProbe> m_probe;
};

} // namespace a360::db

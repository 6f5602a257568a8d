// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/server_control.h"

namespace a360::test {

/// A REST service that is none: it starts and stops when the test says so, and counts what the test tells it.
class FakeServerControl : public ui::ServerControl
{
    Q_OBJECT

public:
    void start(std::shared_ptr<Service> service, const ui::ServerAddress &address) override
    {
        m_service = std::move(service);
        m_address = address;
        m_error.reset();
        setState(State::Starting);
    }
    void stop() override { setState(State::Stopping); }
    State state() const override { return m_state; }
    QString url() const override
    {
        return m_state == State::Running ? QStringLiteral("http://%1:%2").arg(m_address.host).arg(m_address.port) : QString();
    }
    std::optional<Error> error() const override { return m_error; }
    ui::ServerCounters counters() const override { return m_counters; }
    ui::ServerAddress configuredAddress() const override { return {}; }

    void becomeRunning() { setState(State::Running); }
    void becomeStopped(std::optional<Error> error = {})
    {
        m_error = std::move(error);
        m_service.reset();
        setState(State::Stopped);
    }
    void setCounters(const ui::ServerCounters &counters) { m_counters = counters; }
    const ui::ServerAddress &address() const { return m_address; }
    std::shared_ptr<Service> service() const { return m_service; }

private:
    void setState(State state)
    {
        m_state = state;
        Q_EMIT stateChanged();
    }
    State m_state = State::Stopped;
    ui::ServerAddress m_address;
    ui::ServerCounters m_counters;
    std::optional<Error> m_error;
    std::shared_ptr<Service> m_service;
};

} // namespace a360::test

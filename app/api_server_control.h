// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rest/api_server.h"
#include "server/server_control.h"

#include <QThreadPool>

namespace a360::app {

/// The window's REST service: rest::ApiServer, started and stopped on a thread of its own so that the window never waits.
class ApiServerControl : public ui::ServerControl
{
    Q_OBJECT

public:
    /// `options`: as `a360 serve` would use them; address and port come with start().
    explicit ApiServerControl(const rest::ApiOptions &options, QObject *parent = nullptr);
    ~ApiServerControl() override; ///< stops at once

    void start(std::shared_ptr<Service> service, const ui::ServerAddress &address) override;
    void stop() override;
    State state() const override { return m_state; }
    QString url() const override { return m_url; }
    std::optional<Error> error() const override { return m_error; }
    ui::ServerCounters counters() const override;
    ui::ServerAddress configuredAddress() const override;

private:
    void setState(State state);

    const rest::ApiOptions m_options;
    std::shared_ptr<Service> m_service; // of the running server; outlives it
    std::shared_ptr<rest::ApiServer> m_server = std::make_shared<rest::ApiServer>();
    State m_state = State::Stopped;
    QString m_url;
    std::optional<Error> m_error;
    QThreadPool m_thread; // one: start and stop are not to meet
};

} // namespace a360::app

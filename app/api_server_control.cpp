// SPDX-License-Identifier: GPL-3.0-or-later
#include "api_server_control.h"

#include "server_options.h"
#include "work/run_async.h"

namespace a360::app {

namespace {

constexpr std::chrono::milliseconds drain{500};

/// What a person can do about an address that cannot be had.
Error explained(Error error, const ui::ServerAddress &address)
{
    if (error.code != ErrorCode::Io)
        return error;
    error.detail = error.message;
    error.message = QStringLiteral("The service cannot listen on %1:%2. Another program may use this port already, or the address is "
                                   "none of this computer. Choose another port, or 0 for any free one.")
                        .arg(address.host)
                        .arg(address.port);
    return error;
}

} // namespace

ApiServerControl::ApiServerControl(const rest::ApiOptions &options, QObject *parent)
    : ui::ServerControl(parent), m_options(options)
{
    m_thread.setMaxThreadCount(1);
}

ApiServerControl::~ApiServerControl()
{
    m_thread.waitForDone();
    m_server.reset(); // before the service it uses
}

void ApiServerControl::setState(State state)
{
    m_state = state;
    Q_EMIT stateChanged();
}

void ApiServerControl::start(std::shared_ptr<Service> service, const ui::ServerAddress &address)
{
    if (m_state != State::Stopped || !service)
        return;
    rest::ApiOptions options = m_options;
    const QString host = address.host.contains(QLatin1Char(':')) ? QLatin1Char('[') + address.host + QLatin1Char(']') : address.host;
    const QString where = QStringLiteral("%1:%2").arg(host).arg(address.port);
    const Result<void> parsed = parseListenAddress(where, QStringLiteral("The address"), options.http);
    m_error = parsed.ok() ? std::nullopt : std::make_optional(parsed.error());
    if (m_error) {
        Q_EMIT stateChanged();
        return;
    }
    // The configured names are those of the configured address; a wider one has others (as `serve` does).
    if (!options.http.address.isLoopback() && m_options.http.address.isLoopback())
        options.http.trustedHosts.clear();
    m_service = std::move(service);
    setState(State::Starting);
    ui::runAsync(
        m_thread, this, [server = m_server, kept = m_service, options] { return server->start(options, *kept); },
        [this, host, address](const Result<quint16> &port) {
            if (port.ok()) {
                m_url = QStringLiteral("http://%1:%2").arg(host).arg(*port);
                setState(State::Running);
                return;
            }
            m_error = explained(port.error(), address);
            m_service.reset();
            setState(State::Stopped);
        });
}

void ApiServerControl::stop()
{
    if (m_state != State::Running)
        return;
    setState(State::Stopping);
    ui::runAsync(
        m_thread, this,
        [server = m_server, kept = std::move(m_service)]() mutable {
            server->stop(drain);
            kept.reset(); // here: closing connections may wait for the network
            return true;
        },
        [this](bool) {
            m_url.clear();
            setState(State::Stopped);
        });
}

ui::ServerCounters ApiServerControl::counters() const
{
    const rest::ApiCounters now = m_server->counters();
    return {now.requests, now.activeConnections, now.activeStreams, now.bytesSent, now.bytesReceived};
}

ui::ServerAddress ApiServerControl::configuredAddress() const
{
    const QHostAddress &address = m_options.http.address;
    const bool any = address == QHostAddress(QHostAddress::Any);
    return {any ? QStringLiteral("0.0.0.0") : address.toString(), m_options.http.port};
}

} // namespace a360::app

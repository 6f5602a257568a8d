// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service.h"

#include <QObject>

#include <memory>

namespace a360::ui {

/// Where to listen.
struct ServerAddress
{
    QString host = QStringLiteral("127.0.0.1"); ///< a numeric address or "localhost"
    quint16 port = 8000;                        ///< 0: any free one
};

/// Since the server was started first.
struct ServerCounters
{
    qint64 requests = 0;
    int connections = 0, streams = 0; ///< open now
    qint64 bytesSent = 0, bytesReceived = 0;
};

/// The REST service inside this program, as the window sees it: the window knows no HTTP, the program brings the real
/// one. All calls come from the window's thread and return at once.
class ServerControl : public QObject
{
    Q_OBJECT

public:
    enum class State { Stopped, Starting, Running, Stopping };

    using QObject::QObject;

    /// Serves this database; keeps it open until the server has stopped. Ends in Running, or in Stopped with an error().
    /// Does nothing unless Stopped.
    virtual void start(std::shared_ptr<Service> service, const ServerAddress &address) = 0;
    /// Answers that run may end for half a second; then they are cut off.
    virtual void stop() = 0;
    virtual State state() const = 0;
    /// "http://127.0.0.1:8000" while Running, with the real port.
    virtual QString url() const = 0;
    /// Why the last start failed; nothing when it did not.
    virtual std::optional<Error> error() const = 0;
    virtual ServerCounters counters() const = 0;
    /// What LISTEN_ADDRESS says.
    virtual ServerAddress configuredAddress() const = 0;

Q_SIGNALS:
    void stateChanged();
};

} // namespace a360::ui

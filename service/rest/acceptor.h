// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "io_worker.h"

#include <QTcpServer>

namespace a360::rest {

/// Accepts connections and deals them out to the least busy IO thread; refuses those above the limit with 503. Lives in
/// the accepting thread.
class Acceptor final : public QTcpServer
{
public:
    explicit Acceptor(HttpCore &core) : m_core(core) {}
    /// Listens, without accepting yet.
    bool open();
    void accept(std::vector<IoWorker *> workers);

protected:
    void incomingConnection(qintptr descriptor) override;

private:
    void refuse(qintptr descriptor);

    HttpCore &m_core;
    std::vector<IoWorker *> m_workers;
};

} // namespace a360::rest

// SPDX-License-Identifier: GPL-3.0-or-later
#include "http_server.h"

#include "acceptor.h"

#include <QThread>

#include <atomic>
#include <condition_variable>
#include <mutex>

namespace a360::rest {

struct HttpServer::Private
{
    HttpCounters counters;          // since the first start()
    std::atomic<bool> running = false;
    std::unique_ptr<HttpCore> core; // these four: while running
    std::unique_ptr<QThread> acceptThread;
    std::unique_ptr<Acceptor> acceptor;
    std::vector<std::unique_ptr<QThread>> ioThreads;
    std::vector<IoWorker *> workers; // each deleted at the end of its thread

    std::mutex mutex;
    std::condition_variable closed; // a connection has ended

    Result<quint16> listen();
    bool startWorkers();
    void waitForConnections(std::chrono::milliseconds longest);
    void endThreads();

    template <typename Function>
    void onEachWorker(Function function)
    {
        for (IoWorker *worker : workers)
            QMetaObject::invokeMethod(worker, [worker, function] { function(*worker); }, Qt::BlockingQueuedConnection);
    }
};

HttpServer::HttpServer() : d(std::make_unique<Private>()) {}

HttpServer::~HttpServer()
{
    stop(std::chrono::milliseconds(0));
}

bool HttpServer::isRunning() const
{
    return d->running;
}

const HttpCounters &HttpServer::counters() const
{
    return d->counters;
}

Result<quint16> HttpServer::start(HttpOptions options, Routes routes, metrics::Registry *registry)
{
    if (d->running)
        return makeError(ErrorCode::Conflict, QStringLiteral("The server is already running."));
    d->core = std::make_unique<HttpCore>(std::move(options), std::move(routes), d->counters, registry);
    d->core->connectionClosed = [state = d.get()] {
        const std::lock_guard lock(state->mutex);
        state->closed.notify_all();
    };
    d->acceptThread = std::make_unique<QThread>();
    d->acceptThread->setObjectName(QStringLiteral("http-accept"));
    d->acceptThread->start();
    Result<quint16> port = d->listen();
    if (port.ok() && !d->startWorkers())
        port = makeError(ErrorCode::Io, QStringLiteral("The server could not set up its IO threads."));
    if (!port.ok()) {
        d->endThreads();
        return port;
    }
    QMetaObject::invokeMethod(d->acceptor.get(), [this] { d->acceptor->accept(d->workers); },
                              Qt::BlockingQueuedConnection);
    d->running = true;
    return port;
}

Result<quint16> HttpServer::Private::listen()
{
    acceptor = std::make_unique<Acceptor>(*core);
    acceptor->moveToThread(acceptThread.get());
    QString failure;
    quint16 port = 0;
    QMetaObject::invokeMethod(
        acceptor.get(),
        [&] {
            if (acceptor->open())
                port = acceptor->serverPort();
            else
                failure = acceptor->errorString();
        },
        Qt::BlockingQueuedConnection);
    if (port == 0)
        return makeError(ErrorCode::Io,
                         QStringLiteral("Cannot listen on %1:%2: %3")
                             .arg(core->options.address.toString())
                             .arg(core->options.port)
                             .arg(failure),
                         QStringLiteral("listen"));
    return port;
}

bool HttpServer::Private::startWorkers()
{
    for (int i = 0; i < std::max(core->options.ioThreads, 1); ++i) {
        auto thread = std::make_unique<QThread>();
        thread->setObjectName(QStringLiteral("http-io-%1").arg(i));
        auto *worker = new IoWorker(*core);
        worker->moveToThread(thread.get());
        QObject::connect(thread.get(), &QThread::finished, worker, &QObject::deleteLater);
        thread->start();
        workers.push_back(worker);
        ioThreads.push_back(std::move(thread));
    }
    bool ok = true;
    onEachWorker([this, &ok](IoWorker &worker) { ok = worker.open(acceptor->socketDescriptor()) && ok; });
    return ok;
}

void HttpServer::Private::waitForConnections(std::chrono::milliseconds longest)
{
    std::unique_lock lock(mutex);
    closed.wait_for(lock, longest, [this] { return counters.activeConnections.load() == 0; });
}

void HttpServer::stop(std::chrono::milliseconds drain)
{
    if (!d->running.exchange(false))
        return;
    QMetaObject::invokeMethod(d->acceptor.get(), [this] { d->acceptor->close(); }, Qt::BlockingQueuedConnection);
    d->onEachWorker([](IoWorker &worker) { worker.drain(); });
    d->waitForConnections(drain);
    d->onEachWorker([](IoWorker &worker) { worker.cut(); });
    // Their cancel tokens are set now; the pools' threads post to the workers, so they end first.
    d->core->streams.waitForDone();
    d->core->workers.waitForDone();
    d->endThreads();
}

void HttpServer::Private::endThreads()
{
    for (const auto &thread : ioThreads) {
        thread->quit();
        thread->wait();
    }
    workers.clear();
    ioThreads.clear();
    if (acceptor) {
        // Sockets and notifiers belong to the accepting thread, so the acceptor is taken apart there.
        QMetaObject::invokeMethod(acceptor.get(), [this] { acceptor->close(); }, Qt::BlockingQueuedConnection);
    }
    acceptThread->quit();
    acceptThread->wait();
    acceptor.reset();
    acceptThread.reset();
    core.reset();
}

} // namespace a360::rest

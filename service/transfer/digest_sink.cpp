// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/digest_sink.h"

#include "parallel/bounded_queue.h"

#include <openssl/evp.h>

#include <atomic>
#include <thread>

namespace a360::transfer {

struct DigestSink::Private
{
    explicit Private(std::unique_ptr<ByteSink> sink) : target(std::move(sink)), worker([this] { run(); }) {}
    ~Private() { stop(); }

    void run()
    {
        const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
        EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr);
        while (const auto block = queue.pop())
            EVP_DigestUpdate(context.get(), block->constData(), static_cast<size_t>(block->size()));
        unsigned char digest[EVP_MAX_MD_SIZE];
        unsigned size = 0;
        EVP_DigestFinal_ex(context.get(), digest, &size);
        sha256 = QByteArray(reinterpret_cast<const char *>(digest), static_cast<qsizetype>(size)).toHex();
    }
    void stop()
    {
        queue.close();
        if (worker.joinable())
            worker.join();
    }

    std::unique_ptr<ByteSink> target;
    parallel::BoundedQueue<QByteArray> queue{8};
    std::atomic<qint64> byteCount = 0;
    QByteArray sha256; // written by the worker, read after join
    std::thread worker;
};

DigestSink::DigestSink(std::unique_ptr<ByteSink> target) : d(std::make_unique<Private>(std::move(target))) {}
DigestSink::~DigestSink() = default;

Result<void> DigestSink::write(const QByteArray &bytes)
{
    d->queue.push(bytes);
    A360_TRY(d->target->write(bytes));
    d->byteCount.fetch_add(bytes.size(), std::memory_order_relaxed);
    return {};
}

Result<void> DigestSink::finish()
{
    d->stop();
    return d->target->finish();
}

void DigestSink::abort()
{
    d->queue.abort();
    d->stop();
    d->target->abort();
}

qint64 DigestSink::byteCount() const
{
    return d->byteCount.load(std::memory_order_relaxed);
}

QByteArray DigestSink::sha256() const
{
    return d->sha256;
}

} // namespace a360::transfer

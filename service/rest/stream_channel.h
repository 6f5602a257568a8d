// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "http_message.h"
#include "transfer/byte_sink.h"

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>

namespace a360::rest {

/// Bounded queue of blocks between the thread that produces a streamed answer and the IO thread that sends it. The
/// producer waits while the queue is full; the consumer never waits. Memory is at most capacity * blockSize, which is about
/// 1 MiB, or two blocks where these are larger.
class StreamChannel
{
public:
    /// `wake` is called in the producer's thread when the consumer found the channel empty before and should look again.
    StreamChannel(qsizetype blockSize, std::function<void()> wake);

    qsizetype blockSize() const { return m_blockSize; }
    size_t capacity() const { return m_capacity; } ///< blocks that may wait

    // Producer side.
    /// The head that goes out with the first block.
    void setHead(Answer head);
    /// Waits for room. False once the consumer has left.
    bool push(QByteArray block);
    /// All blocks were pushed.
    void finish();
    /// Ends the stream without success. When nothing was sent yet, `answer` goes out instead; otherwise the
    /// connection is cut. Does nothing after finish().
    void fail(Answer answer);
    bool isFinished() const;

    // Consumer side.
    enum class Next { Nothing, Block, Finished, Failed };
    Next take(QByteArray &block);
    Answer takeHead();    ///< after the first Block or Finished
    Answer takeFailure(); ///< after Failed
    /// The client is gone: the producer's push() fails from now on.
    void close();

private:
    void wakeConsumer(std::unique_lock<std::mutex> lock);

    const qsizetype m_blockSize;
    const size_t m_capacity;
    const std::function<void()> m_wake;
    mutable std::mutex m_mutex;
    std::condition_variable m_roomOrClosed;
    std::deque<QByteArray> m_blocks; // guarded by m_mutex, as are all below
    Answer m_head;
    std::optional<Answer> m_failure;
    bool m_finished = false;
    bool m_closed = false;
    bool m_consumerWaits = true;
};

/// The sink end of a channel: gathers small writes into blocks and cuts big ones.
class ChannelSink final : public transfer::ByteSink
{
public:
    explicit ChannelSink(std::shared_ptr<StreamChannel> channel) : m_channel(std::move(channel)) {}
    Result<void> write(const QByteArray &bytes) override;
    Result<void> finish() override;
    /// Whoever runs the export tells the channel why it failed; until then it stays open.
    void abort() override {}

private:
    Result<void> push(QByteArray block);
    std::shared_ptr<StreamChannel> m_channel;
    QByteArray m_pending;
};

} // namespace a360::rest

// SPDX-License-Identifier: GPL-3.0-or-later
#include "stream_channel.h"

#include <algorithm>

namespace a360::rest {

StreamChannel::StreamChannel(qsizetype blockSize, std::function<void()> wake)
    : m_blockSize(blockSize), m_capacity(static_cast<size_t>(std::max<qsizetype>(2, 1024 * 1024 / blockSize))),
      m_wake(std::move(wake))
{
}

void StreamChannel::setHead(Answer head)
{
    std::lock_guard lock(m_mutex);
    m_head = std::move(head);
}

void StreamChannel::wakeConsumer(std::unique_lock<std::mutex> lock)
{
    const bool wake = std::exchange(m_consumerWaits, false);
    lock.unlock();
    if (wake)
        m_wake();
}

bool StreamChannel::push(QByteArray block)
{
    std::unique_lock lock(m_mutex);
    m_roomOrClosed.wait(lock, [this] { return m_closed || m_blocks.size() < m_capacity; });
    if (m_closed)
        return false;
    m_blocks.push_back(std::move(block));
    wakeConsumer(std::move(lock));
    return true;
}

void StreamChannel::finish()
{
    std::unique_lock lock(m_mutex);
    m_finished = true;
    wakeConsumer(std::move(lock));
}

void StreamChannel::fail(Answer answer)
{
    std::unique_lock lock(m_mutex);
    if (m_finished)
        return;
    m_failure = std::move(answer);
    m_finished = true;
    wakeConsumer(std::move(lock));
}

bool StreamChannel::isFinished() const
{
    std::lock_guard lock(m_mutex);
    return m_finished;
}

StreamChannel::Next StreamChannel::take(QByteArray &block)
{
    std::lock_guard lock(m_mutex);
    // A failure overtakes the blocks before it: the client cannot use the rest of an answer that will be cut anyway.
    if (m_failure)
        return Next::Failed;
    if (!m_blocks.empty()) {
        block = std::move(m_blocks.front());
        m_blocks.pop_front();
        m_roomOrClosed.notify_one();
        return Next::Block;
    }
    if (m_finished)
        return Next::Finished;
    m_consumerWaits = true;
    return Next::Nothing;
}

Answer StreamChannel::takeHead()
{
    std::lock_guard lock(m_mutex);
    return std::move(m_head);
}

Answer StreamChannel::takeFailure()
{
    std::lock_guard lock(m_mutex);
    return std::move(*m_failure);
}

void StreamChannel::close()
{
    std::lock_guard lock(m_mutex);
    m_closed = true;
    m_blocks.clear();
    m_roomOrClosed.notify_all();
}

Result<void> ChannelSink::push(QByteArray block)
{
    if (!m_channel->push(std::move(block)))
        return makeError(ErrorCode::Cancelled, QStringLiteral("The client has left."));
    return {};
}

Result<void> ChannelSink::write(const QByteArray &bytes)
{
    qsizetype at = 0;
    while (at < bytes.size()) {
        const qsizetype room = m_channel->blockSize() - m_pending.size();
        const qsizetype part = qMin(room, bytes.size() - at);
        if (m_pending.isEmpty() && part == m_channel->blockSize()) {
            A360_TRY(push(bytes.mid(at, part)));
        } else {
            m_pending.append(bytes.constData() + at, part);
            if (m_pending.size() == m_channel->blockSize())
                A360_TRY(push(std::exchange(m_pending, QByteArray())));
        }
        at += part;
    }
    return {};
}

Result<void> ChannelSink::finish()
{
    if (!m_pending.isEmpty())
        A360_TRY(push(std::exchange(m_pending, QByteArray())));
    m_channel->finish();
    return {};
}

} // namespace a360::rest

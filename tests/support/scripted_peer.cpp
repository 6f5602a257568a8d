// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/scripted_peer.h"

#include <QElapsedTimer>

#include <optional>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace a360::test {

namespace {

constexpr int tick = 10; // ms; how often the peer looks whether it is to stop

/// Removes the first complete command (an array of bulk strings) of `buffer`.
std::optional<QByteArrayList> takeCommand(QByteArray &buffer)
{
    qsizetype at = 0;
    const auto number = [&](char kind) -> qsizetype {
        const qsizetype end = buffer.indexOf("\r\n", at);
        if (end < 0 || buffer[at] != kind)
            return -1;
        const qsizetype value = buffer.mid(at + 1, end - at - 1).toLongLong();
        at = end + 2;
        return value;
    };
    const qsizetype words = number('*');
    QByteArrayList command;
    for (qsizetype i = 0; i < words; ++i) {
        const qsizetype size = at < buffer.size() ? number('$') : -1;
        if (size < 0 || at + size + 2 > buffer.size())
            return std::nullopt;
        command.append(buffer.mid(at, size));
        at += size + 2;
    }
    if (command.isEmpty())
        return std::nullopt;
    buffer.remove(0, at);
    return command;
}

QByteArray logInAnswer(const QByteArray &command)
{
    if (command == "PING")
        return "+PONG\r\n";
    if (command == "TIME")
        return "*2\r\n$10\r\n1700000000\r\n$1\r\n0\r\n";
    return command == "AUTH" || command == "SELECT" || command == "CLIENT" ? "+OK\r\n" : QByteArray();
}

} // namespace

bool ScriptedPeer::Line::send(const QByteArray &bytes) const
{
    qsizetype sent = 0;
    while (sent < bytes.size()) {
        const ssize_t count = ::send(m_descriptor, bytes.constData() + sent, static_cast<size_t>(bytes.size() - sent), MSG_NOSIGNAL);
        if (count <= 0)
            return false;
        sent += count;
    }
    return true;
}

bool ScriptedPeer::Line::wait(std::chrono::milliseconds time) const
{
    QElapsedTimer timer;
    timer.start();
    while (timer.elapsed() < time.count()) {
        if (m_stopping)
            return false;
        ::poll(nullptr, 0, static_cast<int>(qMin<qint64>(tick, time.count() - timer.elapsed())));
    }
    return true;
}

Result<std::unique_ptr<ScriptedPeer>> ScriptedPeer::start(Script script)
{
    std::unique_ptr<ScriptedPeer> peer(new ScriptedPeer(std::move(script)));
    A360_TRY(peer->listen());
    peer->m_thread = std::thread([raw = peer.get()] { raw->accept(); });
    return peer;
}

Result<void> ScriptedPeer::listen()
{
    m_listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto *generic = reinterpret_cast<sockaddr *>(&address);
    if (::bind(m_listener, generic, size) != 0 || ::listen(m_listener, 64) != 0 || ::getsockname(m_listener, generic, &size) != 0)
        return makeError(ErrorCode::Io, QStringLiteral("Scripted peer: cannot listen"));
    m_port = ntohs(address.sin_port);
    return {};
}

ScriptedPeer::~ScriptedPeer()
{
    m_stopping = true;
    if (m_thread.joinable())
        m_thread.join();
    for (std::thread &thread : m_served)
        thread.join();
    if (m_listener >= 0)
        ::close(m_listener);
}

void ScriptedPeer::accept()
{
    while (!m_stopping) {
        pollfd entry{m_listener, POLLIN, 0};
        if (::poll(&entry, 1, tick) != 1)
            continue;
        const int descriptor = ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
        if (descriptor < 0)
            continue;
        ++m_connections;
        const std::scoped_lock lock(m_mutex);
        m_served.emplace_back([this, descriptor] { serve(descriptor); });
    }
}

void ScriptedPeer::serve(int descriptor)
{
    Line line(descriptor, m_stopping);
    QByteArray buffer;
    bool goOn = true;
    while (goOn && !m_stopping) {
        pollfd entry{descriptor, POLLIN, 0};
        if (::poll(&entry, 1, tick) != 1)
            continue;
        QByteArray block(65'536, Qt::Uninitialized);
        const ssize_t count = ::recv(descriptor, block.data(), static_cast<size_t>(block.size()), 0);
        if (count <= 0)
            break;
        buffer.append(block.constData(), count);
        for (auto command = takeCommand(buffer); goOn && command; command = takeCommand(buffer)) {
            const QByteArray answer = logInAnswer(command->first().toUpper());
            goOn = answer.isEmpty() ? m_script(line, *command) : line.send(answer);
        }
    }
    ::close(descriptor);
}

} // namespace a360::test

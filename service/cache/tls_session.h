// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <QByteArray>
#include <QByteArrayView>

#include <memory>

namespace a360::cache {

/// What to trust: made once, shared by sessions. Thread-safe.
class TlsTrust
{
public:
    /// `authorities`: a PEM file, or empty for the system's. Error of kind Tls when it cannot be used.
    static Result<std::shared_ptr<const TlsTrust>> load(const QString &authorities);
    ~TlsTrust();
    TlsTrust(const TlsTrust &) = delete;
    TlsTrust &operator=(const TlsTrust &) = delete;

private:
    friend class TlsSession;
    struct Context;
    explicit TlsTrust(std::unique_ptr<Context> context);
    std::unique_ptr<Context> m_context;
};

/// The client's side of one TLS connection (1.2 or later), without a socket: bytes go in, bytes come out, and whoever
/// owns the socket keeps the deadlines. The certificate must be valid for `host`, a name or an address. One thread at a
/// time. Errors are of kind Tls, or Lost when the other side says good-bye.
class TlsSession
{
public:
    static Result<std::unique_ptr<TlsSession>> start(std::shared_ptr<const TlsTrust> trust, const QString &host);
    ~TlsSession();
    TlsSession(const TlsSession &) = delete;
    TlsSession &operator=(const TlsSession &) = delete;

    /// One step of the handshake; true when it is done. What there is to send is appended to `toSend`.
    Result<bool> handshake(QByteArray &toSend);
    /// Takes bytes off the wire; they count in the next handshake() or decrypt().
    void received(QByteArrayView wire);
    Result<void> encrypt(QByteArrayView plain, QByteArray &toSend);
    /// Appends what can be read of the bytes received so far.
    Result<void> decrypt(QByteArray &plain, QByteArray &toSend);

private:
    struct Handle;
    explicit TlsSession(std::unique_ptr<Handle> handle);
    void takeOutput(QByteArray &toSend);
    std::unique_ptr<Handle> m_handle;
};

} // namespace a360::cache

// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache/tls_session.h"

#include "cache/redis_error.h"

#include <QFile>
#include <QHostAddress>

#include <array>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

namespace a360::cache {

namespace {

constexpr int blockSize = 16 * 1024; // a TLS record

/// The latest error of this thread's queue, which is emptied.
QString libraryError()
{
    const unsigned long code = ::ERR_peek_last_error();
    const char *reason = ::ERR_reason_error_string(code);
    ::ERR_clear_error();
    return reason ? QString::fromLatin1(reason) : QStringLiteral("unknown reason");
}

Error tlsError(const QString &what)
{
    return makeRedisError(RedisErrorKind::Tls, QStringLiteral("TLS: ") + what);
}

} // namespace

struct TlsTrust::Context
{
    std::unique_ptr<SSL_CTX, decltype(&::SSL_CTX_free)> handle{::SSL_CTX_new(::TLS_client_method()), &::SSL_CTX_free};
};

struct TlsSession::Handle
{
    std::shared_ptr<const TlsTrust> trust;
    std::unique_ptr<SSL, decltype(&::SSL_free)> ssl{nullptr, &::SSL_free};
    BIO *in = nullptr, *out = nullptr; // owned by ssl
};

TlsTrust::TlsTrust(std::unique_ptr<Context> context) : m_context(std::move(context)) {}
TlsTrust::~TlsTrust() = default;

Result<std::shared_ptr<const TlsTrust>> TlsTrust::load(const QString &authorities)
{
    auto context = std::make_unique<Context>();
    SSL_CTX *handle = context->handle.get();
    if (!handle || ::SSL_CTX_set_min_proto_version(handle, TLS1_2_VERSION) != 1)
        return tlsError(libraryError());
    ::SSL_CTX_set_verify(handle, SSL_VERIFY_PEER, nullptr);
    const QByteArray file = QFile::encodeName(authorities);
    const int loaded = authorities.isEmpty() ? ::SSL_CTX_set_default_verify_paths(handle)
                                             : ::SSL_CTX_load_verify_locations(handle, file.constData(), nullptr);
    if (loaded != 1)
        return tlsError(QStringLiteral("the certificates of %1 cannot be used: %2")
                            .arg(authorities.isEmpty() ? QStringLiteral("this system") : authorities, libraryError()));
    return std::shared_ptr<const TlsTrust>(new TlsTrust(std::move(context)));
}

TlsSession::TlsSession(std::unique_ptr<Handle> handle) : m_handle(std::move(handle)) {}
TlsSession::~TlsSession() = default;

Result<std::unique_ptr<TlsSession>> TlsSession::start(std::shared_ptr<const TlsTrust> trust, const QString &host)
{
    auto handle = std::make_unique<Handle>();
    handle->ssl.reset(::SSL_new(trust->m_context->handle.get()));
    handle->trust = std::move(trust);
    SSL *ssl = handle->ssl.get();
    if (!ssl)
        return tlsError(libraryError());
    handle->in = ::BIO_new(::BIO_s_mem());
    handle->out = ::BIO_new(::BIO_s_mem());
    ::SSL_set_bio(ssl, handle->in, handle->out);
    const QByteArray name = host.toUtf8();
    const bool isAddress = !QHostAddress(host).isNull();
    const int set = isAddress ? ::X509_VERIFY_PARAM_set1_ip_asc(::SSL_get0_param(ssl), name.constData())
                              : ::SSL_set1_host(ssl, name.constData());
    // SSL_set_tlsext_host_name() is a macro with a C cast.
    if (set != 1 || (!isAddress && ::SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                                              const_cast<char *>(name.constData())) != 1))
        return tlsError(QStringLiteral("the host name cannot be verified: %1").arg(libraryError()));
    ::SSL_set_connect_state(ssl);
    return std::unique_ptr<TlsSession>(new TlsSession(std::move(handle)));
}

void TlsSession::takeOutput(QByteArray &toSend)
{
    const qsizetype pending = static_cast<qsizetype>(::BIO_ctrl_pending(m_handle->out));
    const qsizetype old = toSend.size();
    toSend.resize(old + pending);
    if (pending > 0)
        ::BIO_read(m_handle->out, toSend.data() + old, static_cast<int>(pending));
}

Result<bool> TlsSession::handshake(QByteArray &toSend)
{
    SSL *ssl = m_handle->ssl.get();
    ::ERR_clear_error();
    const int done = ::SSL_do_handshake(ssl);
    takeOutput(toSend);
    if (done == 1)
        return true;
    const int reason = ::SSL_get_error(ssl, done);
    if (reason == SSL_ERROR_WANT_READ)
        return false;
    if (const long verdict = ::SSL_get_verify_result(ssl); verdict != X509_V_OK) {
        ::ERR_clear_error();
        return tlsError(QStringLiteral("the server's certificate is not trusted: %1")
                            .arg(QString::fromLatin1(::X509_verify_cert_error_string(verdict))));
    }
    return tlsError(QStringLiteral("the handshake failed: %1").arg(libraryError()));
}

void TlsSession::received(QByteArrayView wire)
{
    ::BIO_write(m_handle->in, wire.data(), static_cast<int>(wire.size()));
}

Result<void> TlsSession::encrypt(QByteArrayView plain, QByteArray &toSend)
{
    ::ERR_clear_error();
    while (!plain.isEmpty()) {
        const int size = static_cast<int>(qMin<qsizetype>(plain.size(), blockSize));
        if (::SSL_write(m_handle->ssl.get(), plain.data(), size) != size)
            return tlsError(QStringLiteral("sending failed: %1").arg(libraryError()));
        plain = plain.sliced(size);
    }
    takeOutput(toSend);
    return {};
}

Result<void> TlsSession::decrypt(QByteArray &plain, QByteArray &toSend)
{
    std::array<char, blockSize> block;
    for (;;) {
        ::ERR_clear_error();
        const int count = ::SSL_read(m_handle->ssl.get(), block.data(), blockSize);
        if (count > 0) {
            plain.append(block.data(), count);
            continue;
        }
        takeOutput(toSend); // answers to the other side's key updates
        const int reason = ::SSL_get_error(m_handle->ssl.get(), count);
        if (reason == SSL_ERROR_WANT_READ)
            return {};
        if (reason == SSL_ERROR_ZERO_RETURN)
            return makeRedisError(RedisErrorKind::Lost, QStringLiteral("the server closed the connection"));
        return tlsError(QStringLiteral("receiving failed: %1").arg(libraryError()));
    }
}

} // namespace a360::cache

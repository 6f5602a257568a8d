// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "db/connection_pool.h"

#include <QHash>
#include <QString>

#include <chrono>
#include <mutex>
#include <optional>
#include <vector>

namespace a360::access {

/// Roles of the contract, highest first.
enum class Role { SuperAdmin, Admin, ProUser, FreeUser };
QString roleName(Role role); ///< "SuperAdmin"
/// In any letter case; nullopt when unknown.
std::optional<Role> roleByName(QStringView name);

struct TokenInfo
{
    qint64 id = 0;
    QString name;
    Role role = Role::FreeUser;
    qint64 createdAt = 0; ///< microseconds since 1970 UTC
    bool revoked = false;
};

/// A token just made. Its text is known only now; the database keeps a hash.
struct NewToken
{
    QString token;
    TokenInfo info;
};

/// Who a request comes from.
struct Identity
{
    qint64 tokenId = 0;
    QString name;
    Role role = Role::FreeUser;
};

/// Access tokens of the HTTP API in table a360_tokens (made by the migrations; without it every call fails with the
/// database's error). Thread-safe; calls block on the database except for verified tokens, which are remembered for
/// `rememberFor`: a token revoked by another process is refused after that time at the latest. The pool must outlive it.
class TokenStore
{
public:
    static constexpr std::chrono::seconds rememberFor{5};

    explicit TokenStore(db::ConnectionPool &pool) : m_pool(pool) {}

    /// An empty name becomes "token". The result is the only place where the token's text ever appears: cancelled at the last
    /// moment, one may be listed that nobody knows.
    Result<NewToken> create(Role role, const QString &name, const CancelToken &cancel = {});
    /// Error{PermissionDenied} ("Token is invalid or expired") when the token is unknown, malformed or revoked.
    Result<Identity> verify(QByteArrayView token, CancelToken cancel = {});
    /// Error{NotFound} when there is no such token. Revoking twice is fine.
    Result<void> revoke(qint64 id, const CancelToken &cancel = {});
    /// All tokens, newest first, revoked ones included.
    Result<std::vector<TokenInfo>> list(const CancelToken &cancel = {});

private:
    using Clock = std::chrono::steady_clock;
    struct Remembered
    {
        Identity identity;
        Clock::time_point until;
    };
    std::optional<Identity> recall(const QByteArray &hash);
    void remember(const QByteArray &hash, const Identity &identity);

    db::ConnectionPool &m_pool;
    std::mutex m_mutex;
    QHash<QByteArray, Remembered> m_remembered; // guarded by m_mutex; by hash of the token
};

} // namespace a360::access

// SPDX-License-Identifier: GPL-3.0-or-later
#include "access/token_store.h"

#include <QCryptographicHash>
#include <QRandomGenerator>

#include <algorithm>
#include <array>

#include <openssl/crypto.h>

namespace a360::access {

namespace {

using enum db::ColumnType;

constexpr char kPrefix[] = "a360_";
constexpr qsizetype kSecretLength = 43; // 32 bytes in base64url without padding
constexpr qsizetype kMostRemembered = 4096;

constexpr std::array<std::pair<Role, const char *>, 4> kRoles{{{Role::SuperAdmin, "SuperAdmin"},
                                                               {Role::Admin, "Admin"},
                                                               {Role::ProUser, "ProUser"},
                                                               {Role::FreeUser, "FreeUser"}}};

QByteArray newSecret()
{
    std::array<quint32, 8> random;
    QRandomGenerator::system()->fillRange(random.data(), qsizetype(random.size()));
    return QByteArray(reinterpret_cast<const char *>(random.data()), sizeof random)
        .toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
}

// The secret has 256 random bits, so a plain hash is enough; slow password hashes protect guessable secrets.
QByteArray hashOf(QByteArrayView token)
{
    return QCryptographicHash::hash(token.toByteArray(), QCryptographicHash::Sha256).toHex();
}

bool looksLikeToken(QByteArrayView token)
{
    return token.startsWith(kPrefix) && token.size() == qsizetype(sizeof kPrefix) - 1 + kSecretLength;
}

Error invalidToken()
{
    return makeError(ErrorCode::PermissionDenied, QStringLiteral("Token is invalid or expired"),
                     QStringLiteral("Authorization"));
}

QString textOf(db::Cell cell)
{
    const std::string_view text = cell.text();
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

} // namespace

QString roleName(Role role)
{
    for (const auto &[value, name] : kRoles) {
        if (value == role)
            return QString::fromLatin1(name);
    }
    return {};
}

std::optional<Role> roleByName(QStringView name)
{
    for (const auto &[value, known] : kRoles) {
        if (name.compare(QLatin1StringView(known), Qt::CaseInsensitive) == 0)
            return value;
    }
    return std::nullopt;
}

Result<NewToken> TokenStore::create(Role role, const QString &name, const CancelToken &cancel)
{
    NewToken made;
    made.info.name = name.trimmed().isEmpty() ? QStringLiteral("token") : name.trimmed();
    made.info.role = role;
    const QByteArray token = kPrefix + newSecret();
    made.token = QString::fromLatin1(token);

    A360_TRY_ASSIGN(db::Lease lease, m_pool.lease(db::Lane::Interactive, cancel, "token create"));
    db::Sql insert(lease.dialect(), "INSERT INTO a360_tokens (name, role, token_hash) VALUES (");
    insert.bind(made.info.name.toUtf8()).raw(", ").bind(roleName(role).toUtf8()).raw(", ").bind(hashOf(token)).raw(")");
    A360_TRY(lease.execute(insert, {{}, cancel}));
    db::Sql select(lease.dialect(), "SELECT id, created_at FROM a360_tokens WHERE token_hash = ");
    select.bind(hashOf(token));
    A360_TRY_ASSIGN(const db::RowBatch rows, lease.query(select, {Integer, Timestamp}, {{}, cancel}));
    if (rows.rowCount() != 1)
        return makeError(ErrorCode::Internal, QStringLiteral("The new token was not stored."));
    made.info.id = rows.cell(0, 0).integer();
    made.info.createdAt = rows.cell(0, 1).isNull() ? 0 : rows.cell(0, 1).integer();
    return made;
}

Result<Identity> TokenStore::verify(QByteArrayView token, CancelToken cancel)
{
    if (!looksLikeToken(token))
        return invalidToken();
    const QByteArray hash = hashOf(token);
    if (const std::optional<Identity> known = recall(hash))
        return *known;

    A360_TRY_ASSIGN(db::Lease lease, m_pool.lease(db::Lane::Interactive, cancel, "token check"));
    db::Sql select(lease.dialect(),
                   "SELECT id, name, role, token_hash FROM a360_tokens WHERE revoked_at IS NULL AND token_hash = ");
    select.bind(hash);
    A360_TRY_ASSIGN(const db::RowBatch rows, lease.query(select, {Integer, Text, Text, Text}));
    if (rows.rowCount() != 1)
        return invalidToken();
    const std::string_view stored = rows.cell(0, 3).text();
    if (stored.size() != static_cast<size_t>(hash.size())
        || CRYPTO_memcmp(stored.data(), hash.constData(), stored.size()) != 0)
        return invalidToken();
    const std::optional<Role> role = roleByName(textOf(rows.cell(0, 2)));
    if (!role)
        return invalidToken();
    const Identity identity{rows.cell(0, 0).integer(), textOf(rows.cell(0, 1)), *role};
    remember(hash, identity);
    return identity;
}

Result<void> TokenStore::revoke(qint64 id, const CancelToken &cancel)
{
    A360_TRY_ASSIGN(db::Lease lease, m_pool.lease(db::Lane::Interactive, cancel, "token revoke"));
    db::Sql update(lease.dialect(), "UPDATE a360_tokens SET revoked_at = coalesce(revoked_at, ");
    update.raw(update.isPostgreSql() ? "now() AT TIME ZONE 'utc'" : "strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000'");
    update.raw(") WHERE id = ").bind(id);
    A360_TRY_ASSIGN(const qint64 changed, lease.execute(update, {{}, cancel}));
    if (changed == 0)
        return makeError(ErrorCode::NotFound, QStringLiteral("There is no token %1.").arg(id));
    const std::lock_guard lock(m_mutex);
    m_remembered.removeIf([id](const auto &entry) { return entry.value().identity.tokenId == id; });
    return {};
}

Result<std::vector<TokenInfo>> TokenStore::list(const CancelToken &cancel)
{
    A360_TRY_ASSIGN(db::Lease lease, m_pool.lease(db::Lane::Interactive, cancel, "token list"));
    const db::Sql select(lease.dialect(),
                         "SELECT id, name, role, created_at, revoked_at FROM a360_tokens ORDER BY id DESC");
    A360_TRY_ASSIGN(const db::RowBatch rows, lease.query(select, {Integer, Text, Text, Timestamp, Timestamp}, {{}, cancel}));
    std::vector<TokenInfo> tokens;
    for (qsizetype row = 0; row < rows.rowCount(); ++row) {
        TokenInfo info;
        info.id = rows.cell(row, 0).integer();
        info.name = textOf(rows.cell(row, 1));
        info.role = roleByName(textOf(rows.cell(row, 2))).value_or(Role::FreeUser);
        info.createdAt = rows.cell(row, 3).isNull() ? 0 : rows.cell(row, 3).integer();
        info.revoked = !rows.cell(row, 4).isNull();
        tokens.push_back(std::move(info));
    }
    return tokens;
}

std::optional<Identity> TokenStore::recall(const QByteArray &hash)
{
    const std::lock_guard lock(m_mutex);
    const auto it = m_remembered.constFind(hash);
    if (it == m_remembered.constEnd() || it->until <= Clock::now())
        return std::nullopt;
    return it->identity;
}

void TokenStore::remember(const QByteArray &hash, const Identity &identity)
{
    const std::lock_guard lock(m_mutex);
    const Clock::time_point now = Clock::now();
    if (m_remembered.size() >= kMostRemembered)
        m_remembered.removeIf([now](const auto &entry) { return entry.value().until <= now; });
    if (m_remembered.size() < kMostRemembered)
        m_remembered.insert(hash, {identity, now + rememberFor});
}

} // namespace a360::access

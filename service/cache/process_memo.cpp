// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache/process_memo.h"

namespace a360::cache {

void MemoRegistry::add(const QByteArray &name, std::weak_ptr<MemoStore> memo)
{
    const std::lock_guard lock(m_mutex);
    m_memos.insert_or_assign(name, std::move(memo));
}

std::map<QByteArray, std::shared_ptr<MemoStore>> MemoRegistry::living() const
{
    const std::lock_guard lock(m_mutex);
    std::map<QByteArray, std::shared_ptr<MemoStore>> all;
    for (const auto &[name, memo] : m_memos) {
        if (std::shared_ptr<MemoStore> store = memo.lock())
            all.emplace(name, std::move(store));
    }
    return all;
}

std::map<QByteArray, MemoStats> MemoRegistry::stats() const
{
    std::map<QByteArray, MemoStats> all;
    for (const auto &[name, memo] : living())
        all.emplace(name, memo->stats());
    return all;
}

QJsonObject MemoRegistry::toJson() const
{
    QJsonObject json;
    for (const auto &[name, memo] : stats()) {
        json.insert(QString::fromUtf8(name), QJsonObject{{QStringLiteral("hits"), memo.hits},
                                                         {QStringLiteral("misses"), memo.misses},
                                                         {QStringLiteral("maxsize"), memo.maxsize},
                                                         {QStringLiteral("currsize"), memo.currsize}});
    }
    return json;
}

void MemoRegistry::clearAll()
{
    for (const auto &[name, memo] : living())
        memo->clear();
}

} // namespace a360::cache

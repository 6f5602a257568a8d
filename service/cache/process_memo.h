// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QJsonObject>

#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <tuple>

namespace a360::cache {

struct MemoStats
{
    qint64 hits = 0, misses = 0;
    qint64 maxsize = 0, currsize = 0;
};

/// What a registry sees of a memo. Thread-safe.
class MemoStore
{
public:
    virtual ~MemoStore() = default;
    virtual MemoStats stats() const = 0;
    virtual void clear() = 0;
};

/// The memos of a program by name, for statistics and for clearing them all. Thread-safe; holds no memo alive.
class MemoRegistry
{
public:
    /// A name used again stands for the newer memo.
    void add(const QByteArray &name, std::weak_ptr<MemoStore> memo);
    std::map<QByteArray, MemoStats> stats() const;
    /// name -> {hits, misses, maxsize, currsize} (contract §7.4).
    QJsonObject toJson() const;
    void clearAll();

private:
    std::map<QByteArray, std::shared_ptr<MemoStore>> living() const;
    mutable std::mutex m_mutex;
    std::map<QByteArray, std::weak_ptr<MemoStore>> m_memos; // guarded by m_mutex
};

/// Values by key, at most `maxsize` of them; the one used longest ago goes first. Thread-safe.
template <typename Key, typename Value>
class LruStore final : public MemoStore
{
public:
    explicit LruStore(size_t maxsize) : m_maxsize(maxsize > 0 ? maxsize : 1) {}

    std::optional<Value> find(const Key &key)
    {
        const std::lock_guard lock(m_mutex);
        const auto it = m_places.find(key);
        if (it == m_places.end()) {
            ++m_misses;
            return std::nullopt;
        }
        ++m_hits;
        m_recency.splice(m_recency.begin(), m_recency, it->second);
        return it->second->second;
    }

    /// Keeps a value unless there is one by now; gives the one that is kept.
    Value keep(const Key &key, Value value)
    {
        const std::lock_guard lock(m_mutex);
        if (const auto it = m_places.find(key); it != m_places.end())
            return it->second->second;
        m_recency.emplace_front(key, std::move(value));
        m_places.emplace(key, m_recency.begin());
        if (m_places.size() > m_maxsize) {
            m_places.erase(m_recency.back().first);
            m_recency.pop_back();
        }
        return m_recency.front().second;
    }

    MemoStats stats() const override
    {
        const std::lock_guard lock(m_mutex);
        return {m_hits, m_misses, qint64(m_maxsize), qint64(m_places.size())};
    }

    void clear() override
    {
        const std::lock_guard lock(m_mutex);
        m_places.clear();
        m_recency.clear();
        m_hits = m_misses = 0;
    }

private:
    using Recency = std::list<std::pair<Key, Value>>; // newest first
    const size_t m_maxsize;
    mutable std::mutex m_mutex;
    Recency m_recency; // guarded by m_mutex, as all below
    std::map<Key, typename Recency::iterator> m_places;
    qint64 m_hits = 0, m_misses = 0;
};

/// Remembers what a function gave for its latest `maxsize` different arguments, for as long as the process runs: for
/// data that never changes (contract §7.4). The function runs outside the lock, so two threads may compute the same value
/// at once; both get the one that was kept first. A Result that is an error is not kept. Arguments need operator<.
/// Thread-safe; copies share their memory.
template <typename Value, typename... Arguments>
class ProcessMemo
{
public:
    static constexpr size_t standardSize = 128;

    ProcessMemo(MemoRegistry &registry, const QByteArray &name, std::function<Value(const Arguments &...)> function,
                size_t maxsize = standardSize)
        : m_store(std::make_shared<Store>(maxsize)), m_function(std::move(function))
    {
        registry.add(name, m_store);
    }

    Value operator()(const Arguments &...arguments) const
    {
        const Key key(arguments...);
        if (std::optional<Value> known = m_store->find(key))
            return *std::move(known);
        Value value = m_function(arguments...);
        if constexpr (requires { value.error(); }) {
            if (!value.ok())
                return value;
        }
        return m_store->keep(key, std::move(value));
    }

    MemoStats stats() const { return m_store->stats(); }
    void clear() const { m_store->clear(); }

private:
    using Key = std::tuple<Arguments...>;
    using Store = LruStore<Key, Value>;
    std::shared_ptr<Store> m_store;
    std::function<Value(const Arguments &...)> m_function;
};

} // namespace a360::cache

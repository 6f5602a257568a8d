// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cache/cache_backend.h"

#include <atomic>
#include <memory>

namespace a360::cache {

/// A near tier of this process in front of a far one that several processes share. Reads go on to the far tier after a
/// miss and bring the entry near; writes and removals go to both. What another process removes from the far tier is
/// still near here: keys that carry epochs (see keyAtEpochs()) need no removal, of all others the near tier keeps a copy
/// for `nearTime` at most. What this process removes is never brought near again by a read that was under way.
class TieredCache final : public CacheBackend
{
public:
    static constexpr std::chrono::milliseconds nearTime{1000};

    TieredCache(std::unique_ptr<CacheBackend> near, std::unique_ptr<CacheBackend> far, Clock clock = systemClock);

    QByteArray name() const override { return "tiered"; }
    std::optional<CacheEntry> get(const QByteArray &key) override;
    bool set(const QByteArray &key, const CacheEntry &entry) override;
    bool remove(const QByteArray &key) override;
    qint64 removePattern(const QByteArray &glob) override;
    qint64 removePrefix(const QByteArray &start) override;
    std::vector<BackendStats> stats() const override;
    void close() override;

private:
    bool setNear(const QByteArray &key, CacheEntry entry);
    template <typename Removal>
    auto removed(Removal removal);

    const std::unique_ptr<CacheBackend> m_near;
    const std::unique_ptr<CacheBackend> m_far;
    const Clock m_clock;
    std::atomic<quint64> m_removals = 0; ///< begun or under way: raised before and after each
};

} // namespace a360::cache

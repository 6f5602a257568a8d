// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

#include <vector>

namespace a360::cache {

/// How often keys were asked for lately: a count-min sketch of 4-bit counters whose four rows lie in one cache line,
/// halved once in ten times the cache's capacity (Einziger, Friedman, Manes: TinyLFU, 2017). Takes about 8 bytes for
/// each entry of the cache. Not thread-safe.
class FrequencySketch
{
public:
    /// `capacity`: entries of the cache it decides for.
    explicit FrequencySketch(size_t capacity);

    void increment(size_t hash);
    /// 0 to 15; never below the true count since the last halving, as long as that is below 15.
    int frequency(size_t hash) const;
    qint64 halvings() const { return m_halvings; }

private:
    static constexpr size_t wordsPerBlock = 8; // 64 bytes
    struct Place
    {
        size_t block;
        quint64 choices; // one byte per row: word and counter in it
    };
    Place placeOf(size_t hash) const;
    void halve();

    std::vector<quint64> m_words;
    size_t m_blockMask;
    size_t m_period;
    size_t m_additions = 0;
    qint64 m_halvings = 0;
};

} // namespace a360::cache

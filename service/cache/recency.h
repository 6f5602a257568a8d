// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cache/frequency_sketch.h"

#include <QtGlobal>

#include <array>
#include <limits>
#include <optional>
#include <vector>

namespace a360::cache {

/// Who may stay when a memory cache is full.
enum class Admission {
    Lru,     ///< whoever was used last
    TinyLfu, ///< W-TinyLFU: a newcomer must be asked for more often than the one it would replace
};

/// Who of a shard's entries was used when, and who has to go next. The entries are linked by recency: in one list under
/// LRU, under W-TinyLFU in three: newcomers enter the window (1 %); who falls out of it goes to probation and has to win
/// against the entry used longest ago there; a hit in probation moves to the protected list (80 % of the rest). It knows
/// entries by their index only and has memory of its own, so that noting hits writes nothing that a lookup reads.
/// Not thread-safe.
class Recency
{
public:
    using Index = quint32;
    static constexpr Index none = std::numeric_limits<Index>::max();
    enum Segment : quint8 { Window, Probation, Protected };
    static constexpr std::array<Segment, 3> segments{Window, Probation, Protected};

    /// `entries` and `bytes`: the bounds of the shard.
    Recency(Admission admission, size_t entries, qint64 bytes);

    void add(Index index, qint64 cost); ///< as the newest of the window
    void remove(Index index);
    void setCost(Index index, qint64 cost);
    void touch(Index index);       ///< it was used
    void countRequest(size_t hash); ///< somebody asked for a key, whether it was there or not

    /// Under W-TinyLFU moves the oldest of a window that is too large to probation; what was moved last, or `none`.
    Index shrinkWindow();
    Index victim() const; ///< who is to go first; `none` when nobody is there
    /// Whether the key of a newcomer is worth more than that of the entry it would replace.
    bool admits(size_t candidate, size_t victim);

    Index newest(Segment segment) const { return m_lists[segment].newest; }
    Index oldest(Segment segment) const { return m_lists[segment].oldest; }
    Index nextOlder(Index index) const { return m_places[index].older; }

    /// Bytes it needs for one entry.
    static constexpr qint64 placeSize() { return qint64(sizeof(Place)); }

private:
    struct Place
    {
        Index newer = none, older = none;
        quint64 linkedAt = 0; // m_links when it became the newest
        qint64 cost = 0;
        Segment segment = Window;
    };
    struct List
    {
        Index newest = none, oldest = none;
        size_t size = 0;
        qint64 bytes = 0;
    };

    void link(Index index, Segment segment);
    void unlink(Index index);

    size_t m_windowLimit, m_protectedLimit;
    qint64 m_windowBytes;
    std::vector<Place> m_places;
    std::array<List, 3> m_lists;
    quint64 m_links = 0;
    std::optional<FrequencySketch> m_sketch; // TinyLfu only
    quint32 m_random = 0x9E37'79B9;
};

} // namespace a360::cache

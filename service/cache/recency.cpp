// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache/recency.h"

#include <algorithm>

namespace a360::cache {

namespace {

constexpr int clearlyPopular = 5;
constexpr qint64 windowShareOfBytes = 32;

} // namespace

Recency::Recency(Admission admission, size_t entries, qint64 bytes) : m_windowBytes(bytes / windowShareOfBytes)
{
    if (admission == Admission::Lru) {
        m_windowLimit = entries;
        m_protectedLimit = 0;
        return;
    }
    m_windowLimit = std::max<size_t>(1, entries / 100);
    m_protectedLimit = (entries - m_windowLimit) * 4 / 5;
    m_sketch.emplace(entries);
}

void Recency::add(Index index, qint64 cost)
{
    if (index >= m_places.size())
        m_places.resize(size_t(index) + 1);
    m_places[index].cost = cost;
    link(index, Window);
}

void Recency::remove(Index index)
{
    unlink(index);
}

void Recency::setCost(Index index, qint64 cost)
{
    Place &place = m_places[index];
    m_lists[place.segment].bytes += cost - place.cost;
    place.cost = cost;
}

void Recency::countRequest(size_t hash)
{
    if (m_sketch)
        m_sketch->increment(hash);
}

void Recency::link(Index index, Segment segment)
{
    List &list = m_lists[segment];
    Place &place = m_places[index];
    place.segment = segment;
    place.newer = none;
    place.older = list.newest;
    (list.newest == none ? list.oldest : m_places[list.newest].newer) = index;
    list.newest = index;
    place.linkedAt = ++m_links;
    list.bytes += place.cost;
    ++list.size;
}

void Recency::unlink(Index index)
{
    const Place &place = m_places[index];
    List &list = m_lists[place.segment];
    (place.newer == none ? list.newest : m_places[place.newer].older) = place.older;
    (place.older == none ? list.oldest : m_places[place.older].newer) = place.newer;
    list.bytes -= place.cost;
    --list.size;
}

void Recency::touch(Index index)
{
    const Segment segment = m_places[index].segment;
    if (segment != Probation) {
        // Whoever is among the newest stays where it is: popular entries are read, not written, and so their memory does
        // not wander between the processors. Among the protected ones order matters less than in a list that decides alone.
        const size_t newestShare = segment == Protected ? 2 : 8;
        if (m_links - m_places[index].linkedAt <= m_lists[segment].size / newestShare)
            return;
        unlink(index);
        link(index, segment);
        return;
    }
    unlink(index);
    link(index, Protected);
    while (m_lists[Protected].size > m_protectedLimit) {
        const Index demoted = m_lists[Protected].oldest;
        unlink(demoted);
        link(demoted, Probation);
    }
}

Recency::Index Recency::shrinkWindow()
{
    Index moved = none;
    while (m_sketch && (m_lists[Window].size > m_windowLimit || m_lists[Window].bytes > m_windowBytes)) {
        moved = m_lists[Window].oldest;
        unlink(moved);
        link(moved, Probation);
    }
    return moved;
}

Recency::Index Recency::victim() const
{
    for (const Segment segment : {Probation, Protected, Window}) {
        if (m_lists[segment].oldest != none)
            return m_lists[segment].oldest;
    }
    return none;
}

bool Recency::admits(size_t candidate, size_t victim)
{
    const int asked = m_sketch->frequency(candidate);
    if (asked > m_sketch->frequency(victim))
        return true;
    // Now and then in spite of the counts, so that nobody can lock up the cache with keys that collide in the sketch.
    if (asked <= clearlyPopular)
        return false;
    m_random = m_random * 1664525 + 1013904223;
    return (m_random >> 25) == 0;
}

} // namespace a360::cache

// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache/frequency_sketch.h"

#include <algorithm>
#include <bit>

namespace a360::cache {

namespace {

constexpr int rows = 4;
constexpr quint64 counterMask = 0xF;
constexpr quint64 resetMask = 0x7777'7777'7777'7777;

/// Finaliser of SplitMix64: the table of the cache has already used the bits of the hash as they are.
quint64 mixed(quint64 hash)
{
    hash = (hash ^ (hash >> 30)) * 0xBF58'476D'1CE4'E5B9;
    hash = (hash ^ (hash >> 27)) * 0x94D0'49BB'1331'11EB;
    return hash ^ (hash >> 31);
}

} // namespace

FrequencySketch::FrequencySketch(size_t capacity)
    : m_words(std::bit_ceil(std::max<size_t>(capacity, wordsPerBlock))), m_blockMask(m_words.size() / wordsPerBlock - 1),
      m_period(std::max<size_t>(capacity, wordsPerBlock) * 10)
{
}

FrequencySketch::Place FrequencySketch::placeOf(size_t hash) const
{
    const quint64 spread = mixed(hash);
    return {(spread & m_blockMask) * wordsPerBlock, spread >> 32};
}

void FrequencySketch::increment(size_t hash)
{
    const Place place = placeOf(hash);
    bool added = false;
    for (int row = 0; row < rows; ++row) {
        const quint64 choice = place.choices >> (row * 8);
        quint64 &word = m_words[place.block + size_t(row) * 2 + (choice & 1)];
        const int shift = int((choice >> 1) & counterMask) * 4;
        if (((word >> shift) & counterMask) != counterMask) {
            word += quint64(1) << shift;
            added = true;
        }
    }
    if (added && ++m_additions >= m_period)
        halve();
}

int FrequencySketch::frequency(size_t hash) const
{
    const Place place = placeOf(hash);
    quint64 least = counterMask;
    for (int row = 0; row < rows; ++row) {
        const quint64 choice = place.choices >> (row * 8);
        const quint64 word = m_words[place.block + size_t(row) * 2 + (choice & 1)];
        least = std::min(least, (word >> (int((choice >> 1) & counterMask) * 4)) & counterMask);
    }
    return int(least);
}

/// What was popular long ago must not keep out what is popular now.
void FrequencySketch::halve()
{
    for (quint64 &word : m_words)
        word = (word >> 1) & resetMask;
    m_additions /= 2;
    ++m_halvings;
}

} // namespace a360::cache

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/// Searching bytes sixteen at a time (SSE2, which every x86-64 has; plain loops elsewhere).
namespace a360::transfer {

/// First position in [p, end) that holds one of `needles`; `end` when none does.
template <typename... Chars>
const char *findAny(const char *p, const char *end, Chars... needles)
{
#if defined(__SSE2__)
    for (; end - p >= 16; p += 16) {
        __m128i block;
        std::memcpy(&block, p, sizeof block);
        const auto hits = static_cast<unsigned>(
            _mm_movemask_epi8((_mm_cmpeq_epi8(block, _mm_set1_epi8(needles)) | ...)));
        if (hits != 0)
            return p + std::countr_zero(hits);
    }
#endif
    while (p != end && !((*p == needles) || ...))
        ++p;
    return p;
}

/// One bit for each of the 64 bytes at `p` that is one of `needles`.
template <typename... Chars>
std::uint64_t matchMask64(const char *p, Chars... needles)
{
    std::uint64_t mask = 0;
#if defined(__SSE2__)
    for (unsigned i = 0; i < 4; ++i) {
        __m128i block;
        std::memcpy(&block, p + 16 * i, sizeof block);
        const auto hits = static_cast<unsigned>(
            _mm_movemask_epi8((_mm_cmpeq_epi8(block, _mm_set1_epi8(needles)) | ...)));
        mask |= std::uint64_t{hits} << (16 * i);
    }
#else
    for (unsigned i = 0; i < 64; ++i)
        mask |= std::uint64_t{((p[i] == needles) || ...)} << i;
#endif
    return mask;
}

/// First byte of [p, end) that is not ASCII, or is NUL; `end` when all are plain.
inline const char *skipAscii(const char *p, const char *end)
{
#if defined(__SSE2__)
    const __m128i zero = _mm_setzero_si128();
    for (; end - p >= 16; p += 16) {
        __m128i block;
        std::memcpy(&block, p, sizeof block);
        // Signed compare: bytes from 0x80 on are negative, NUL is zero.
        const auto plain = static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpgt_epi8(block, zero)));
        if (plain != 0xFFFFu)
            return p + std::countr_one(plain);
    }
#endif
    while (p != end && static_cast<signed char>(*p) > 0)
        ++p;
    return p;
}

} // namespace a360::transfer

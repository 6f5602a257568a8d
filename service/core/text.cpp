// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text.h"

#include "core/case_folding_table.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <iterator>

namespace a360 {

namespace {

constexpr std::uint64_t highBits = 0x8080808080808080u;

// Latin, Greek, Cyrillic and Armenian fold by lookup; the rest is searched for.
constexpr char32_t directLimit = 0x600;

constexpr auto directFolding = [] {
    std::array<char16_t, directLimit> table{};
    for (char32_t c = 0; c < directLimit; ++c)
        table[c] = static_cast<char16_t>(c >= U'A' && c <= U'Z' ? c + 32 : c);
    for (const FoldingRange &range : foldingRanges) {
        for (std::uint32_t c = range.first; c <= range.last && c < directLimit; c += range.stride)
            table[c] = static_cast<char16_t>(static_cast<std::int32_t>(c) + range.delta);
    }
    return table;
}();

char32_t searchFolding(char32_t c)
{
    // Nothing between the scripts around U+2D00 and Lisu has case: CJK text need not be searched for.
    if (c >= 0x2D00 && c < 0xA640)
        return c;
    const auto *range = std::upper_bound(std::begin(foldingRanges), std::end(foldingRanges), c,
                                         [](char32_t value, const FoldingRange &r) { return value < r.first; });
    if (range == std::begin(foldingRanges))
        return c;
    --range;
    if (c > range->last || (c - range->first) % range->stride != 0)
        return c;
    return static_cast<char32_t>(static_cast<std::int32_t>(c) + range->delta);
}

std::uint64_t load8(const char *p)
{
    std::uint64_t v;
    std::memcpy(&v, p, sizeof v);
    return v;
}

/// Lower-cases eight ASCII bytes at once: bit 7 of each sum tells whether the byte lies in A..Z.
std::uint64_t lowerAscii8(std::uint64_t v)
{
    const std::uint64_t atLeastA = v + 0x3F3F3F3F3F3F3F3Fu;
    const std::uint64_t aboveZ = v + 0x2525252525252525u;
    return v | (((atLeastA & ~aboveZ) & highBits) >> 2);
}

bool isContinuation(char c)
{
    return (static_cast<unsigned char>(c) & 0xC0u) == 0x80u;
}

/// Length of the valid sequence at the start of `s`, 0 when there is none.
size_t sequenceLength(std::string_view s, char32_t &codePoint)
{
    const auto byte = [&](size_t i) { return static_cast<char32_t>(static_cast<unsigned char>(s[i])); };
    const char32_t lead = byte(0);
    if (lead < 0x80) {
        codePoint = lead;
        return 1;
    }
    const size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || s.size() < length)
        return 0;
    char32_t c = lead & (0x7Fu >> length);
    for (size_t i = 1; i < length; ++i) {
        if (!isContinuation(s[i]))
            return 0;
        c = (c << 6) | (byte(i) & 0x3Fu);
    }
    if ((length == 3 && (c < 0x800 || (c >= 0xD800 && c <= 0xDFFF))) || (length == 4 && (c < 0x10000 || c > 0x10FFFF)))
        return 0;
    codePoint = c;
    return length;
}

size_t encode(char *out, char32_t c)
{
    const auto put = [&](size_t i, char32_t value) { out[i] = static_cast<char>(static_cast<unsigned char>(value)); };
    if (c < 0x80) {
        put(0, c);
        return 1;
    }
    if (c < 0x800) {
        put(0, 0xC0 | (c >> 6));
        put(1, 0x80 | (c & 0x3F));
        return 2;
    }
    if (c < 0x10000) {
        put(0, 0xE0 | (c >> 12));
        put(1, 0x80 | ((c >> 6) & 0x3F));
        put(2, 0x80 | (c & 0x3F));
        return 3;
    }
    put(0, 0xF0 | (c >> 18));
    put(1, 0x80 | ((c >> 12) & 0x3F));
    put(2, 0x80 | ((c >> 6) & 0x3F));
    put(3, 0x80 | (c & 0x3F));
    return 4;
}

/// `out` has room for 3/2 of the text: the longest growth is from two bytes (U+023A, U+023E) to three.
size_t foldBytes(char *out, std::string_view text)
{
    char *const start = out;
    const char *at = text.data();
    const char *const end = at + text.size();
    while (at != end) {
        while (end - at >= 8) {
            const std::uint64_t block = load8(at);
            if (block & highBits)
                break;
            const std::uint64_t folded = lowerAscii8(block);
            std::memcpy(out, &folded, sizeof folded);
            at += 8;
            out += 8;
        }
        if (at == end)
            break;
        char32_t c = 0;
        const size_t length = sequenceLength({at, static_cast<size_t>(end - at)}, c);
        if (length == 0) {
            *out++ = *at++;
            continue;
        }
        out += encode(out, foldCase(c));
        at += length;
    }
    return static_cast<size_t>(out - start);
}

size_t foldedCapacity(size_t size)
{
    return size + size / 2 + 8;
}

} // namespace

char32_t foldCase(char32_t codePoint)
{
    return codePoint < directLimit ? directFolding[codePoint] : searchFolding(codePoint);
}

QByteArray foldCase(std::string_view utf8)
{
    QByteArray folded(static_cast<qsizetype>(foldedCapacity(utf8.size())), Qt::Uninitialized);
    folded.truncate(static_cast<qsizetype>(foldBytes(folded.data(), utf8)));
    return folded;
}

void foldCaseInto(std::string &folded, std::string_view utf8)
{
    folded.resize(foldedCapacity(utf8.size()));
    folded.resize(foldBytes(folded.data(), utf8));
}

bool containsFolded(std::string_view haystack, std::string_view foldedNeedle)
{
    if (foldedNeedle.empty())
        return true;
    thread_local std::string folded;
    foldCaseInto(folded, haystack);
    return std::string_view(folded).find(foldedNeedle) != std::string_view::npos;
}

bool isUnicodeSpace(char32_t c)
{
    if (c < 0x80)
        return c == U' ' || (c >= 0x09 && c <= 0x0D);
    return c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 ||
           c == 0x202F || c == 0x205F || c == 0x3000;
}

std::string_view trimmed(std::string_view utf8)
{
    const auto removable = [](char32_t c) { return c == 0 || c == 0xFEFF || isUnicodeSpace(c); };
    while (!utf8.empty()) {
        std::string_view rest = utf8;
        if (!removable(takeCodePoint(rest)))
            break;
        utf8 = rest;
    }
    while (!utf8.empty()) {
        size_t start = utf8.size() - 1;
        while (start > 0 && utf8.size() - start < 4 && isContinuation(utf8[start]))
            --start;
        std::string_view last = utf8.substr(start);
        if (!removable(takeCodePoint(last)) || !last.empty())
            break;
        utf8 = utf8.substr(0, start);
    }
    return utf8;
}

bool isValidUtf8(std::string_view bytes)
{
    while (!bytes.empty()) {
        if (bytes.size() >= 8 && (load8(bytes.data()) & highBits) == 0) {
            bytes.remove_prefix(8);
            continue;
        }
        char32_t c = 0;
        const size_t length = sequenceLength(bytes, c);
        if (length == 0)
            return false;
        bytes.remove_prefix(length);
    }
    return true;
}

std::vector<std::string_view> words(std::string_view utf8)
{
    std::vector<std::string_view> found;
    const char *start = nullptr;
    for (std::string_view rest = utf8; !rest.empty();) {
        const char *const at = rest.data();
        const bool space = isUnicodeSpace(takeCodePoint(rest));
        if (!space && start == nullptr)
            start = at;
        if (space && start != nullptr) {
            found.emplace_back(start, static_cast<size_t>(at - start));
            start = nullptr;
        }
    }
    if (start != nullptr)
        found.emplace_back(start, static_cast<size_t>(utf8.data() + utf8.size() - start));
    return found;
}

QByteArray sortedWords(std::string_view utf8)
{
    const QByteArray folded = foldCase(utf8);
    std::vector<std::string_view> parts = words(asView(folded));
    std::sort(parts.begin(), parts.end());
    QByteArray joined;
    for (const std::string_view part : parts) {
        if (!joined.isEmpty())
            joined += ' ';
        joined.append(part.data(), static_cast<qsizetype>(part.size()));
    }
    return joined;
}

QByteArray webDomain(std::string_view website)
{
    std::string_view text = trimmed(website);
    if (const size_t scheme = text.find("://"); scheme != std::string_view::npos)
        text.remove_prefix(scheme + 3);
    text = text.substr(0, text.find_first_of("/?#"));
    if (const size_t at = text.rfind('@'); at != std::string_view::npos)
        text.remove_prefix(at + 1);
    text = text.substr(0, text.find(':'));
    const QByteArray folded = foldCase(text);
    std::string_view host = asView(folded);
    if (host.starts_with("www."))
        host.remove_prefix(4);
    while (host.ends_with('.'))
        host.remove_suffix(1);
    if (host == "_")
        return {};
    return {host.data(), static_cast<qsizetype>(host.size())};
}

char32_t takeCodePoint(std::string_view &rest)
{
    char32_t c = 0;
    const size_t length = sequenceLength(rest, c);
    rest.remove_prefix(length == 0 ? 1 : length);
    return length == 0 ? invalidCodePoint : c;
}

void appendUtf8(std::string &out, char32_t codePoint)
{
    char buffer[4];
    out.append(buffer, encode(buffer, codePoint));
}

} // namespace a360

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <string>
#include <string_view>
#include <vector>

namespace a360 {

/// The same bytes as a std::string_view (Qt 6.4 has no such conversion).
inline std::string_view asView(QByteArrayView bytes)
{
    return {bytes.data(), static_cast<size_t>(bytes.size())};
}

/// Unicode simple case folding (CaseFolding.txt, status C and S) of UTF-8 text; invalid bytes pass through. This is the
/// meaning of "case-insensitive" everywhere in the product (decision 14). All functions here are thread-safe.
QByteArray foldCase(std::string_view utf8);
/// The same, into a buffer the caller reuses (its old content is replaced).
void foldCaseInto(std::string &folded, std::string_view utf8);
/// Simple case folding of one code point.
char32_t foldCase(char32_t codePoint);
/// True when `foldedNeedle` (already folded) occurs in the folding of `haystack`.
bool containsFolded(std::string_view haystack, std::string_view foldedNeedle);
/// Without leading and trailing Unicode white space (and NUL and U+FEFF).
std::string_view trimmed(std::string_view utf8);
bool isUnicodeSpace(char32_t codePoint);
bool isValidUtf8(std::string_view bytes);

/// The parts between runs of Unicode white space.
std::vector<std::string_view> words(std::string_view utf8);
/// The folded words in byte order, joined by one space: "VP  Sales" and "sales vp" give the same.
QByteArray sortedWords(std::string_view utf8);
/// Host name of a web address, folded: without scheme, user, `www.`, port, path and trailing dots. Empty when nothing
/// is left or the text is the placeholder `_`.
QByteArray webDomain(std::string_view website);

/// What takeCodePoint() returns for a byte that starts no valid sequence.
inline constexpr char32_t invalidCodePoint = 0xFFFFFFFF;
/// Removes the first code point of `rest` (which must not be empty) and returns it. Of an invalid sequence only its
/// first byte is removed.
char32_t takeCodePoint(std::string_view &rest);
void appendUtf8(std::string &out, char32_t codePoint);

} // namespace a360

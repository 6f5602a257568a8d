// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <string_view>

namespace a360 {

/// Unicode simple case folding (CaseFolding.txt, status C and S) of UTF-8 text; invalid bytes pass through. This is the
/// meaning of "case-insensitive" everywhere in the product (decision 14).
QByteArray foldCase(std::string_view utf8);
/// Simple case folding of one code point.
char32_t foldCase(char32_t codePoint);
/// True when `foldedNeedle` (already folded) occurs in the folding of `haystack`.
bool containsFolded(std::string_view haystack, std::string_view foldedNeedle);
/// Without leading and trailing Unicode white space (and NUL and U+FEFF).
std::string_view trimmed(std::string_view utf8);
bool isValidUtf8(std::string_view bytes);

} // namespace a360

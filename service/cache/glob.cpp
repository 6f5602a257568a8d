// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache/glob.h"

namespace a360::cache {

namespace {

/// The element of a pattern at `at`: sets `next` to what follows it. Never called on a `*`.
bool elementMatches(QByteArrayView pattern, qsizetype at, char byte, qsizetype &next)
{
    const char first = pattern[at];
    next = at + 1;
    if (first == '?')
        return true;
    if (first == '\\' && next < pattern.size())
        return pattern[next++] == byte;
    if (first != '[')
        return first == byte;

    qsizetype i = at + 1;
    const bool inverted = i < pattern.size() && pattern[i] == '^';
    i += inverted ? 1 : 0;
    bool found = false;
    for (const qsizetype begin = i; i < pattern.size() && (pattern[i] != ']' || i == begin); ++i) {
        if (pattern[i] == '\\' && i + 1 < pattern.size())
            ++i;
        const auto low = static_cast<unsigned char>(pattern[i]);
        auto high = low;
        if (i + 2 < pattern.size() && pattern[i + 1] == '-' && pattern[i + 2] != ']') {
            high = static_cast<unsigned char>(pattern[i + 2]);
            i += 2;
        }
        const auto looked = static_cast<unsigned char>(byte);
        found = found || (looked >= qMin(low, high) && looked <= qMax(low, high));
    }
    if (i >= pattern.size())
        return first == byte; // no closing bracket
    next = i + 1;
    return found != inverted;
}

} // namespace

bool globMatches(QByteArrayView pattern, QByteArrayView text)
{
    qsizetype p = 0, t = 0;
    qsizetype star = -1, starText = 0; // where to go back to: the last star takes one byte more
    while (t < text.size()) {
        qsizetype next = 0;
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            starText = t;
        } else if (p < pattern.size() && elementMatches(pattern, p, text[t], next)) {
            p = next;
            ++t;
        } else if (star >= 0) {
            p = star + 1;
            t = ++starText;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*')
        ++p;
    return p == pattern.size();
}

QByteArray escapeGlob(QByteArrayView text)
{
    QByteArray out;
    for (const char byte : text) {
        if (byte == '*' || byte == '?' || byte == '[' || byte == ']' || byte == '\\')
            out += '\\';
        out += byte;
    }
    return out;
}

} // namespace a360::cache

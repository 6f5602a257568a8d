// SPDX-License-Identifier: GPL-3.0-or-later
#include "contacts/postgres_folding.h"

#include "core/text.h"

#include <algorithm>
#include <string>

namespace a360::contacts {

namespace {

struct FoldedOnly
{
    char32_t character;
    char32_t folding;
};

// Characters that fold to another letter although lower() leaves them alone.
constexpr FoldedOnly foldedOnly[] = {
    {0x00B5, 0x03BC}, {0x017F, U's'},   {0x0345, 0x03B9}, {0x03C2, 0x03C3}, {0x03D0, 0x03B2}, {0x03D1, 0x03B8},
    {0x03D5, 0x03C6}, {0x03D6, 0x03C0}, {0x03F0, 0x03BA}, {0x03F1, 0x03C1}, {0x03F5, 0x03B5}, {0x1C80, 0x0432},
    {0x1C81, 0x0434}, {0x1C82, 0x043E}, {0x1C83, 0x0441}, {0x1C84, 0x0442}, {0x1C85, 0x0442}, {0x1C86, 0x044A},
    {0x1C87, 0x0463}, {0x1C88, 0xA64B}, {0x1E9B, 0x1E61}, {0x1FBE, 0x03B9},
};
constexpr char32_t dottedI = 0x0130;      // lowers to i, folds to itself
constexpr char32_t standIn = 0xFDD0;      // a noncharacter, which no text holds, stands for it
constexpr char32_t capitalSigma = 0x03A3; // ICU lowers it by its place in the word
constexpr char32_t smallSigma = 0x03C3;

/// More patterns than this cost the planner more than they save.
constexpr size_t mostCandidates = 12;

void appendEscaped(std::string &out, char32_t c)
{
    if (c == U'%' || c == U'_' || c == U'\\')
        out += '\\';
    appendUtf8(out, c);
}

QByteArray patternAround(const std::string &middle)
{
    return QByteArray("%") + QByteArray::fromStdString(middle) + '%';
}

std::vector<char32_t> rareFormsOf(char32_t folded)
{
    std::vector<char32_t> forms;
    for (const FoldedOnly &rare : foldedOnly) {
        if (rare.folding == folded)
            forms.push_back(rare.character);
    }
    return forms;
}

/// Characters whose foldings an ASCII lower() cannot find: all beyond ASCII, and the ASCII letters that others fold to.
bool needsWildcardInAscii(char32_t folded)
{
    return folded >= 0x80 || folded == U's' || folded == U'k';
}

/// What the server's lower() takes for an i although it is none.
PatternProof proofOf(const std::u32string &folded)
{
    if (folded.find(dottedI) != std::u32string::npos)
        return PatternProof::Nothing;
    return folded.find(U'i') != std::u32string::npos ? PatternProof::UnlessDottedI : PatternProof::All;
}

PostgresNeedle asciiNeedle(const std::u32string &folded)
{
    PostgresNeedle needle;
    std::string wide;
    needle.exact = std::none_of(folded.begin(), folded.end(), needsWildcardInAscii);
    for (const char32_t c : folded) {
        if (needsWildcardInAscii(c))
            wide += '_';
        else
            appendEscaped(wide, c);
    }
    needle.wideCandidate = patternAround(wide);
    needle.candidates = {needle.wideCandidate};
    return needle;
}

/// Rows are sorted by the first place where a rare form stands: before it the common letter, at it the rare form, behind
/// it anything. That is one pattern more per rare form, not twice as many per letter.
PostgresNeedle unicodeNeedle(const std::u32string &folded)
{
    PostgresNeedle needle;
    needle.proof = proofOf(folded);
    needle.exact = true;
    size_t patterns = 1;
    std::string common, wide;
    std::vector<std::string> rarePatterns; // open at their end
    for (const char32_t c : folded) {
        const std::vector<char32_t> rare = rareFormsOf(c);
        if (rare.empty()) {
            appendEscaped(common, c);
            appendEscaped(wide, c);
            for (std::string &pattern : rarePatterns)
                appendEscaped(pattern, c);
            needle.exact = needle.exact && c != U'i' && c != dottedI;
            continue;
        }
        needle.exact = false;
        for (std::string &pattern : rarePatterns)
            pattern += '_';
        wide += '_';
        if (patterns + rare.size() > mostCandidates) {
            common += '_';
            continue;
        }
        for (const char32_t form : rare) {
            rarePatterns.push_back(common);
            appendEscaped(rarePatterns.back(), form);
        }
        patterns += rare.size();
        appendEscaped(common, c);
    }
    needle.wideCandidate = patternAround(wide);
    needle.candidates.push_back(patternAround(common));
    for (const std::string &pattern : rarePatterns)
        needle.candidates.push_back(patternAround(pattern));
    return needle;
}

} // namespace

QByteArray likeEscaped(std::string_view text)
{
    QByteArray out;
    for (const char c : text) {
        if (c == '%' || c == '_' || c == '\\')
            out += '\\';
        out += c;
    }
    return out;
}

PostgresNeedle postgresNeedle(std::string_view text, ServerLower lower)
{
    const QByteArray foldedBytes = foldCase(text);
    std::u32string folded;
    for (std::string_view rest = asView(foldedBytes); !rest.empty();)
        folded += takeCodePoint(rest);
    PostgresNeedle needle = lower == ServerLower::Unicode ? unicodeNeedle(folded) : asciiNeedle(folded);
    needle.pattern = '%' + likeEscaped(asView(foldedBytes)) + '%';
    return needle;
}

QByteArray dottedILiteral()
{
    std::string out;
    appendUtf8(out, dottedI);
    return '\'' + QByteArray::fromStdString(out) + '\'';
}

QByteArray postgresFoldExpression(const QByteArray &textExpression, const QByteArray &collation)
{
    static const auto [from, to] = [] {
        std::string characters, replacements;
        for (const FoldedOnly &rare : foldedOnly) {
            appendUtf8(characters, rare.character);
            appendUtf8(replacements, rare.folding);
        }
        appendUtf8(characters, dottedI);
        appendUtf8(replacements, standIn);
        appendUtf8(characters, capitalSigma);
        appendUtf8(replacements, smallSigma);
        return std::pair(QByteArray::fromStdString(characters), QByteArray::fromStdString(replacements));
    }();
    return "lower(translate(" + textExpression + ", '" + from + "', '" + to + "')" +
           (collation.isEmpty() ? QByteArray() : " COLLATE " + collation) + ')';
}

} // namespace a360::contacts

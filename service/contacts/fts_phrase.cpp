// SPDX-License-Identifier: GPL-3.0-or-later
#include "contacts/fts_phrase.h"

#include "core/text.h"

#include <algorithm>
#include <iterator>
#include <string>

namespace a360::contacts {

namespace {

struct Range
{
    char32_t first, last;
};

// Foldings of letters that FTS5 does not bring together, with some neighbours where that makes the list shorter.
constexpr Range foldedTooNewly[] = {
    {0x025C, 0x025C}, {0x0261, 0x0261}, {0x026A, 0x026C}, {0x0282, 0x0282}, {0x0287, 0x0287}, {0x029D, 0x029E},
    {0x03F3, 0x03F3}, {0x0432, 0x0432}, {0x0434, 0x0434}, {0x043E, 0x043E}, {0x0441, 0x0442}, {0x044A, 0x044A},
    {0x0463, 0x0463}, {0x0529, 0x052F}, {0x10D0, 0x10FF}, {0x13A0, 0x13F5}, {0x1D8E, 0x1D8E}, {0x2C5F, 0x2C5F},
    {0xA640, 0xABFF}, {0x10400, 0x1EFFF},
};

bool breaksPhrase(char32_t folded, FtsContent content)
{
    if (folded == invalidCodePoint)
        return true;
    if (content == FtsContent::Json && (folded < 0x20 || folded == U'"' || folded == U'\\'))
        return true;
    return std::any_of(std::begin(foldedTooNewly), std::end(foldedTooNewly),
                       [folded](const Range &range) { return folded >= range.first && folded <= range.last; });
}

} // namespace

QByteArray ftsPhrases(std::string_view needle, FtsContent content)
{
    const QByteArray folded = foldCase(needle);
    std::string query, phrase;
    size_t length = 0;
    const auto endPhrase = [&] {
        if (length >= 3) // the tokens are three characters long
            query += (query.empty() ? "\"" : " AND \"") + phrase + '"';
        phrase.clear();
        length = 0;
    };
    for (std::string_view rest = asView(folded); !rest.empty();) {
        const char32_t c = takeCodePoint(rest);
        if (breaksPhrase(c, content)) {
            endPhrase();
            continue;
        }
        if (c == U'"')
            phrase += '"';
        appendUtf8(phrase, c);
        ++length;
    }
    endPhrase();
    return QByteArray::fromStdString(query);
}

} // namespace a360::contacts

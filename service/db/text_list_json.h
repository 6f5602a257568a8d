// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "db/cell.h"

#include <string>

namespace a360::db {

/// TextList columns of SQLite hold a JSON array of strings and nulls as text: `["a","b"]`, UTF-8, nothing escaped but
/// the quote, the backslash and control characters.

/// Appends the JSON text of a TextList cell (not NULL).
void appendTextListJson(std::string &out, Cell list);
std::string textListJson(const TextList &list);

/// Walks the elements of such a text. Tolerant, so that foreign data is never lost: a text that is no JSON array is
/// one element, and elements that are no strings are taken as they are written.
class TextListJsonReader
{
public:
    explicit TextListJsonReader(std::string_view json);
    bool next();
    /// Valid until the following next(). Points into the text unless escapes had to be decoded.
    std::string_view element() const { return m_element; }
    bool elementIsNull() const { return m_null; }

private:
    void skipSpace();
    bool readString();
    void readOther();
    bool takeEscape();

    std::string_view m_text;
    size_t m_at = 0;
    bool m_isArray = true;
    bool m_done = false;
    bool m_null = false;
    std::string_view m_element;
    std::string m_decoded; // the element's text when it had escapes
};

/// Appends one element in the TextList cell format of cell.h.
void appendTextListElement(std::string &out, std::string_view element);
void appendTextListNull(std::string &out);
/// A list as bytes in the TextList cell format.
std::string textListBytes(const TextList &list);
/// Decodes JSON text into bytes in the TextList cell format.
void textListBytesFromJson(std::string_view json, std::string &out);

} // namespace a360::db

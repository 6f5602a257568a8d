// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/text_list_json.h"

namespace a360::db {

namespace {

void appendQuoted(std::string &out, std::string_view text)
{
    static const char hex[] = "0123456789abcdef";
    out += '"';
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (c == '\n') {
            out += "\\n";
        } else if (c == '\t') {
            out += "\\t";
        } else if (c == '\r') {
            out += "\\r";
        } else if (byte < 0x20) {
            out += "\\u00";
            out += hex[byte >> 4];
            out += hex[byte & 15];
        } else {
            out += c;
        }
    }
    out += '"';
}

void appendUtf8(std::string &out, char32_t c)
{
    if (c < 0x80) {
        out += static_cast<char>(c);
    } else if (c < 0x800) {
        out += static_cast<char>(0xC0 | (c >> 6));
        out += static_cast<char>(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        out += static_cast<char>(0xE0 | (c >> 12));
        out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
        out += static_cast<char>(0x80 | (c & 0x3F));
    } else {
        out += static_cast<char>(0xF0 | (c >> 18));
        out += static_cast<char>(0x80 | ((c >> 12) & 0x3F));
        out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
        out += static_cast<char>(0x80 | (c & 0x3F));
    }
}

/// Four hexadecimal digits at `at`, or -1.
int hex4(std::string_view text, size_t at)
{
    if (at + 4 > text.size())
        return -1;
    int value = 0;
    for (size_t i = at; i < at + 4; ++i) {
        const char c = text[i];
        int digit = -1;
        if (c >= '0' && c <= '9')
            digit = c - '0';
        else if (c >= 'a' && c <= 'f')
            digit = c - 'a' + 10;
        else if (c >= 'A' && c <= 'F')
            digit = c - 'A' + 10;
        if (digit < 0)
            return -1;
        value = value * 16 + digit;
    }
    return value;
}

} // namespace

void appendTextListJson(std::string &out, Cell list)
{
    out += '[';
    bool first = true;
    for (TextListReader reader(list); reader.next(); first = false) {
        if (!first)
            out += ',';
        if (reader.elementIsNull())
            out += "null";
        else
            appendQuoted(out, reader.element());
    }
    out += ']';
}

std::string textListJson(const TextList &list)
{
    const std::string bytes = textListBytes(list);
    std::string json;
    appendTextListJson(json, Cell{bytes.data(), static_cast<qint32>(bytes.size())});
    return json;
}

TextListJsonReader::TextListJsonReader(std::string_view json) : m_text(json)
{
    skipSpace();
    size_t end = m_text.size();
    while (end > m_at && (m_text[end - 1] == ' ' || m_text[end - 1] == '\n'))
        --end;
    m_isArray = end - m_at >= 2 && m_text[m_at] == '[' && m_text[end - 1] == ']';
    if (m_isArray) {
        m_text = m_text.substr(0, end - 1);
        ++m_at;
    } else {
        m_at = 0;
        m_done = m_text.empty();
    }
}

void TextListJsonReader::skipSpace()
{
    while (m_at < m_text.size() &&
           (m_text[m_at] == ' ' || m_text[m_at] == '\n' || m_text[m_at] == '\r' || m_text[m_at] == '\t'))
        ++m_at;
}

bool TextListJsonReader::next()
{
    if (m_done)
        return false;
    m_null = false;
    if (!m_isArray) {
        m_element = m_text;
        m_done = true;
        return true;
    }
    skipSpace();
    if (m_at >= m_text.size())
        return false;
    if (m_text[m_at] != '"' || !readString())
        readOther();
    skipSpace();
    if (m_at < m_text.size() && m_text[m_at] == ',')
        ++m_at;
    else
        m_done = true;
    return true;
}

bool TextListJsonReader::readString()
{
    const size_t begin = m_at++;
    const size_t start = m_at;
    size_t plain = m_text.find_first_of("\"\\", m_at);
    if (plain != std::string_view::npos && m_text[plain] == '"') {
        m_element = m_text.substr(start, plain - start);
        m_at = plain + 1;
        return true;
    }
    m_decoded.clear();
    while (plain != std::string_view::npos) {
        m_decoded.append(m_text.substr(m_at, plain - m_at));
        m_at = plain;
        if (m_text[m_at] == '"') {
            ++m_at;
            m_element = m_decoded;
            return true;
        }
        if (!takeEscape())
            break;
        plain = m_text.find_first_of("\"\\", m_at);
    }
    m_at = begin; // no end, or a broken escape: taken as it is written
    return false;
}

bool TextListJsonReader::takeEscape()
{
    if (m_at + 1 >= m_text.size())
        return false;
    const char kind = m_text[m_at + 1];
    m_at += 2;
    switch (kind) {
    case 'n': m_decoded += '\n'; return true;
    case 't': m_decoded += '\t'; return true;
    case 'r': m_decoded += '\r'; return true;
    case 'b': m_decoded += '\b'; return true;
    case 'f': m_decoded += '\f'; return true;
    case '"':
    case '\\':
    case '/': m_decoded += kind; return true;
    case 'u': break;
    default: return false;
    }
    int unit = hex4(m_text, m_at);
    if (unit < 0)
        return false;
    m_at += 4;
    auto codePoint = static_cast<char32_t>(unit);
    if (unit >= 0xD800 && unit < 0xDC00 && m_text.substr(m_at, 2) == "\\u") {
        const int low = hex4(m_text, m_at + 2);
        if (low >= 0xDC00 && low < 0xE000) {
            codePoint = 0x10000 + ((static_cast<char32_t>(unit) - 0xD800) << 10) + (static_cast<char32_t>(low) - 0xDC00);
            m_at += 6;
        }
    }
    if (codePoint >= 0xD800 && codePoint < 0xE000)
        codePoint = 0xFFFD; // half a surrogate pair has no UTF-8
    appendUtf8(m_decoded, codePoint);
    return true;
}

void TextListJsonReader::readOther()
{
    const size_t start = m_at;
    int depth = 0;
    for (; m_at < m_text.size(); ++m_at) {
        const char c = m_text[m_at];
        if (c == '[' || c == '{')
            ++depth;
        else if (c == ']' || c == '}')
            --depth;
        else if (c == ',' && depth <= 0)
            break;
    }
    m_element = m_text.substr(start, m_at - start);
    while (!m_element.empty() && m_element.back() == ' ')
        m_element.remove_suffix(1);
    m_null = m_element == "null";
}

void appendTextListElement(std::string &out, std::string_view element)
{
    const auto size = static_cast<qint32>(element.size());
    out.append(reinterpret_cast<const char *>(&size), sizeof size);
    out.append(element);
}

void appendTextListNull(std::string &out)
{
    const qint32 none = -1;
    out.append(reinterpret_cast<const char *>(&none), sizeof none);
}

std::string textListBytes(const TextList &list)
{
    std::string out;
    for (const QByteArray &element : list)
        appendTextListElement(out, {element.constData(), static_cast<size_t>(element.size())});
    return out;
}

void textListBytesFromJson(std::string_view json, std::string &out)
{
    for (TextListJsonReader reader(json); reader.next();) {
        if (reader.elementIsNull())
            appendTextListNull(out);
        else
            appendTextListElement(out, reader.element());
    }
}

} // namespace a360::db

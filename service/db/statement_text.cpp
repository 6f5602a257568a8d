// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/statement_text.h"

#include <algorithm>
#include <cctype>

namespace a360::db {

namespace {

bool isWordByte(char c)
{
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isSpace(char c)
{
    return std::isspace(static_cast<unsigned char>(c));
}

/// Cuts a statement into words, values and signs.
class Tokens
{
public:
    enum class Kind { End, Word, Value, Sign };
    explicit Tokens(QByteArrayView text) : m_text(text) {}

    /// The next token; token() is its text.
    Kind next()
    {
        skipBlank();
        m_begin = m_at;
        if (m_at >= m_text.size())
            return Kind::End;
        const char c = m_text[m_at];
        if (c == '\'')
            return quoted(false);
        if ((c == 'E' || c == 'e') && at(m_at + 1) == '\'') {
            ++m_at;
            return quoted(true);
        }
        if (c == '"')
            return quotedName();
        if (isDigit(c) || (c == '.' && isDigit(at(m_at + 1))))
            return number();
        if (isWordByte(c))
            return word();
        if (c == '$' && dollarQuoted())
            return Kind::Value;
        if ((c == '$' || c == '?') && parameter())
            return Kind::Value;
        ++m_at;
        if (c == ':' && at(m_at) == ':')
            ++m_at;
        return Kind::Sign;
    }
    QByteArrayView token() const { return m_text.sliced(m_begin, m_at - m_begin); }
    bool spaceBefore() const { return m_spaceBefore; }

private:
    char at(qsizetype index) const { return index < m_text.size() ? m_text[index] : '\0'; }

    void skipBlank()
    {
        const qsizetype start = m_at;
        for (;;) {
            if (m_at < m_text.size() && isSpace(m_text[m_at]))
                ++m_at;
            else if (at(m_at) == '-' && at(m_at + 1) == '-')
                m_at = std::min(m_text.size(), endOf("\n", m_at));
            else if (at(m_at) == '/' && at(m_at + 1) == '*')
                m_at = endOf("*/", m_at + 2);
            else
                break;
        }
        m_spaceBefore = m_at > start;
    }
    /// Behind the next occurrence of `mark`, or the end.
    qsizetype endOf(QByteArrayView mark, qsizetype from) const
    {
        const qsizetype found = m_text.indexOf(mark, from);
        return found < 0 ? m_text.size() : found + mark.size();
    }
    Kind quoted(bool backslashes)
    {
        for (++m_at; m_at < m_text.size(); ++m_at) {
            if (backslashes && m_text[m_at] == '\\') {
                ++m_at;
            } else if (m_text[m_at] == '\'') {
                if (at(m_at + 1) != '\'')
                    break;
                ++m_at;
            }
        }
        m_at = std::min(m_text.size(), m_at + 1);
        return Kind::Value;
    }
    Kind quotedName()
    {
        m_at = endOf("\"", m_at + 1);
        return Kind::Word;
    }
    Kind number()
    {
        while (isWordByte(at(m_at)) || at(m_at) == '.' ||
               ((at(m_at) == '+' || at(m_at) == '-') && (m_text[m_at - 1] == 'e' || m_text[m_at - 1] == 'E')))
            ++m_at;
        return Kind::Value;
    }
    Kind word()
    {
        while (m_at < m_text.size() && (isWordByte(m_text[m_at]) || m_text[m_at] == '$'))
            ++m_at;
        return Kind::Word;
    }
    bool dollarQuoted()
    {
        qsizetype end = m_at + 1;
        while (isWordByte(at(end)))
            ++end;
        if (at(end) != '$' || isDigit(at(m_at + 1)))
            return false;
        const QByteArrayView mark = m_text.sliced(m_at, end + 1 - m_at);
        m_at = endOf(mark, end + 1);
        return true;
    }
    bool parameter()
    {
        qsizetype end = m_at + 1;
        while (isDigit(at(end)))
            ++end;
        if (m_text[m_at] == '$' && end == m_at + 1)
            return false;
        m_at = end;
        return true;
    }

    QByteArrayView m_text;
    qsizetype m_begin = 0, m_at = 0;
    bool m_spaceBefore = false;
};

/// "(?, ?, ?)" at the end of `text` becomes "(...)"; the closing bracket has just been written.
void collapseList(QByteArray &text)
{
    const char opening = text.back() == ')' ? '(' : '[';
    qsizetype at = text.size() - 2;
    int values = 0;
    while (at >= 0 && (text[at] == '?' || text[at] == ',' || text[at] == ' ')) {
        values += text[at] == '?' ? 1 : 0;
        --at;
    }
    if (values == 0 || at < 0 || text[at] != opening)
        return;
    // A function's own arguments are no list: f(?, ?) stays as it is.
    const QByteArrayView before = QByteArrayView(text).first(at).trimmed();
    const auto endsWithWord = [&before](QByteArrayView word) {
        return before.size() >= word.size() && before.last(word.size()).compare(word, Qt::CaseInsensitive) == 0;
    };
    if (opening == '(' && !before.isEmpty() && isWordByte(before.back()) && !endsWithWord("in") && !endsWithWord("values"))
        return;
    text.truncate(at + 1);
    text += "...";
    text += opening == '(' ? ')' : ']';
    for (const QByteArrayView again : {QByteArrayView("(...), (...)"), QByteArrayView("(...),(...)")}) {
        if (text.endsWith(again))
            text.chop(again.size() - 5);
    }
}

QByteArrayView firstWord(Tokens &tokens)
{
    Tokens::Kind kind = tokens.next();
    while (kind == Tokens::Kind::Sign && tokens.token() == "(")
        kind = tokens.next();
    return kind == Tokens::Kind::Word ? tokens.token() : QByteArrayView();
}

bool isOneOf(QByteArrayView word, std::initializer_list<const char *> words)
{
    return std::any_of(words.begin(), words.end(), [word](const char *other) {
        return word.compare(QByteArrayView(other), Qt::CaseInsensitive) == 0;
    });
}

/// No further statement follows, and (`plain`) no word that changes data.
bool restIsHarmless(Tokens &tokens, bool plain)
{
    bool ended = false;
    for (;;) {
        const Tokens::Kind kind = tokens.next();
        if (kind == Tokens::Kind::End)
            return true;
        if (ended)
            return false;
        if (kind == Tokens::Kind::Sign && tokens.token() == ";")
            ended = true;
        if (plain && kind == Tokens::Kind::Word && isOneOf(tokens.token(), {"insert", "update", "delete", "merge"}))
            return false;
    }
}

} // namespace

QByteArray statementFingerprint(QByteArrayView text)
{
    QByteArray out;
    out.reserve(text.size());
    Tokens tokens(text);
    bool castFollows = false; // behind a value: `::` and the type's name belong to it
    bool inTypeBrackets = false; // between those of text[]
    for (Tokens::Kind kind = tokens.next(); kind != Tokens::Kind::End; kind = tokens.next()) {
        if (castFollows && kind == Tokens::Kind::Sign && tokens.token() == "::") {
            tokens.next();
            continue;
        }
        if (castFollows && kind == Tokens::Kind::Sign && tokens.token() == "[" && out.endsWith('?')) {
            inTypeBrackets = true;
            continue;
        }
        if (inTypeBrackets && kind == Tokens::Kind::Sign && tokens.token() == "]") {
            inTypeBrackets = castFollows = false;
            continue;
        }
        inTypeBrackets = false;
        if (tokens.spaceBefore() && !out.isEmpty())
            out += ' ';
        castFollows = kind == Tokens::Kind::Value;
        if (kind == Tokens::Kind::Value) {
            out += '?';
            continue;
        }
        out += tokens.token();
        if (kind == Tokens::Kind::Sign && (out.back() == ')' || out.back() == ']'))
            collapseList(out);
    }
    while (out.endsWith(';') || out.endsWith(' '))
        out.chop(1);
    return out;
}

bool isSelect(QByteArrayView text)
{
    Tokens tokens(text);
    const QByteArrayView verb = firstWord(tokens);
    if (isOneOf(verb, {"select"}))
        return restIsHarmless(tokens, false);
    return isOneOf(verb, {"with"}) && restIsHarmless(tokens, true);
}

bool onlyReads(QByteArrayView text)
{
    Tokens tokens(text);
    const QByteArrayView verb = firstWord(tokens);
    if (isOneOf(verb, {"select", "explain", "show", "set", "pragma", "values", "begin", "commit", "rollback"}))
        return restIsHarmless(tokens, false);
    return isOneOf(verb, {"with"}) && restIsHarmless(tokens, true);
}

} // namespace a360::db

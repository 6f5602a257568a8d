// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/postgres_parameters.h"

namespace a360::db {

namespace {

void appendElement(std::string &out, std::string_view text)
{
    out += '"';
    for (const char c : text) {
        if (c == '"' || c == '\\')
            out += '\\';
        out += c;
    }
    out += '"';
}

std::string literal(const Value &value)
{
    if (const auto *number = std::get_if<qint64>(&value))
        return std::to_string(*number);
    if (const auto *list = std::get_if<TextList>(&value))
        return arrayLiteral(*list);
    const QByteArray &text = std::get<QByteArray>(value);
    return {text.constData(), static_cast<size_t>(text.size())};
}

} // namespace

std::string arrayLiteral(const TextList &list)
{
    std::string out = "{";
    for (const QByteArray &element : list) {
        if (out.size() > 1)
            out += ',';
        appendElement(out, {element.constData(), static_cast<size_t>(element.size())});
    }
    return out + '}';
}

std::string arrayLiteral(Cell list)
{
    std::string out = "{";
    for (TextListReader reader(list); reader.next();) {
        if (out.size() > 1)
            out += ',';
        if (reader.elementIsNull())
            out += "NULL";
        else
            appendElement(out, reader.element());
    }
    return out + '}';
}

PostgresParameters::PostgresParameters(const Sql &statement)
{
    m_texts.reserve(statement.values().size());
    m_pointers.reserve(statement.values().size());
    for (const Value &value : statement.values()) {
        if (std::holds_alternative<std::monostate>(value)) {
            m_pointers.push_back(nullptr);
        } else {
            m_texts.push_back(literal(value)); // reserved above: earlier texts keep their place
            m_pointers.push_back(m_texts.back().c_str());
        }
    }
}

} // namespace a360::db

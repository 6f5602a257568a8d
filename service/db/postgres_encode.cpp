// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/postgres_encode.h"

#include "db/postgres_decode.h"
#include "db/timestamp_text.h"

#include <QtEndian>

#include <limits>

namespace a360::db {

namespace {

template <typename T>
void appendBigEndian(std::string &out, T value)
{
    const T wire = qToBigEndian(value);
    out.append(reinterpret_cast<const char *>(&wire), sizeof wire);
}

bool textField(std::string &out, Cell cell)
{
    if (cell.size > 0 && std::memchr(cell.data, '\0', static_cast<size_t>(cell.size)))
        return false; // PostgreSQL's text has no NUL
    appendInt32(out, cell.size);
    out.append(cell.text());
    return true;
}

bool jsonbField(std::string &out, Cell cell)
{
    appendInt32(out, cell.size + 1);
    out += '\1';
    out.append(cell.text());
    return true;
}

template <typename T>
bool integerField(std::string &out, Cell cell)
{
    const qint64 value = cell.integer();
    if (value < std::numeric_limits<T>::min() || value > std::numeric_limits<T>::max())
        return false;
    appendInt32(out, sizeof(T));
    appendBigEndian(out, static_cast<T>(value));
    return true;
}

bool booleanField(std::string &out, Cell cell)
{
    const qint64 value = cell.integer();
    appendInt32(out, 1);
    out += static_cast<char>(value);
    return value == 0 || value == 1;
}

bool integerAsText(std::string &out, Cell cell)
{
    const std::string text = std::to_string(cell.integer());
    appendInt32(out, static_cast<qint32>(text.size()));
    out += text;
    return true;
}

bool doubleField(std::string &out, Cell cell)
{
    appendInt32(out, 8);
    appendBigEndian(out, static_cast<double>(cell.integer()));
    return true;
}

bool timestampField(std::string &out, Cell cell)
{
    appendInt32(out, 8);
    const qint64 time = cell.integer();
    appendInt64(out, time == infiniteFuture || time == infinitePast ? time : time - postgresEpoch);
    return true;
}

/// One dimension, lower bound 1; an empty array has no dimension at all.
template <unsigned ElementType>
bool arrayField(std::string &out, Cell cell)
{
    const size_t start = out.size();
    appendInt32(out, 0); // the length, known at the end
    qint32 count = 0;
    bool hasNull = false;
    for (TextListReader reader(cell); reader.next(); ++count)
        hasNull = hasNull || reader.elementIsNull();
    appendInt32(out, count > 0 ? 1 : 0);
    appendInt32(out, hasNull ? 1 : 0);
    appendInt32(out, static_cast<qint32>(ElementType));
    if (count > 0) {
        appendInt32(out, count);
        appendInt32(out, 1);
    }
    for (TextListReader reader(cell); reader.next();) {
        const std::string_view element = reader.element();
        if (reader.elementIsNull()) {
            appendInt32(out, -1);
            continue;
        }
        if (element.find('\0') != std::string_view::npos)
            return false;
        appendInt32(out, static_cast<qint32>(element.size()));
        out.append(element);
    }
    const auto length = qToBigEndian(static_cast<qint32>(out.size() - start - 4));
    std::memcpy(out.data() + start, &length, sizeof length);
    return true;
}

FieldEncoder integerEncoder(unsigned typeOid)
{
    switch (typeOid) {
    case pg_type::int2: return &integerField<qint16>;
    case pg_type::int4: return &integerField<qint32>;
    case pg_type::int8: return &integerField<qint64>;
    case pg_type::boolean: return &booleanField;
    case pg_type::float8: return &doubleField;
    case pg_type::text:
    case pg_type::varchar: return &integerAsText;
    default: return nullptr;
    }
}

FieldEncoder textEncoder(unsigned typeOid)
{
    switch (typeOid) {
    case pg_type::text:
    case pg_type::varchar:
    case pg_type::bpchar:
    case pg_type::name:
    case pg_type::json:
    case pg_type::xml: return &textField;
    case pg_type::jsonb: return &jsonbField;
    default: return typeOid >= pg_type::firstUserDefined ? &textField : nullptr; // enumerations, citext
    }
}

FieldEncoder listEncoder(unsigned typeOid)
{
    switch (typeOid) {
    case pg_type::textArray: return &arrayField<pg_type::text>;
    case pg_type::varcharArray: return &arrayField<pg_type::varchar>;
    case pg_type::bpcharArray: return &arrayField<pg_type::bpchar>;
    default: return nullptr;
    }
}

} // namespace

FieldEncoder fieldEncoder(unsigned typeOid, ColumnType given)
{
    switch (given) {
    case ColumnType::Text: return textEncoder(typeOid);
    case ColumnType::Integer: return integerEncoder(typeOid);
    case ColumnType::Timestamp:
        return typeOid == pg_type::timestamp || typeOid == pg_type::timestamptz ? &timestampField : nullptr;
    case ColumnType::TextList: return listEncoder(typeOid);
    }
    return nullptr;
}

void appendInt16(std::string &out, qint16 value)
{
    appendBigEndian(out, value);
}

void appendInt32(std::string &out, qint32 value)
{
    appendBigEndian(out, value);
}

void appendInt64(std::string &out, qint64 value)
{
    appendBigEndian(out, value);
}

} // namespace a360::db

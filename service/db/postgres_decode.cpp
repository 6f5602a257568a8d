// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/postgres_decode.h"

#include "db/postgres_parameters.h"
#include "db/text_list_json.h"
#include "db/timestamp_text.h"

#include <QtEndian>

#include <charconv>
#include <limits>

namespace a360::db {

namespace {

constexpr qint64 microsPerDay = 86'400'000'000;

std::string_view view(const char *data, qint32 size)
{
    return {data, static_cast<size_t>(size)};
}

bool appendNumberText(RowBatch &batch, auto number)
{
    char text[64];
    const auto end = std::to_chars(text, text + sizeof text, number);
    batch.appendText({text, static_cast<size_t>(end.ptr - text)});
    return end.ec == std::errc();
}

// ---- integers

bool readAnyInteger(const char *data, qint32 size, qint64 &value)
{
    switch (size) {
    case 1: value = data[0] != 0; return true; // boolean
    case 2: value = readInt16(data); return true;
    case 4: value = readInt32(data); return true;
    case 8: value = readInt64(data); return true;
    default: return false;
    }
}

bool integerToInteger(RowBatch &batch, const char *data, qint32 size)
{
    qint64 value = 0;
    if (!readAnyInteger(data, size, value))
        return false;
    batch.appendInteger(value);
    return true;
}

bool oidToInteger(RowBatch &batch, const char *data, qint32 size)
{
    if (size != 4)
        return false;
    batch.appendInteger(static_cast<quint32>(readInt32(data)));
    return true;
}

bool integerToText(RowBatch &batch, const char *data, qint32 size)
{
    qint64 value = 0;
    return readAnyInteger(data, size, value) && appendNumberText(batch, value);
}

bool boolToText(RowBatch &batch, const char *data, qint32 size)
{
    if (size != 1)
        return false;
    batch.appendText(data[0] ? "true" : "false");
    return true;
}

bool textToInteger(RowBatch &batch, const char *data, qint32 size)
{
    qint64 value = 0;
    const auto end = std::from_chars(data, data + size, value);
    if (end.ec != std::errc() || end.ptr != data + size)
        return false;
    batch.appendInteger(value);
    return true;
}

// ---- floating point and numeric

bool floatToText(RowBatch &batch, const char *data, qint32 size)
{
    if (size == 4)
        return appendNumberText(batch, qFromBigEndian<float>(data));
    return size == 8 && appendNumberText(batch, qFromBigEndian<double>(data));
}

/// The decimal text of a binary numeric: groups of four digits, the first one worth 10000^weight.
bool numericText(const char *data, qint32 size, std::string &out)
{
    if (size < 8)
        return false;
    const int groups = readInt16(data), weight = readInt16(data + 2);
    const auto sign = static_cast<quint16>(readInt16(data + 4));
    const int scale = readInt16(data + 6);
    if (groups < 0 || scale < 0 || size != 8 + 2 * groups)
        return false;
    if (sign == 0xC000 || sign == 0xD000 || sign == 0xF000) {
        out = sign == 0xC000 ? "NaN" : sign == 0xD000 ? "Infinity" : "-Infinity";
        return true;
    }
    const auto group = [&](int index) { return index >= 0 && index < groups ? readInt16(data + 8 + 2 * index) : qint16(0); };
    const auto digits = [](int value) {
        const std::string text = std::to_string(10'000 + value);
        return text.substr(1);
    };
    out = sign == 0x4000 ? "-" : "";
    out += weight < 0 ? "0" : std::to_string(group(0));
    for (int i = 1; i <= weight; ++i)
        out += digits(group(i));
    if (scale == 0)
        return true;
    std::string fraction;
    for (int i = weight + 1; fraction.size() < static_cast<size_t>(scale); ++i)
        fraction += digits(group(i));
    out += '.' + fraction.substr(0, static_cast<size_t>(scale));
    return true;
}

bool numericToText(RowBatch &batch, const char *data, qint32 size)
{
    std::string text;
    if (!numericText(data, size, text))
        return false;
    batch.appendText(text);
    return true;
}

bool numericToInteger(RowBatch &batch, const char *data, qint32 size)
{
    std::string text;
    if (!numericText(data, size, text))
        return false;
    if (const size_t point = text.find('.'); point != std::string::npos) {
        if (text.find_first_not_of('0', point + 1) != std::string::npos)
            return false;
        text.resize(point);
    }
    return textToInteger(batch, text.data(), static_cast<qint32>(text.size()));
}

bool floatToInteger(RowBatch &batch, const char *data, qint32 size)
{
    const double value = size == 4 ? double(qFromBigEndian<float>(data)) : size == 8 ? qFromBigEndian<double>(data) : 0.5;
    if (!(value >= -9007199254740992.0 && value <= 9007199254740992.0) || value != double(static_cast<qint64>(value)))
        return false;
    batch.appendInteger(static_cast<qint64>(value));
    return true;
}

// ---- text

bool textToText(RowBatch &batch, const char *data, qint32 size)
{
    batch.appendText(view(data, size));
    return true;
}

bool jsonbToText(RowBatch &batch, const char *data, qint32 size)
{
    if (size < 1)
        return false;
    batch.appendText(view(data + 1, size - 1)); // a version byte comes first
    return true;
}

bool uuidToText(RowBatch &batch, const char *data, qint32 size)
{
    static const char hex[] = "0123456789abcdef";
    if (size != 16)
        return false;
    char *out = batch.appendUninitialized(36);
    for (int i = 0; i < 16; ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            *out++ = '-';
        const auto byte = static_cast<unsigned char>(data[i]);
        *out++ = hex[byte >> 4];
        *out++ = hex[byte & 15];
    }
    return true;
}

// ---- times

/// Moves PostgreSQL's epoch to 1970. The highest value of the wire stands for infinity, the lowest for its opposite; the
/// last years in front of it do not fit behind 1970 and all become the last moment that does.
template <typename T>
qint64 timeFromWire(T raw, qint64 unit)
{
    if (raw == std::numeric_limits<T>::max())
        return infiniteFuture;
    if (raw == std::numeric_limits<T>::min())
        return infinitePast;
    constexpr qint64 highest = infiniteFuture - 1;
    return raw > (highest - postgresEpoch) / unit ? highest : raw * unit + postgresEpoch;
}

bool timestampMicros(const char *data, qint32 size, qint64 &micros)
{
    if (size == 8)
        micros = timeFromWire(readInt64(data), 1);
    else if (size == 4) // a date: days
        micros = timeFromWire(readInt32(data), microsPerDay);
    return size == 8 || size == 4;
}

bool timeToTimestamp(RowBatch &batch, const char *data, qint32 size)
{
    qint64 micros = 0;
    if (!timestampMicros(data, size, micros))
        return false;
    batch.appendTimestamp(micros);
    return true;
}

bool timeToText(RowBatch &batch, const char *data, qint32 size)
{
    qint64 micros = 0;
    if (!timestampMicros(data, size, micros))
        return false;
    std::string text = timestampText(micros);
    if (size == 4)
        text.resize(text.find('T'));
    batch.appendText(text);
    return true;
}

bool textToTimestamp(RowBatch &batch, const char *data, qint32 size)
{
    const std::optional<qint64> micros = parseTimestampText(view(data, size));
    if (!micros)
        return false;
    batch.appendTimestamp(*micros);
    return true;
}

// ---- arrays

/// Elements of an array of any number of dimensions, in order, in the TextList cell format. Elements of integer arrays
/// become their decimal text.
bool arrayElements(const char *data, qint32 size, std::string &out)
{
    if (size < 12)
        return false;
    const qint32 dimensions = readInt32(data);
    const auto elementType = static_cast<unsigned>(readInt32(data + 8));
    const bool integers = elementType == pg_type::int4 || elementType == pg_type::int8;
    if (dimensions < 0 || dimensions > 6 || size < 12 + 8 * dimensions)
        return false;
    const char *const end = data + size;
    const char *at = data + 12 + 8 * dimensions;
    while (at < end) {
        if (end - at < 4)
            return false;
        const qint32 length = readInt32(at);
        at += 4;
        if (length < 0) {
            appendTextListNull(out);
            continue;
        }
        if (end - at < length)
            return false;
        qint64 number = 0;
        if (integers && readAnyInteger(at, length, number))
            appendTextListElement(out, std::to_string(number));
        else
            appendTextListElement(out, view(at, length));
        at += length;
    }
    return true;
}

bool arrayToList(RowBatch &batch, const char *data, qint32 size)
{
    thread_local std::string bytes;
    bytes.clear();
    if (!arrayElements(data, size, bytes))
        return false;
    batch.appendListBytes(bytes);
    return true;
}

bool arrayToText(RowBatch &batch, const char *data, qint32 size)
{
    std::string bytes;
    if (!arrayElements(data, size, bytes))
        return false;
    batch.appendText(arrayLiteral(Cell{bytes.data(), static_cast<qint32>(bytes.size())}));
    return true;
}

bool textToList(RowBatch &batch, const char *data, qint32 size)
{
    std::string bytes;
    appendTextListElement(bytes, view(data, size));
    batch.appendListBytes(bytes);
    return true;
}

enum class Family { Integer, Boolean, Oid, Float, Numeric, Text, Jsonb, Uuid, Time, Array, None };

Family familyOf(unsigned typeOid)
{
    switch (typeOid) {
    case pg_type::int2:
    case pg_type::int4:
    case pg_type::int8: return Family::Integer;
    case pg_type::boolean: return Family::Boolean;
    case pg_type::oid: return Family::Oid;
    case pg_type::float4:
    case pg_type::float8: return Family::Float;
    case pg_type::numeric: return Family::Numeric;
    case pg_type::jsonb: return Family::Jsonb;
    case pg_type::uuid: return Family::Uuid;
    case pg_type::date:
    case pg_type::timestamp:
    case pg_type::timestamptz: return Family::Time;
    case pg_type::nameArray:
    case pg_type::int4Array:
    case pg_type::textArray:
    case pg_type::bpcharArray:
    case pg_type::varcharArray:
    case pg_type::int8Array: return Family::Array;
    case pg_type::character:
    case pg_type::name:
    case pg_type::text:
    case pg_type::json:
    case pg_type::xml:
    case pg_type::unknown:
    case pg_type::bpchar:
    case pg_type::varchar: return Family::Text;
    default:
        // Enumerations and citext, the types that adopted schemas add, send their text.
        return typeOid >= pg_type::firstUserDefined ? Family::Text : Family::None;
    }
}

} // namespace

FieldDecoder fieldDecoder(unsigned typeOid, ColumnType wanted)
{
    struct Row
    {
        Family family;
        FieldDecoder text, integer, timestamp, list;
    };
    static constexpr Row table[] = {
        {Family::Integer, &integerToText, &integerToInteger, nullptr, nullptr},
        {Family::Boolean, &boolToText, &integerToInteger, nullptr, nullptr},
        {Family::Oid, nullptr, &oidToInteger, nullptr, nullptr},
        {Family::Float, &floatToText, &floatToInteger, nullptr, nullptr},
        {Family::Numeric, &numericToText, &numericToInteger, nullptr, nullptr},
        {Family::Text, &textToText, &textToInteger, &textToTimestamp, &textToList},
        {Family::Jsonb, &jsonbToText, nullptr, nullptr, nullptr},
        {Family::Uuid, &uuidToText, nullptr, nullptr, nullptr},
        {Family::Time, &timeToText, nullptr, &timeToTimestamp, nullptr},
        {Family::Array, &arrayToText, nullptr, nullptr, &arrayToList},
    };
    const Family family = familyOf(typeOid);
    for (const Row &row : table) {
        if (row.family != family)
            continue;
        switch (wanted) {
        case ColumnType::Text: return row.text;
        case ColumnType::Integer: return row.integer;
        case ColumnType::Timestamp: return row.timestamp;
        case ColumnType::TextList: return row.list;
        }
    }
    return nullptr;
}

qint16 readInt16(const char *data)
{
    return qFromBigEndian<qint16>(data);
}

qint32 readInt32(const char *data)
{
    return qFromBigEndian<qint32>(data);
}

qint64 readInt64(const char *data)
{
    return qFromBigEndian<qint64>(data);
}

} // namespace a360::db

// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache/cache_key.h"

#include "cache/cache_backend.h"

#include <QCryptographicHash>
#include <QLocale>

#include <algorithm>
#include <cmath>

namespace a360::cache {

namespace {

const QByteArray keyStart("query_cache:");

QByteArray md5(const QByteArray &text)
{
    return QCryptographicHash::hash(text, QCryptographicHash::Md5).toHex();
}

void appendEscaped(QByteArray &out, QStringView text)
{
    static constexpr char digits[] = "0123456789abcdef";
    out += '"';
    for (const QChar character : text) {
        const char16_t unit = character.unicode();
        switch (unit) {
        case '"': out += "\\\""; break;
        case '\\': out += "\\\\"; break;
        case '\n': out += "\\n"; break;
        case '\r': out += "\\r"; break;
        case '\t': out += "\\t"; break;
        case '\b': out += "\\b"; break;
        case '\f': out += "\\f"; break;
        default:
            if (unit >= 0x20 && unit < 0x7F) {
                out += char(unit);
            } else {
                out += "\\u";
                for (int shift = 12; shift >= 0; shift -= 4)
                    out += digits[(unit >> shift) & 0xF];
            }
        }
    }
    out += '"';
}

/// Python's repr(): the shortest digits that read back the same, with an exponent below 1e-4 and from 1e16 on.
QByteArray pythonDouble(double value)
{
    if (std::isnan(value))
        return "NaN";
    if (std::isinf(value))
        return value > 0 ? "Infinity" : "-Infinity";
    if (value == 0)
        return std::signbit(value) ? "-0.0" : "0.0";
    const double size = std::abs(value);
    if (size < 1e-4 || size >= 1e16)
        return QByteArray::number(value, 'e', QLocale::FloatingPointShortest);
    QByteArray text = QByteArray::number(value, 'f', QLocale::FloatingPointShortest);
    if (!text.contains('.'))
        text += ".0";
    return text;
}

void append(QByteArray &out, const QVariant &value);

void appendList(QByteArray &out, const QVariantList &list)
{
    out += '[';
    for (qsizetype i = 0; i < list.size(); ++i) {
        out += i > 0 ? ", " : "";
        append(out, list[i]);
    }
    out += ']';
}

QStringList sortedKeys(const QVariantMap &map)
{
    QStringList keys = map.keys();
    // By code point, as Python does; QString compares UTF-16 units, which differs beyond the basic plane.
    std::sort(keys.begin(), keys.end(), [](const QString &a, const QString &b) { return a.toUtf8() < b.toUtf8(); });
    return keys;
}

void appendMap(QByteArray &out, const QVariantMap &map)
{
    out += '{';
    bool first = true;
    for (const QString &key : sortedKeys(map)) {
        out += first ? "" : ", ";
        first = false;
        appendEscaped(out, key);
        out += ": ";
        append(out, map.value(key));
    }
    out += '}';
}

void append(QByteArray &out, const QVariant &value)
{
    switch (value.typeId()) {
    case QMetaType::UnknownType:
    case QMetaType::Nullptr: out += "null"; return;
    case QMetaType::Bool: out += value.toBool() ? "true" : "false"; return;
    case QMetaType::Int:
    case QMetaType::Short:
    case QMetaType::Long:
    case QMetaType::LongLong: out += QByteArray::number(value.toLongLong()); return;
    case QMetaType::UInt:
    case QMetaType::UShort:
    case QMetaType::ULong:
    case QMetaType::ULongLong: out += QByteArray::number(value.toULongLong()); return;
    case QMetaType::Float:
    case QMetaType::Double: out += pythonDouble(value.toDouble()); return;
    case QMetaType::QVariantList:
    case QMetaType::QStringList: appendList(out, value.toList()); return;
    case QMetaType::QVariantMap:
    case QMetaType::QVariantHash: appendMap(out, value.toMap()); return;
    default: appendEscaped(out, value.toString());
    }
}

} // namespace

QByteArray pythonJson(const QVariant &value)
{
    QByteArray out;
    append(out, value);
    return out;
}

QByteArray makeKey(const QByteArray &prefix, const CacheArguments &arguments)
{
    QVariantList pairs;
    for (const QString &name : sortedKeys(arguments.kwargs))
        pairs.append(QVariant(QVariantList{name, arguments.kwargs.value(name)}));
    const QVariantMap hashed{{QStringLiteral("args"), arguments.args},
                             {QStringLiteral("kwargs"), pairs},
                             {QStringLiteral("prefix"), QString::fromUtf8(prefix)}};
    return keyStart + prefix + ':' + md5(pythonJson(hashed));
}

QByteArray keyAtEpochs(const QByteArray &key, const QByteArray &epochs)
{
    return key + ':' + epochs;
}

bool carriesEpochs(const QByteArray &key)
{
    constexpr qsizetype hashSize = 32;
    return key.startsWith(keyStart) && key.size() > keyStart.size() + prefixOfKey(key).size() + 1 + hashSize;
}

QByteArray hashArguments(const CacheArguments &arguments)
{
    return md5(pythonJson(QVariantMap{{QStringLiteral("args"), arguments.args}, {QStringLiteral("kwargs"), arguments.kwargs}}));
}

} // namespace a360::cache

// SPDX-License-Identifier: GPL-3.0-or-later
#include "contacts/repository.h"

#include "core/text.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace a360::contacts {

namespace {

constexpr int version = 1;

Error invalid()
{
    return makeError(ErrorCode::InvalidArgument, QStringLiteral("Invalid cursor value"), QStringLiteral("cursor"));
}

QString orderText(const Query &query)
{
    QString out;
    for (const OrderKey &key : query.order)
        out += (out.isEmpty() ? QString() : QStringLiteral(",")) + (key.descending ? QStringLiteral("-") : QString()) +
               QString::fromLatin1(key.name);
    return out;
}

/// Text that is no UTF-8 cannot stand in JSON; it travels as {"base64": …}.
QJsonValue toJson(const db::Value &value)
{
    if (const auto *number = std::get_if<qint64>(&value))
        return QJsonValue(*number);
    const auto *text = std::get_if<QByteArray>(&value);
    if (text == nullptr)
        return QJsonValue();
    if (isValidUtf8(asView(*text)))
        return QJsonValue(QString::fromUtf8(*text));
    return QJsonObject{{QStringLiteral("base64"), QString::fromLatin1(text->toBase64())}};
}

std::optional<db::Value> fromJson(const QJsonValue &json)
{
    if (json.isNull())
        return db::Value();
    if (json.isString())
        return db::Value(json.toString().toUtf8());
    if (json.isDouble())
        return db::Value(json.toInteger());
    const QJsonValue encoded = json.toObject().value(QStringLiteral("base64"));
    if (!encoded.isString())
        return std::nullopt;
    return db::Value(QByteArray::fromBase64(encoded.toString().toLatin1()));
}

/// A decimal number without sign, or nothing.
std::optional<qint64> plainNumber(QByteArrayView text)
{
    if (text.isEmpty() || !std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; }))
        return std::nullopt;
    bool fits = false;
    const qint64 number = text.toByteArray().toLongLong(&fits);
    return fits ? std::optional(number) : std::nullopt;
}

Slice skipping(qint64 offset)
{
    Slice slice;
    slice.skip = offset;
    return slice;
}

Result<Slice> fromObject(const Query &query, const QJsonObject &object)
{
    if (object.value(QStringLiteral("v")).toInt() != version ||
        object.value(QStringLiteral("order")).toString() != orderText(query) ||
        object.value(QStringLiteral("hash")).toString().toLatin1() != query.hash())
        return invalid();
    Keyset after;
    const QJsonArray values = object.value(QStringLiteral("values")).toArray();
    for (const QJsonValue &json : values) {
        const auto value = fromJson(json);
        if (!value)
            return invalid();
        after.values.push_back(*value);
    }
    const QJsonValue id = object.value(QStringLiteral("id"));
    if (!id.isDouble() || after.values.size() + 1 != query.order.size())
        return invalid();
    after.values.emplace_back(id.toInteger());
    Slice slice;
    slice.after = std::move(after);
    return slice;
}

} // namespace

QByteArray encodeCursor(const Query &query, const Keyset &after)
{
    QJsonArray values;
    for (size_t i = 0; i + 1 < after.values.size(); ++i)
        values.append(toJson(after.values[i]));
    const QJsonObject object{{QStringLiteral("v"), version},
                             {QStringLiteral("order"), orderText(query)},
                             {QStringLiteral("values"), values},
                             {QStringLiteral("id"), toJson(after.values.back())},
                             {QStringLiteral("hash"), QString::fromLatin1(query.hash())}};
    return QJsonDocument(object).toJson(QJsonDocument::Compact)
        .toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
}

QByteArray encodeOffsetCursor(qint64 offset)
{
    return ("o=" + QByteArray::number(offset)).toBase64(QByteArray::Base64UrlEncoding);
}

Result<Slice> decodeCursor(const Query &query, QByteArrayView cursor)
{
    if (const auto offset = plainNumber(cursor))
        return skipping(*offset);
    const auto decoded = QByteArray::fromBase64Encoding(
        cursor.toByteArray(), QByteArray::Base64UrlEncoding | QByteArray::AbortOnBase64DecodingErrors);
    if (!decoded)
        return invalid();
    const QByteArray &text = *decoded;
    if (const auto offset = plainNumber(text.startsWith("o=") ? QByteArrayView(text).sliced(2) : QByteArrayView(text)))
        return skipping(*offset);
    const QJsonDocument document = QJsonDocument::fromJson(text);
    if (!document.isObject())
        return invalid();
    return fromObject(query, document.object());
}

} // namespace a360::contacts

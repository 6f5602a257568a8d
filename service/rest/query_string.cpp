// SPDX-License-Identifier: GPL-3.0-or-later
#include "query_string.h"

namespace a360::rest {

namespace {

QByteArray decoded(QByteArray text)
{
    text.replace('+', ' ');
    return QByteArray::fromPercentEncoding(text);
}

} // namespace

contacts::Parameters parseQueryString(QByteArrayView query)
{
    contacts::Parameters parameters;
    for (const QByteArray &pair : query.toByteArray().split('&')) {
        if (pair.isEmpty())
            continue;
        const qsizetype equals = pair.indexOf('=');
        const QByteArray key = decoded(equals < 0 ? pair : pair.first(equals));
        const QByteArray value = equals < 0 ? QByteArray() : decoded(pair.mid(equals + 1));
        parameters.append({QString::fromUtf8(key), QString::fromUtf8(value)});
    }
    return parameters;
}

QString lastValue(const contacts::Parameters &parameters, QStringView key)
{
    for (auto it = parameters.crbegin(); it != parameters.crend(); ++it) {
        if (it->first == key)
            return it->second.isNull() ? QStringLiteral("") : it->second;
    }
    return {};
}

QByteArray replaceInQuery(const QByteArray &query, const QByteArrayList &keys,
                          const QList<QPair<QByteArray, QByteArray>> &added)
{
    QByteArrayList pairs;
    for (const QByteArray &pair : query.split('&')) {
        const qsizetype equals = pair.indexOf('=');
        if (!pair.isEmpty() && !keys.contains(decoded(equals < 0 ? pair : pair.first(equals))))
            pairs += pair;
    }
    for (const auto &[key, value] : added)
        pairs += key.toPercentEncoding() + '=' + value.toPercentEncoding();
    return pairs.join('&');
}

} // namespace a360::rest

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "contacts/query.h"

#include <QByteArrayList>

namespace a360::rest {

/// Decodes `a=1&b=x+y%20z` into pairs, in order, repeated keys kept; '+' is a space; a key without '=' has an empty value.
contacts::Parameters parseQueryString(QByteArrayView query);
/// Value of the last pair of that key; a null string when there is none.
QString lastValue(const contacts::Parameters &parameters, QStringView key);
/// The pairs of a raw query whose key is not among `keys`, as they were written (repeated keys kept), followed by `added`.
QByteArray replaceInQuery(const QByteArray &query, const QByteArrayList &keys,
                          const QList<QPair<QByteArray, QByteArray>> &added);

} // namespace a360::rest

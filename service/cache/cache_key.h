// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QVariant>

namespace a360::cache {

/// What a cached function was called with. Values may be null, booleans, integers, doubles, texts, lists and maps of
/// these; anything else counts as its text.
struct CacheArguments
{
    QVariantList args;
    QVariantMap kwargs;
};

/// `query_cache:<prefix>:<md5 hex>` over the JSON of arguments and prefix (contract §7.1), so that other programs of the
/// product make the same key from the same call. Thread-safe, like all functions here.
QByteArray makeKey(const QByteArray &prefix, const CacheArguments &arguments = {});
/// A key that is good for one state of the data only: `<key>:<epochs>`. `epochs` is a word without colons.
QByteArray keyAtEpochs(const QByteArray &key, const QByteArray &epochs);
bool carriesEpochs(const QByteArray &key);

/// The text Python's json.dumps(value, sort_keys=True, default=str) gives: `, ` and `: ` between the parts, everything
/// outside ASCII escaped, keys sorted by code point, doubles in their shortest form.
QByteArray pythonJson(const QVariant &value);
/// MD5 in hex of the JSON of arguments (the guide's hash_args).
QByteArray hashArguments(const CacheArguments &arguments);

} // namespace a360::cache

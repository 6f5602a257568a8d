// SPDX-License-Identifier: GPL-3.0-or-later
#include "contacts/search_scan.h"

#include "contacts/text_match.h"
#include "core/text.h"

#include <algorithm>

namespace a360::contacts {

namespace {

QString searchField()
{
    return QStringLiteral("search");
}

QString noIndexFinds(const QByteArray &word)
{
    constexpr qsizetype most = 40;
    QString shown = QString::fromUtf8(word);
    if (shown.size() > most)
        shown = shown.left(most) + QStringLiteral("…");
    return QStringLiteral("no index finds '%1'; write a longer word, with at least three letters or digits in a row, or "
                          "leave it out.").arg(shown);
}

QString noIndexes(const SchemaInfo &schema)
{
    if (schema.ownSchema)
        return QStringLiteral("the search indexes of this database are down for an import, or were left behind by one; they "
                              "are back when they have been rebuilt.");
    if (schema.dialect == db::Dialect::Sqlite)
        return QStringLiteral("this file was made by another program and has no search indexes; filters of single fields "
                              "read less, and a file of our own that its full export is imported into has them.");
    return QStringLiteral("this database has no search indexes; `a360 indexes --create` makes them, and until then filters "
                          "of single fields read less.");
}

} // namespace

std::optional<QString> searchScanReason(const SchemaInfo &schema, const std::vector<Filter> &filters)
{
    for (const Filter &filter : filters) {
        if (filter.spec->op != FilterOp::Search)
            continue;
        if (!schema.hasSearchIndex)
            return noIndexes(schema);
        const auto word = std::find_if(filter.texts.begin(), filter.texts.end(), [&](const QByteArray &text) {
            return !isIndexable(asView(text), schema.dialect);
        });
        if (word != filter.texts.end())
            return noIndexFinds(*word);
    }
    return std::nullopt;
}

Error searchTimeout(const QString &reason)
{
    return makeError(ErrorCode::Timeout, QStringLiteral("The search took longer than 5 seconds, as it read every record: ") + reason,
                     searchField());
}

bool isSearchTimeout(const Error &error)
{
    return error.code == ErrorCode::Timeout && error.field == searchField();
}

} // namespace a360::contacts

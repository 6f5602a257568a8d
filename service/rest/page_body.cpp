// SPDX-License-Identifier: GPL-3.0-or-later
#include "page_body.h"

#include "core/bytes.h"
#include "core/text.h"
#include "query_string.h"
#include "transfer/json_text.h"

namespace a360::rest {

using transfer::appendInteger;
using transfer::appendJsonString;

namespace {

constexpr QByteArrayView noMore("-"); // no cursor is ever this short

void appendText(std::string &out, QByteArrayView text)
{
    appendJsonString(out, {text.data(), static_cast<size_t>(text.size())});
}

void appendLink(std::string &out, const char *key, const QByteArray &link)
{
    out += key;
    if (link.isEmpty())
        out += "null";
    else
        appendText(out, link);
}

} // namespace

QByteArray orderingText(const contacts::Query &query)
{
    QByteArrayList keys;
    for (size_t i = 0; i < query.order.size(); ++i) {
        const contacts::OrderKey &key = query.order[i];
        if (i > 0 && i + 1 == query.order.size() && !key.column)
            break;
        keys += (key.descending ? QByteArray("-") : QByteArray()) + key.name;
    }
    return keys.join(',');
}

QByteArray PageBody::link(const Call &call, const QByteArrayList &replaced,
                          const QList<QPair<QByteArray, QByteArray>> &added) const
{
    QByteArray path = call.request->path;
    if (!path.endsWith('/'))
        path += '/';
    return call.baseUrl + path.toPercentEncoding("/") + '?' + replaceInQuery(call.request->query, replaced, added);
}

QByteArray PageBody::nextLink(const Call &call, QByteArrayView next) const
{
    if (next == noMore)
        return {};
    if (paging.offsetGiven)
        return link(call, {"limit", "offset", "page", "page_size", "cursor"},
                    {{"limit", QByteArray::number(paging.limit)}, {"offset", QByteArray::number(paging.offset + paging.limit)}});
    if (next.isEmpty())
        return {};
    return link(call, {"offset", "page", "cursor"}, {{"cursor", next.toByteArray()}});
}

QByteArray PageBody::previousLink(const Call &call) const
{
    if (!paging.offsetGiven || paging.offset == 0)
        return {};
    const qint64 before = qMax<qint64>(paging.offset - paging.limit, 0);
    return link(call, {"limit", "offset", "page", "page_size", "cursor"},
                {{"limit", QByteArray::number(paging.limit)}, {"offset", QByteArray::number(before)}});
}

QByteArray PageBody::storable(const contacts::Page &page, const RecordShape &shape) const
{
    std::string out;
    out.reserve(static_cast<size_t>(page.rows.rowCount()) * 1400 + 1024);
    if (!page.more)
        out += asView(noMore);
    else if (page.last)
        out += asView(contacts::encodeCursor(query.query, *page.last));
    out += "\n,\"results\":[";
    for (qsizetype row = 0; row < page.rows.rowCount(); ++row) {
        if (row > 0)
            out += ',';
        shape.append(out, page.rows, row);
    }
    out += "],\"meta\":";
    appendMeta(out, page);
    out += '}';
    return bytesOf(out);
}

std::optional<QByteArray> PageBody::withLinks(const QByteArray &stored, const Call &call) const
{
    const qsizetype line = stored.indexOf('\n');
    if (line < 0)
        return std::nullopt;
    std::string out;
    out.reserve(static_cast<size_t>(stored.size()) + 1024);
    appendLink(out, "{\"next\":", nextLink(call, QByteArrayView(stored).first(line)));
    appendLink(out, ",\"previous\":", previousLink(call));
    out += viewOf(stored).substr(static_cast<size_t>(line) + 1);
    return bytesOf(out);
}

void PageBody::appendMeta(std::string &out, const contacts::Page &page) const
{
    out += paging.offsetGiven ? "{\"strategy\":\"limit-offset\"" : "{\"strategy\":\"cursor\"";
    out += total && total->estimated ? ",\"count_mode\":\"estimated\"" : ",\"count_mode\":\"actual\"";
    if (total) {
        out += ",\"total\":";
        appendInteger(out, total->rows);
    }
    out += query.query.filters.empty() ? ",\"filters_applied\":false" : ",\"filters_applied\":true";
    out += ",\"ordering\":";
    appendText(out, orderingText(query.query));
    out += ",\"returned_records\":";
    appendInteger(out, page.rows.rowCount());
    out += ",\"page_size\":";
    appendInteger(out, paging.limit);
    out += ",\"page_size_cap\":";
    appendInteger(out, pageSizeCap);
    out += usingReplica ? ",\"using_replica\":true" : ",\"using_replica\":false";
    if (page.scannedWithoutIndex)
        out += ",\"scanned_without_index\":true";
    out += ",\"ignored\":[";
    for (qsizetype i = 0; i < query.ignored.size(); ++i) {
        if (i > 0)
            out += ',';
        appendText(out, query.ignored[i].toUtf8());
    }
    out += "]}";
}

} // namespace a360::rest

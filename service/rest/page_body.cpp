// SPDX-License-Identifier: GPL-3.0-or-later
#include "page_body.h"

#include "contacts/pagination.h"
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
    const PageParameters &paging = request.paging;
    if (paging.offsetGiven)
        return link(call, {"limit", "offset", "page", "page_size", "cursor"},
                    {{"limit", QByteArray::number(paging.limit)}, {"offset", QByteArray::number(paging.offset + paging.limit)}});
    if (next.isEmpty())
        return {};
    return link(call, {"offset", "page", "cursor"}, {{"cursor", next.toByteArray()}});
}

QByteArray PageBody::previousLink(const Call &call) const
{
    const PageParameters &paging = request.paging;
    const qint64 skipped = request.place.skip; // by an offset, or by an old cursor, which is one
    if (skipped == 0)
        return {};
    const qint64 before = qMax<qint64>(skipped - paging.limit, 0);
    if (!paging.offsetGiven)
        return link(call, {"offset", "page", "cursor"}, {{"cursor", contacts::encodeOffsetCursor(before)}});
    return link(call, {"limit", "offset", "page", "page_size", "cursor"},
                {{"limit", QByteArray::number(paging.limit)}, {"offset", QByteArray::number(before)}});
}

QByteArray PageBody::storable(const contacts::Page &page, const RecordShape &shape) const
{
    std::string out;
    out.reserve(static_cast<size_t>(page.rows.rowCount()) * shape.columns().size() * 32 + 1024);
    if (!page.more)
        out += asView(noMore);
    else if (page.last)
        out += asView(contacts::encodeCursor(request.parsed.query, *page.last));
    out += "\n,\"results\":";
    shape.serialize(out, page.rows);
    out += ",\"meta\":";
    appendMeta(out, page);
    out += '}';
    return bytesOf(out);
}

std::optional<QByteArray> PageBody::withLinks(const QByteArray &stored, const Call &call) const
{
    const qsizetype line = stored.indexOf('\n');
    if (line < 0)
        return std::nullopt;
    std::string links;
    appendLink(links, "{\"next\":", nextLink(call, QByteArrayView(stored).first(line)));
    appendLink(links, ",\"previous\":", previousLink(call));
    const QByteArrayView rest = QByteArrayView(stored).sliced(line + 1);
    QByteArray out;
    out.reserve(qsizetype(links.size()) + rest.size());
    return out.append(links.data(), qsizetype(links.size())).append(rest);
}

void PageBody::appendMeta(std::string &out, const contacts::Page &page) const
{
    const PageParameters &paging = request.paging;
    out += paging.offsetGiven ? "{\"strategy\":\"limit-offset\"" : "{\"strategy\":\"cursor\"";
    out += total && total->estimated ? ",\"count_mode\":\"estimated\"" : ",\"count_mode\":\"actual\"";
    if (total)
        appendTotal(out, page);
    out += request.filtered ? ",\"filters_applied\":true" : ",\"filters_applied\":false";
    out += ",\"ordering\":";
    appendText(out, orderingText(request.parsed.query));
    out += ",\"returned_records\":";
    appendInteger(out, page.rows.rowCount());
    out += ",\"page_size\":";
    appendInteger(out, paging.limit);
    out += ",\"page_size_cap\":";
    appendInteger(out, pageSizeCap);
    out += usingReplica ? ",\"using_replica\":true" : ",\"using_replica\":false";
    if (page.scannedWithoutIndex)
        out += ",\"scanned_without_index\":true";
    appendAdvice(out, page);
    out += ",\"ignored\":[";
    for (qsizetype i = 0; i < request.parsed.ignored.size(); ++i) {
        if (i > 0)
            out += ',';
        appendText(out, request.parsed.ignored[i].toUtf8());
    }
    out += "]}";
}

/// Where the page stands among all rows (contract §4.4).
void PageBody::appendTotal(std::string &out, const contacts::Page &page) const
{
    const contacts::PaginationMetadata where =
        contacts::paginationMetadata(total->rows, request.paging.limit, request.place.skip);
    out += ",\"total\":";
    appendInteger(out, total->rows);
    out += ",\"total_pages\":";
    appendInteger(out, *where.totalPages);
    // A keyset cursor does not tell how many rows stand before it, only that some do.
    const bool behindRow = request.place.after.has_value();
    if (!behindRow) {
        out += ",\"current_page\":";
        appendInteger(out, where.currentPage);
    }
    // The page has seen whether rows follow; a total may be an estimate.
    out += page.more ? ",\"has_next\":true" : ",\"has_next\":false";
    out += behindRow || where.hasPrevious ? ",\"has_previous\":true" : ",\"has_previous\":false";
}

/// What would be quicker, and the cursor that it takes where links go on by offsets.
void PageBody::appendAdvice(std::string &out, const contacts::Page &page) const
{
    const PageParameters &paging = request.paging;
    if (!paging.advice.recommendation.isEmpty()) {
        out += ",\"recommendation\":";
        appendText(out, paging.advice.recommendation.toUtf8());
    }
    if (paging.offsetGiven && paging.advice.useCursor && page.more && page.last) {
        out += ",\"next_cursor\":";
        appendText(out, contacts::encodeCursor(request.parsed.query, *page.last));
    }
}

} // namespace a360::rest

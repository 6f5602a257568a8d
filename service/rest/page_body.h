// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "list_request.h"
#include "record_shape.h"
#include "route.h"

#include <optional>

namespace a360::rest {

/// The page object of contract §4.1: links, results, meta. A cache keeps it without its links, which differ from client to
/// client by host and by how they wrote their query.
struct PageBody
{
    const ListRequest &request;
    qint64 pageSizeCap;
    std::optional<contacts::Count> total; ///< only when it was asked for
    bool usingReplica = false;            ///< the rows come from a read replica

    /// Everything but the links, behind one line that says what the link to the next page needs.
    QByteArray storable(const contacts::Page &page, const RecordShape &shape) const;
    /// The body for one client, from storable() of the same query. Nothing when these are no such bytes.
    std::optional<QByteArray> withLinks(const QByteArray &stored, const Call &call) const;

private:
    QByteArray link(const Call &call, const QByteArrayList &replaced, const QList<QPair<QByteArray, QByteArray>> &added) const;
    QByteArray nextLink(const Call &call, QByteArrayView next) const;
    QByteArray previousLink(const Call &call) const;
    void appendMeta(std::string &out, const contacts::Page &page) const;
    void appendTotal(std::string &out, const contacts::Page &page) const;
    void appendAdvice(std::string &out, const contacts::Page &page) const;
};

/// An order as the `ordering` parameter writes it, without the id that makes it total: "-created_at,title".
QByteArray orderingText(const contacts::Query &query);

} // namespace a360::rest

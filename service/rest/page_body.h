// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "contacts/repository.h"
#include "page_parameters.h"
#include "record_shape.h"
#include "route.h"

#include <optional>

namespace a360::rest {

/// The page object of contract §4.1: links, results, meta.
struct PageBody
{
    const Call &call;
    const contacts::ParsedQuery &query;
    const PageParameters &paging;
    qint64 pageSizeCap;
    std::optional<contacts::Count> total; ///< only when it was asked for

    std::string write(const contacts::Page &page, const RecordShape &shape) const;

private:
    QByteArray link(const QByteArrayList &replaced, const QList<QPair<QByteArray, QByteArray>> &added) const;
    QByteArray nextLink(const contacts::Page &page) const;
    QByteArray previousLink() const;
    void appendMeta(std::string &out, const contacts::Page &page) const;
};

/// An order as the `ordering` parameter writes it, without the id that makes it total: "-created_at,title".
QByteArray orderingText(const contacts::Query &query);

} // namespace a360::rest

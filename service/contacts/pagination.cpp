// SPDX-License-Identifier: GPL-3.0-or-later
#include "contacts/pagination.h"

#include "contacts/repository.h"

#include <algorithm>
#include <limits>

namespace a360::contacts {

qint64 normalizePageSize(std::optional<qint64> requested, qint64 defaultSize, qint64 maxSize)
{
    return std::min(requested && *requested > 0 ? *requested : defaultSize, maxSize);
}

bool shouldUseCursorPagination(qint64 offset, qint64 threshold)
{
    return offset >= threshold;
}

qint64 pageOffset(qint64 page, qint64 pageSize)
{
    const qint64 before = std::max<qint64>(page, 1) - 1;
    if (pageSize > 0 && before > std::numeric_limits<qint64>::max() / pageSize)
        return std::numeric_limits<qint64>::max();
    return before * std::max<qint64>(pageSize, 0);
}

PaginationAdvice optimizePaginationParams(qint64 offset, qint64 limit, const QByteArray &cursor)
{
    PaginationAdvice advice{limit, offset, false, {}, {}};
    // Only an offset can be read here: a keyset cursor needs its query, and no query has an empty order.
    const auto place = cursor.isEmpty() ? Result<Slice>(Slice()) : decodeCursor(Query(), cursor);
    if (!cursor.isEmpty() && place.ok()) {
        advice.offset = place->skip;
        advice.cursor = cursor;
    }
    advice.useCursor = !advice.cursor.isEmpty() || shouldUseCursorPagination(advice.offset);
    if (advice.cursor.isEmpty() && shouldUseCursorPagination(advice.offset))
        advice.recommendation =
            QStringLiteral("Go on with the page's cursor instead of an offset: the larger an offset, the slower the page.");
    else if (limit > 500)
        advice.recommendation = QStringLiteral("Ask for smaller pages, of 500 rows or fewer.");
    return advice;
}

PaginationMetadata paginationMetadata(std::optional<qint64> totalItems, qint64 pageSize, qint64 offset)
{
    PaginationMetadata metadata;
    metadata.pageSize = pageSize;
    metadata.currentOffset = offset;
    metadata.currentPage = pageSize > 0 ? offset / pageSize + 1 : 1;
    metadata.hasPrevious = offset > 0;
    if (!totalItems)
        return metadata;
    metadata.totalItems = totalItems;
    metadata.totalPages = pageSize > 0 ? std::max<qint64>((*totalItems + pageSize - 1) / pageSize, 1) : 1;
    metadata.hasNext = pageSize > 0 && offset + pageSize < *totalItems;
    return metadata;
}

} // namespace a360::contacts

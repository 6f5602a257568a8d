// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

#include <optional>

namespace a360::contacts {

// The arithmetic of pages (contract §4.2, §4.4).

/// Missing or not positive: `defaultSize`; never above `maxSize`.
qint64 normalizePageSize(std::optional<qint64> requested, qint64 defaultSize, qint64 maxSize);

/// From this offset on, passing over rows costs more than a cursor.
constexpr qint64 cursorThreshold = 1000;
bool shouldUseCursorPagination(qint64 offset, qint64 threshold = cursorThreshold);

/// Offset of a 1-based page; pages before the first count as the first.
qint64 pageOffset(qint64 page, qint64 pageSize);

struct PaginationAdvice
{
    qint64 limit = 0;
    qint64 offset = 0;
    bool useCursor = false;
    QByteArray cursor;       ///< empty when there is none or it could not be read
    QString recommendation;  ///< for people; empty when there is nothing to improve
};
/// An offset cursor is read into `offset`; one that cannot be read is dropped.
PaginationAdvice optimizePaginationParams(qint64 offset, qint64 limit, const QByteArray &cursor);

struct PaginationMetadata
{
    qint64 pageSize = 0;
    qint64 currentPage = 1;
    qint64 currentOffset = 0;
    std::optional<qint64> totalItems, totalPages; ///< empty when the total is unknown
    std::optional<bool> hasNext;
    bool hasPrevious = false;
};
PaginationMetadata paginationMetadata(std::optional<qint64> totalItems, qint64 pageSize, qint64 offset);

} // namespace a360::contacts

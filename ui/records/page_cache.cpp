// SPDX-License-Identifier: GPL-3.0-or-later
#include "records/page_cache.h"

#include <cstdlib>

namespace a360::ui {

void PageCache::clear()
{
    m_pages.clear();
    m_anchors.clear();
}

void PageCache::insert(qint64 page, contacts::Page content, qint64 visiblePage)
{
    if (content.last)
        addAnchor(page * pageRows + content.rows.rowCount(), *content.last);
    m_pages.insert_or_assign(page, std::move(content));
    while (m_pages.size() > maxPages) {
        // Pages are sorted, so the farthest is at one of the ends.
        const auto last = std::prev(m_pages.end());
        const bool firstIsFarther = std::abs(m_pages.begin()->first - visiblePage) >= std::abs(last->first - visiblePage);
        m_pages.erase(firstIsFarther ? m_pages.begin() : last);
    }
}

std::optional<PageCache::Place> PageCache::find(qint64 row) const
{
    const auto it = m_pages.find(pageOf(row));
    if (it == m_pages.end())
        return std::nullopt;
    const qsizetype place = row - it->first * pageRows;
    if (place < 0 || place >= it->second.rows.rowCount())
        return std::nullopt;
    return Place{&it->second.rows, place};
}

const contacts::Page *PageCache::page(qint64 number) const
{
    const auto it = m_pages.find(number);
    return it == m_pages.end() ? nullptr : &it->second;
}

std::vector<std::pair<qint64, qint64>> PageCache::stretches() const
{
    std::vector<std::pair<qint64, qint64>> stretches;
    for (const auto &[number, content] : m_pages)
        stretches.emplace_back(number * pageRows, content.rows.rowCount());
    return stretches;
}

contacts::Slice PageCache::sliceFor(qint64 page) const
{
    const qint64 row = page * pageRows;
    contacts::Slice slice;
    slice.limit = pageRows;
    auto it = m_anchors.upper_bound(row);
    if (it == m_anchors.begin()) {
        slice.skip = row;
        return slice;
    }
    --it;
    slice.after = it->second;
    slice.skip = row - it->first;
    return slice;
}

void PageCache::addAnchor(qint64 row, contacts::Keyset before)
{
    m_anchors.insert_or_assign(row, std::move(before));
    if (m_anchors.size() <= maxAnchors)
        return;
    // Thin evenly: a jump then skips at most twice as many rows.
    bool drop = false;
    for (auto it = m_anchors.begin(); it != m_anchors.end(); drop = !drop)
        it = drop ? m_anchors.erase(it) : std::next(it);
}

} // namespace a360::ui

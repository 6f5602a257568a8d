// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "contacts/repository.h"

#include <map>
#include <optional>

namespace a360::ui {

/// The pages of a list that are at hand, and where other pages start. Row numbers are absolute (from 0 in the query's
/// order). Holds a bounded number of pages, those nearest to the last visible one, and a bounded number of anchors: the
/// key of the row in front of a row, from which a page can be fetched without counting from the beginning.
class PageCache
{
public:
    static constexpr qint64 pageRows = 200;
    static constexpr size_t maxPages = 48;
    static constexpr size_t maxAnchors = 4096;

    static qint64 pageOf(qint64 row) { return row / pageRows; }

    void clear();
    bool has(qint64 page) const { return m_pages.contains(page); }
    bool isEmpty() const { return m_pages.empty(); }
    size_t pageCount() const { return m_pages.size(); }
    size_t anchorCount() const { return m_anchors.size(); }

    /// `visiblePage`: the page on screen; far pages are dropped first.
    void insert(qint64 page, contacts::Page content, qint64 visiblePage);
    /// The batch that holds `row` and the row's place in it.
    struct Place
    {
        const db::RowBatch *batch = nullptr;
        qsizetype row = 0;
    };
    std::optional<Place> find(qint64 row) const;
    const contacts::Page *page(qint64 number) const;
    /// First row and number of rows of each page at hand, ascending.
    std::vector<std::pair<qint64, qint64>> stretches() const;

    /// How to fetch a page from the nearest known row in front of it.
    contacts::Slice sliceFor(qint64 page) const;

private:
    void addAnchor(qint64 row, contacts::Keyset before);
    std::map<qint64, contacts::Page> m_pages;
    std::map<qint64, contacts::Keyset> m_anchors; ///< row -> key of the row in front of it
};

} // namespace a360::ui

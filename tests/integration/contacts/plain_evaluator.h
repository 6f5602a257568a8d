// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "data_model.h"

namespace a360::test {

/// What a query means, written as plainly as possible and without SQL: the oracle of the property suite. Shares nothing
/// with the compiler but foldCase().
class PlainEvaluator
{
public:
    explicit PlainEvaluator(const DataModel &model) : m_model(model) {}
    /// Indexes of the matching rows, in the query's order.
    std::vector<size_t> rows(const contacts::Query &query) const;
    /// The value of an order key or an output with its fallback.
    CellValue value(contacts::Entity entity, size_t row, const contacts::PhysicalColumn *column,
                    const contacts::PhysicalColumn *fallback) const;

private:
    bool matches(const contacts::Query &query, const contacts::Filter &filter, size_t row) const;
    bool searchMatches(contacts::Entity entity, const contacts::Filter &filter, size_t row) const;
    std::vector<CellValue> keys(const contacts::Query &query, size_t row) const;
    static bool isBefore(const contacts::Query &query, const std::vector<CellValue> &a,
                         const std::vector<CellValue> &b);
    const DataModel &m_model;
};

} // namespace a360::test

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "contacts/query.h"

#include <QString>

#include <vector>

namespace a360::ui {

/// One thing that can be filtered by, with its operations: "Employees": is, at least, at most.
struct FilterField
{
    QString label;
    std::vector<const contacts::FilterSpec *> operations;
};
/// All filters of the catalogue, gathered by what they look at, in catalogue order; without the free search.
std::vector<FilterField> filterFields(contacts::Entity entity);

/// "contains", "at least", "is not" …
QString operationWords(contacts::FilterOp op);
/// What may be typed: "one or more, separated by commas", "a whole number", "a date such as 2025-11-08".
QString valueHint(contacts::FilterOp op);

/// "Title contains cto or ceo", for a chip; an unknown parameter shows as it is.
QString chipText(contacts::Entity entity, const QString &parameter, const QString &value);

/// The same error, telling of filters as the screen names them, “Employees, at least”, where it names parameters.
Error inScreenWords(contacts::Entity entity, Error error);

} // namespace a360::ui

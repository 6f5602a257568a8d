// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "contacts/query.h"
#include "contacts/schema_info.h"

#include <QStringList>

namespace a360::contacts {

enum class AggregateFunction { Count, Sum, Average, Minimum, Maximum };
std::optional<AggregateFunction> aggregateFunctionByName(QStringView name); ///< "count", "sum", "avg", "min", "max"

/// The guide's use_database_aggregation(query, func, group_by): figures of the query's rows for each group, made by the
/// database.
struct Aggregation
{
    AggregateFunction function = AggregateFunction::Count;
    QString of;          ///< a numeric field, by the names of columnsByName(); Count takes none
    QStringList groupBy; ///< fields that are no lists, and "email_domain"; empty: one group of all rows
    qint64 most = -1;    ///< only the so many groups with the greatest figures; -1: all
};

struct AggregateGroup
{
    std::vector<std::optional<QByteArray>> keys; ///< one for each groupBy, as text; empty: NULL
    std::optional<qint64> figure;                ///< averages are rounded; empty when no row of the group has a value
};

/// The groups with the greatest figures first, equal ones by their keys' bytes. Errors: InvalidArgument naming a field
/// that is unknown, a list or no number, or that this database lacks.
Result<std::vector<AggregateGroup>> useDatabaseAggregation(db::Lease &lease, const SchemaInfo &schema, const Query &query,
                                                           const Aggregation &aggregation,
                                                           const CancelToken &cancel = {});

} // namespace a360::contacts

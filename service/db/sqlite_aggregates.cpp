// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/sqlite_aggregates.h"

#include "db/database_error.h"
#include "db/text_list_json.h"

#include <sqlite3.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace a360::db {

namespace {

enum Flags { Distinct = 1, Ordered = 2, Descending = 4 };

/// A value as SQLite orders it: numbers before texts.
struct Key
{
    int rank = 2; ///< 0 number, 1 text, 2 NULL
    double number = 0;
    qint64 integer = 0;
    std::string text;
};

struct Element
{
    std::optional<std::string> value;
    Key key;
};

struct Collection
{
    int flags = 0;
    std::vector<Element> elements;
    std::set<std::optional<std::string>> seen;
};

std::optional<std::string> textOf(sqlite3_value *value)
{
    if (sqlite3_value_type(value) == SQLITE_NULL)
        return std::nullopt;
    const auto *text = reinterpret_cast<const char *>(sqlite3_value_text(value));
    return std::string(text ? text : "", static_cast<size_t>(sqlite3_value_bytes(value)));
}

Key keyOf(sqlite3_value *value)
{
    Key key;
    switch (sqlite3_value_type(value)) {
    case SQLITE_NULL: return key;
    case SQLITE_INTEGER: key.integer = sqlite3_value_int64(value); [[fallthrough]];
    case SQLITE_FLOAT:
        key.rank = 0;
        key.number = sqlite3_value_double(value);
        return key;
    default: break;
    }
    key.rank = 1;
    key.text = textOf(value).value_or(std::string());
    return key;
}

bool before(const Key &a, const Key &b, bool descending)
{
    if (a.rank != b.rank) // NULL stays last, also descending
        return a.rank == 2 || b.rank == 2 || !descending ? a.rank < b.rank : b.rank < a.rank;
    const Key &low = descending ? b : a;
    const Key &high = descending ? a : b;
    if (low.rank == 0)
        return low.number != high.number ? low.number < high.number : low.integer < high.integer;
    return low.text < high.text;
}

/// SQLite's memory for one group holds a pointer to ours, null before the first row.
Collection **slot(sqlite3_context *context, bool make)
{
    return static_cast<Collection **>(sqlite3_aggregate_context(context, make ? int(sizeof(Collection *)) : 0));
}

void step(sqlite3_context *context, int, sqlite3_value **arguments)
{
    Collection **collection = slot(context, true);
    if (!collection)
        return sqlite3_result_error_nomem(context);
    if (!*collection)
        *collection = new Collection{sqlite3_value_int(arguments[1]), {}, {}};
    Collection &group = **collection;
    std::optional<std::string> value = textOf(arguments[0]);
    if ((group.flags & Distinct) && !group.seen.insert(value).second)
        return;
    group.elements.push_back({std::move(value), group.flags & Ordered ? keyOf(arguments[2]) : Key()});
}

/// Takes the group's rows, in their order; null for a group without rows.
std::unique_ptr<Collection> taken(sqlite3_context *context)
{
    Collection **collection = slot(context, false);
    std::unique_ptr<Collection> group(collection ? std::exchange(*collection, nullptr) : nullptr);
    if (group && (group->flags & Ordered)) {
        std::stable_sort(group->elements.begin(), group->elements.end(), [&](const Element &a, const Element &b) {
            return before(a.key, b.key, (group->flags & Descending) != 0);
        });
    }
    return group;
}

void give(sqlite3_context *context, const std::string &json)
{
    sqlite3_result_text64(context, json.data(), json.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

void endArray(sqlite3_context *context)
{
    const std::unique_ptr<Collection> group = taken(context);
    if (!group)
        return;
    std::string list;
    for (const Element &element : group->elements) {
        if (element.value)
            appendTextListElement(list, *element.value);
        else
            appendTextListNull(list);
    }
    std::string json;
    appendTextListJson(json, {list.data(), static_cast<qint32>(list.size())});
    give(context, json);
}

void endJson(sqlite3_context *context)
{
    const std::unique_ptr<Collection> group = taken(context);
    if (!group)
        return;
    std::string json = "[";
    for (const Element &element : group->elements)
        json += (json.size() > 1 ? "," : "") + element.value.value_or("null");
    give(context, json + ']');
}

} // namespace

Result<void> registerSqliteAggregates(sqlite3 *handle)
{
    struct Aggregate
    {
        const char *name;
        void (*end)(sqlite3_context *);
    };
    for (const Aggregate aggregate : {Aggregate{"a360_array_agg", &endArray}, Aggregate{"a360_json_agg", &endJson}}) {
        const int code =
            sqlite3_create_function_v2(handle, aggregate.name, 3, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS,
                                       nullptr, nullptr, &step, aggregate.end, nullptr);
        if (code != SQLITE_OK)
            return sqliteError(handle, code);
    }
    return {};
}

} // namespace a360::db

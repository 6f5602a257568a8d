// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/sqlite_functions.h"

#include "core/text.h"
#include "db/database_error.h"
#include "db/sqlite_aggregates.h"
#include "db/text_list_json.h"

#include <sqlite3.h>

namespace a360::db {

namespace {

bool isNull(sqlite3_value *value)
{
    return sqlite3_value_type(value) == SQLITE_NULL;
}

std::string_view textOf(sqlite3_value *value)
{
    const auto *text = reinterpret_cast<const char *>(sqlite3_value_text(value));
    return {text ? text : "", static_cast<size_t>(sqlite3_value_bytes(value))};
}

void giveText(sqlite3_context *context, std::string_view text)
{
    sqlite3_result_text64(context, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

void fold(sqlite3_context *context, int, sqlite3_value **arguments)
{
    if (isNull(arguments[0]))
        return;
    const QByteArray folded = foldCase(textOf(arguments[0]));
    giveText(context, {folded.constData(), static_cast<size_t>(folded.size())});
}

void contains(sqlite3_context *context, int, sqlite3_value **arguments)
{
    if (isNull(arguments[0]) || isNull(arguments[1]))
        return;
    sqlite3_result_int(context, containsFolded(textOf(arguments[0]), textOf(arguments[1])) ? 1 : 0);
}

void arrayContains(sqlite3_context *context, int, sqlite3_value **arguments)
{
    if (isNull(arguments[0]) || isNull(arguments[1]))
        return;
    const std::string_view needle = textOf(arguments[1]);
    for (TextListJsonReader reader(textOf(arguments[0])); reader.next();) {
        if (!reader.elementIsNull() && containsFolded(reader.element(), needle)) {
            sqlite3_result_int(context, 1);
            return;
        }
    }
    sqlite3_result_int(context, 0);
}

void arrayText(sqlite3_context *context, int, sqlite3_value **arguments)
{
    if (isNull(arguments[0]) || isNull(arguments[1]))
        return;
    const std::string_view separator = textOf(arguments[1]);
    std::string joined;
    bool first = true;
    for (TextListJsonReader reader(textOf(arguments[0])); reader.next();) {
        if (reader.elementIsNull())
            continue;
        if (!first)
            joined += separator;
        joined += reader.element();
        first = false;
    }
    giveText(context, joined);
}

void textArray(sqlite3_context *context, int, sqlite3_value **arguments)
{
    if (isNull(arguments[0]) || isNull(arguments[1]))
        return;
    std::string_view text = textOf(arguments[0]);
    const std::string_view separator = textOf(arguments[1]);
    std::string list;
    while (!separator.empty()) {
        const size_t found = text.find(separator);
        if (found == std::string_view::npos)
            break;
        appendTextListElement(list, text.substr(0, found));
        text.remove_prefix(found + separator.size());
    }
    if (!text.empty() || !list.empty())
        appendTextListElement(list, text);
    std::string json;
    appendTextListJson(json, {list.data(), static_cast<qint32>(list.size())});
    giveText(context, json);
}

void domain(sqlite3_context *context, int, sqlite3_value **arguments)
{
    if (isNull(arguments[0]))
        return;
    const QByteArray host = webDomain(textOf(arguments[0]));
    if (!host.isEmpty())
        giveText(context, asView(host));
}

void wordsInOrder(sqlite3_context *context, int, sqlite3_value **arguments)
{
    if (isNull(arguments[0]))
        return;
    giveText(context, asView(sortedWords(textOf(arguments[0]))));
}

} // namespace

Result<void> registerSqliteFunctions(sqlite3 *handle)
{
    struct Function
    {
        const char *name;
        int arguments;
        void (*call)(sqlite3_context *, int, sqlite3_value **);
    };
    static constexpr Function functions[] = {{"a360_fold", 1, &fold},
                                             {"a360_contains", 2, &contains},
                                             {"a360_array_contains", 2, &arrayContains},
                                             {"a360_array_text", 2, &arrayText},
                                             {"a360_text_array", 2, &textArray},
                                             {"a360_domain", 1, &domain},
                                             {"a360_sorted_words", 1, &wordsInOrder}};
    for (const Function &function : functions) {
        const int code = sqlite3_create_function_v2(handle, function.name, function.arguments,
                                                    SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, nullptr,
                                                    function.call, nullptr, nullptr, nullptr);
        if (code != SQLITE_OK)
            return sqliteError(handle, code);
    }
    return registerSqliteAggregates(handle);
}

} // namespace a360::db

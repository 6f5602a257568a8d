// SPDX-License-Identifier: GPL-3.0-or-later
#include "commands.h"

#include "opener.h"
#include "query_options.h"

#include "contacts/aggregation.h"
#include "transfer/row_encoder.h"

namespace a360::app {

namespace {

Result<contacts::Count> countRows(Service &service, const contacts::Query &query, contacts::CountMode mode,
                                  const CancelToken &cancel)
{
    const auto read = [&](db::Lease &lease, bool) { return service.repository().count(lease, query, mode, cancel); };
    return service.reads().read(db::Lane::Interactive, cancel, read, "count");
}

/// One line for each group: its count and its keys, as CSV.
Result<QByteArray> countGroups(Service &service, const contacts::Query &query, const contacts::Aggregation &groups,
                               const CancelToken &cancel)
{
    const auto schema = service.schema();
    const auto read = [&](db::Lease &lease, bool) {
        return contacts::useDatabaseAggregation(lease, *schema, query, groups, cancel);
    };
    A360_TRY_ASSIGN(const auto found, service.reads().read(db::Lane::Interactive, cancel, read, "count"));
    std::string out = "count," + groups.groupBy.join(QLatin1Char(',')).toStdString() + '\n';
    for (const contacts::AggregateGroup &group : found) {
        out += std::to_string(group.figure.value_or(0));
        for (const std::optional<QByteArray> &key : group.keys) {
            out += ',';
            transfer::appendCsvCell(out, key ? key->toStdString() : std::string());
        }
        out += '\n';
    }
    return QByteArray::fromStdString(out);
}

/// Says what went wrong with the count, or prints it.
int finish(Console &console, const Result<QByteArray> &text)
{
    if (!text) {
        const bool usage = text.error().code == ErrorCode::InvalidArgument;
        return console.fail(text.error(), usage ? ErrorOrigin::Usage : ErrorOrigin::Database);
    }
    const Result<void> printed = Console::data(*text);
    return printed ? ExitDone : console.fail(printed.error(), ErrorOrigin::Files);
}

} // namespace

int runCountCommand(const QStringList &arguments)
{
    CommandLine line({QStringLiteral("count"), QStringLiteral("contacts|companies"),
                      QStringLiteral("Prints how many contacts or companies there are, or how many match."),
                      {QStringLiteral("a360 count contacts"),
                       QStringLiteral("a360 count contacts --filter country=germany --filter employees_min=500"),
                       QStringLiteral("a360 count contacts --by email_domain --top 20")}});
    addQueryOptions(line, std::nullopt);
    line.addFlag(QStringLiteral("estimated"), QStringLiteral("A quick estimate will do; it is marked with ~ on standard error."));
    line.addOption({QStringLiteral("by")}, QStringLiteral("FIELDS"),
                   QStringLiteral("Count by these fields, a comma list: company, country, email_domain, …; the greatest first, "
                                  "as CSV."));
    line.addOption({QStringLiteral("top")}, QStringLiteral("N"), QStringLiteral("With --by: only the N greatest."));
    if (!line.parse(arguments, 1, 1))
        return line.exitCode();
    Opener opener(line);
    Console &console = opener.console();
    const std::variant<contacts::Query, int> read = readQuery(line, console);
    const contacts::Query *query = std::get_if<contacts::Query>(&read);
    if (!query)
        return std::get<int>(read);
    contacts::Aggregation groups;
    groups.groupBy = line.value("by").split(QLatin1Char(','), Qt::SkipEmptyParts);
    const Result<qint64> top = line.number("top", 1, -1);
    if (!top)
        return console.fail(top.error(), ErrorOrigin::Usage);
    groups.most = *top;
    if (!opener.begin() || !opener.open(Access::ReadOnly))
        return opener.exitCode();
    const auto schema = opener.service().schema();
    if (!groups.groupBy.isEmpty()) {
        noteSearchScan(console, *schema, *query);
        return finish(console, countGroups(opener.service(), *query, groups, opener.cancel()));
    }
    const auto mode = line.isSet("estimated") ? contacts::CountMode::Estimated : contacts::CountMode::Exact;
    const Result<contacts::Count> count = countRows(opener.service(), *query, mode, opener.cancel());
    if (!count)
        return finish(console, count.error());
    // Not before: a count that runs out of time says it itself. The planner of PostgreSQL estimates without reading.
    if (mode == contacts::CountMode::Exact || schema->dialect == db::Dialect::Sqlite)
        noteSearchScan(console, *schema, *query);
    if (count->estimated)
        console.note(QStringLiteral("~ estimated"));
    return finish(console, QByteArray::number(count->rows) + '\n');
}

} // namespace a360::app

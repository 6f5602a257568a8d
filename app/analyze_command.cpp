// SPDX-License-Identifier: GPL-3.0-or-later
#include "commands.h"

#include "opener.h"
#include "query_options.h"

#include "contacts/sql_compiler.h"
#include "db/query_analysis.h"

#include <QJsonDocument>

namespace a360::app {

namespace {

/// The analysis of the first page of the list that the filters make.
Result<db::QueryAnalysis> analyzeList(Service &service, const contacts::Query &query, qint64 limit,
                                      const CancelToken &cancel)
{
    A360_TRY_ASSIGN(db::Lease lease, service.pool().lease(db::Lane::Interactive, cancel, "analyze"));
    lease.doNotObserve();
    const auto schema = service.schema();
    contacts::Slice page;
    page.limit = limit;
    const auto columns = contacts::presetColumns(query.entity, contacts::Preset::List);
    A360_TRY_ASSIGN(const db::Sql select, contacts::SqlCompiler(*schema).select(query, columns, page));
    return db::analyzeQuery(lease, select, {std::chrono::seconds(30), cancel});
}

QByteArray forPeople(const db::QueryAnalysis &analysis)
{
    QByteArray out = db::planText(analysis.plan, db::PlanValues::Shown);
    out += "estimated cost: " + QByteArray::number(analysis.estimatedCost, 'f', 2) + '\n';
    for (const QString &warning : analysis.warnings)
        out += "warning: " + warning.toUtf8() + '\n';
    for (const db::IndexSuggestion &suggestion : analysis.suggestions)
        out += "suggestion: " + suggestion.statement + '\n';
    return out;
}

} // namespace

int runAnalyzeCommand(const QStringList &arguments)
{
    CommandLine line({QStringLiteral("analyze"), QStringLiteral("contacts|companies"),
                      QStringLiteral("Shows how the database means to find a page of the list that the filters make, what it "
                                     "costs, and what would make it quicker. Nothing is read and nothing changed."),
                      {QStringLiteral("a360 analyze contacts --filter title=cto --order=-created_at"),
                       QStringLiteral("a360 analyze companies --search pump --json")}});
    constexpr auto order = contacts::DefaultOrder::NewestFirst; // decision 12: that of lists
    addQueryOptions(line, order);
    line.addOption({QStringLiteral("limit")}, QStringLiteral("N"), QStringLiteral("Rows of the page; default: 100."));
    line.addFlag(QStringLiteral("json"), QStringLiteral("Print the analysis as JSON."));
    if (!line.parse(arguments, 1, 1))
        return line.exitCode();
    Opener opener(line);
    Console &console = opener.console();
    const std::variant<contacts::Query, int> read = readQuery(line, console, order);
    const contacts::Query *query = std::get_if<contacts::Query>(&read);
    if (!query)
        return std::get<int>(read);
    const Result<qint64> limit = line.number("limit", 1, 100);
    if (!limit)
        return console.fail(limit.error(), ErrorOrigin::Usage);
    if (!opener.begin() || !opener.open(Access::ReadOnly))
        return opener.exitCode();
    const Result<db::QueryAnalysis> analysis = analyzeList(opener.service(), *query, *limit, opener.cancel());
    if (!analysis) {
        const bool usage = analysis.error().code == ErrorCode::InvalidArgument;
        return console.fail(analysis.error(), usage ? ErrorOrigin::Usage : ErrorOrigin::Database);
    }
    const Result<void> printed =
        Console::data(line.isSet("json") ? QJsonDocument(analysis->toJson()).toJson() : forPeople(*analysis));
    return printed ? ExitDone : console.fail(printed.error(), ErrorOrigin::Files);
}

} // namespace a360::app

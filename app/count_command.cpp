// SPDX-License-Identifier: GPL-3.0-or-later
#include "commands.h"

#include "filter_list.h"
#include "opener.h"
#include "query_options.h"

namespace a360::app {

namespace {

Result<contacts::Count> countRows(Service &service, const contacts::Query &query, contacts::CountMode mode,
                                  const CancelToken &cancel)
{
    A360_TRY_ASSIGN(db::Lease lease, service.pool().lease(db::Lane::Interactive, cancel));
    return service.repository().count(lease, query, mode, cancel);
}

} // namespace

int runCountCommand(const QStringList &arguments)
{
    CommandLine line({QStringLiteral("count"), QStringLiteral("contacts|companies"),
                      QStringLiteral("Prints how many contacts or companies there are, or how many match."),
                      {QStringLiteral("a360 count contacts"),
                       QStringLiteral("a360 count contacts --filter country=germany --filter employees_min=500")}});
    addQueryOptions(line, false);
    line.addFlag(QStringLiteral("estimated"), QStringLiteral("A quick estimate will do; it is marked with ~ on standard error."));
    if (!line.parse(arguments, 1, 1))
        return line.exitCode();
    Opener opener(line);
    Console &console = opener.console();
    const Result<contacts::Entity> entity = parseEntity(line.positional().constFirst());
    if (!entity)
        return console.fail(entity.error(), ErrorOrigin::Usage);
    if (line.isSet("filters"))
        return printFilters(console, *entity);
    const Result<contacts::Query> query = parseQueryOptions(line, *entity);
    if (!query)
        return console.fail(query.error(), ErrorOrigin::Usage);
    if (!opener.begin() || !opener.open(Access::ReadOnly))
        return opener.exitCode();
    const auto mode = line.isSet("estimated") ? contacts::CountMode::Estimated : contacts::CountMode::Exact;
    const Result<contacts::Count> count = countRows(opener.service(), *query, mode, opener.cancel());
    if (!count) {
        const bool usage = count.error().code == ErrorCode::InvalidArgument;
        return console.fail(count.error(), usage ? ErrorOrigin::Usage : ErrorOrigin::Database);
    }
    if (count->estimated)
        console.note(QStringLiteral("~ estimated"));
    const Result<void> printed = Console::data(QByteArray::number(count->rows) + '\n');
    return printed ? ExitDone : console.fail(printed.error(), ErrorOrigin::Files);
}

} // namespace a360::app

// SPDX-License-Identifier: GPL-3.0-or-later
#include "query_options.h"

#include "contacts/search_scan.h"
#include "core/nearest_name.h"
#include "filter_list.h"

namespace a360::app {

namespace {

QString latin1(std::string_view text)
{
    return QString::fromLatin1(text.data(), static_cast<qsizetype>(text.size()));
}

Error unknownFilter(contacts::Entity entity, const QString &name)
{
    QString message = QStringLiteral("There is no filter '%1' for %2.").arg(name, latin1(contacts::entityName(entity)));
    QStringList names{QStringLiteral("ordering")};
    for (const contacts::FilterSpec &spec : contacts::filterSpecs(entity))
        names << latin1(spec.name);
    for (const contacts::QueryModifier &modifier : contacts::queryModifiers(entity))
        names << latin1(modifier.name);
    const QString nearest = nearestName(names, name);
    message += nearest.isEmpty()
                   ? QStringLiteral(" `a360 export --filters %1` lists them.").arg(latin1(contacts::entityName(entity)))
                   : QStringLiteral(" Did you mean '%1'?").arg(nearest);
    return makeError(ErrorCode::InvalidArgument, message, name);
}

} // namespace

Result<contacts::Entity> parseEntity(const QString &name)
{
    for (const contacts::Entity entity : {contacts::Entity::Contact, contacts::Entity::Company}) {
        if (name == latin1(contacts::entityName(entity)))
            return entity;
    }
    return makeError(ErrorCode::InvalidArgument, QStringLiteral("'%1' is neither contacts nor companies.").arg(name), name);
}

void addQueryOptions(CommandLine &line, std::optional<contacts::DefaultOrder> order)
{
    line.addOption({QStringLiteral("filter")}, QStringLiteral("NAME=VALUE"),
                   QStringLiteral("Only rows that match; may be repeated, all must hold. A comma list matches any of its values: "
                                  "title=cto,ceo. --filters lists the names; they are those of the REST parameters."));
    line.addOption({QStringLiteral("search")}, QStringLiteral("WORDS"),
                   QStringLiteral("Only rows in which every word occurs in some text that is searched: names, e-mail, title, "
                                  "company, places and the like."));
    line.addFlag(QStringLiteral("filters"), QStringLiteral("List the filter names and end."));
    if (order) {
        line.addOption({QStringLiteral("order")}, QStringLiteral("KEYS"),
                       QStringLiteral("Comma list of columns to sort by, - in front for descending: "
                                      "--order=-created_at,last_name. Default: ")
                           + (*order == contacts::DefaultOrder::ById ? QStringLiteral("id, the order of coming in.")
                                                                     : QStringLiteral("-created_at, as in lists.")));
    }
}

Result<contacts::Query> parseQueryOptions(const CommandLine &line, contacts::Entity entity, contacts::DefaultOrder order)
{
    contacts::Parameters parameters;
    for (const QString &pair : line.values("filter")) {
        const qsizetype equals = pair.indexOf(QLatin1Char('='));
        if (equals < 1) {
            return makeError(ErrorCode::InvalidArgument, QStringLiteral("--filter takes NAME=VALUE, not '%1'.").arg(pair),
                             QStringLiteral("--filter"));
        }
        const QString name = pair.left(equals).trimmed();
        // REST passes over filters without a value; here that is a variable of a script that was never set.
        if (pair.mid(equals + 1).trimmed().isEmpty())
            return makeError(ErrorCode::InvalidArgument, QStringLiteral("--filter %1 has no value.").arg(pair), QStringLiteral("--filter"));
        parameters.append({name, pair.mid(equals + 1)});
    }
    if (line.isSet("search"))
        parameters.append({QStringLiteral("search"), line.value("search")});
    if (line.isSet("order"))
        parameters.append({QStringLiteral("ordering"), line.value("order")});
    Result<contacts::ParsedQuery> parsed = contacts::parseQuery(entity, parameters, order);
    if (!parsed)
        return parsed.error().field == QLatin1String("ordering") ? withColumnHint(parsed.error(), entity) : parsed.error();
    // Paging, which REST reads beside the query, would be a filter without effect here: it has options of its own.
    for (const QStringList &refused : {parsed->ignored, parsed->paging}) {
        if (!refused.isEmpty())
            return unknownFilter(entity, refused.constFirst());
    }
    return std::move(parsed->query);
}

std::variant<contacts::Query, int> readQuery(const CommandLine &line, Console &console, contacts::DefaultOrder order)
{
    const Result<contacts::Entity> entity = parseEntity(line.positional().constFirst());
    if (!entity)
        return console.fail(entity.error(), ErrorOrigin::Usage);
    if (line.isSet("filters"))
        return printFilters(console, *entity);
    if (line.isSet("column-names"))
        return printColumns(console, *entity);
    Result<contacts::Query> query = parseQueryOptions(line, *entity, order);
    if (!query)
        return console.fail(query.error(), ErrorOrigin::Usage);
    return *std::move(query);
}

void noteSearchScan(Console &console, const contacts::SchemaInfo &schema, const contacts::Query &query)
{
    if (const std::optional<QString> reason = contacts::searchScanReason(schema, query.filters))
        console.note(QStringLiteral("The search reads every record: ") + *reason);
}

} // namespace a360::app

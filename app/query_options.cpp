// SPDX-License-Identifier: GPL-3.0-or-later
#include "query_options.h"

#include <algorithm>

namespace a360::app {

namespace {

QString latin1(std::string_view text)
{
    return QString::fromLatin1(text.data(), static_cast<qsizetype>(text.size()));
}

/// Levenshtein distance; names are short.
int distance(const QString &a, const QString &b)
{
    std::vector<int> row(static_cast<size_t>(b.size()) + 1);
    for (size_t j = 0; j < row.size(); ++j)
        row[j] = static_cast<int>(j);
    for (qsizetype i = 1; i <= a.size(); ++i) {
        int diagonal = row[0];
        row[0] = static_cast<int>(i);
        for (qsizetype j = 1; j <= b.size(); ++j) {
            const auto at = static_cast<size_t>(j);
            const int change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[at];
            row[at] = std::min({row[at] + 1, row[at - 1] + 1, change});
        }
    }
    return row.back();
}

QString nearestFilter(contacts::Entity entity, const QString &name)
{
    QString best;
    int bestDistance = 4;
    for (const contacts::FilterSpec &spec : contacts::filterSpecs(entity)) {
        const QString candidate = latin1(spec.name);
        const int d = distance(candidate, name.toLower());
        if (d < bestDistance) {
            bestDistance = d;
            best = candidate;
        }
    }
    return best;
}

Error unknownFilter(contacts::Entity entity, const QString &name)
{
    QString message = QStringLiteral("There is no filter '%1' for %2.").arg(name, latin1(contacts::entityName(entity)));
    const QString nearest = nearestFilter(entity, name);
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

void addQueryOptions(CommandLine &line, bool ordered)
{
    line.addOption({QStringLiteral("filter")}, QStringLiteral("NAME=VALUE"),
                   QStringLiteral("Only rows that match; may be repeated, all must hold. A comma list matches any of its values: "
                                  "title=cto,ceo. Same names as the REST parameters; --filters lists them."));
    line.addOption({QStringLiteral("search")}, QStringLiteral("WORDS"),
                   QStringLiteral("Only rows that hold every word in one of the search columns."));
    line.addFlag(QStringLiteral("filters"), QStringLiteral("List the filter names and end."));
    if (ordered) {
        line.addOption({QStringLiteral("order")}, QStringLiteral("KEYS"),
                       QStringLiteral("Comma list of order keys, - in front for descending: --order=-created_at,last_name. "
                                      "Default: id."));
    }
}

Result<contacts::Query> parseQueryOptions(const CommandLine &line, contacts::Entity entity)
{
    contacts::Parameters parameters;
    for (const QString &pair : line.values("filter")) {
        const qsizetype equals = pair.indexOf(QLatin1Char('='));
        if (equals < 1) {
            return makeError(ErrorCode::InvalidArgument, QStringLiteral("--filter takes NAME=VALUE, not '%1'.").arg(pair),
                             QStringLiteral("--filter"));
        }
        const QString name = pair.left(equals).trimmed();
        // The parser passes over paging parameters, as REST needs; here they would be a filter without effect.
        if (!contacts::findFilter(entity, name) && name != QLatin1String("search") && name != QLatin1String("ordering"))
            return unknownFilter(entity, name);
        parameters.append({name, pair.mid(equals + 1)});
    }
    if (line.isSet("search"))
        parameters.append({QStringLiteral("search"), line.value("search")});
    if (line.isSet("order"))
        parameters.append({QStringLiteral("ordering"), line.value("order")});
    A360_TRY_ASSIGN(contacts::ParsedQuery parsed, contacts::parseQuery(entity, parameters, contacts::DefaultOrder::ById));
    if (!parsed.ignored.isEmpty())
        return unknownFilter(entity, parsed.ignored.constFirst());
    return std::move(parsed.query);
}

} // namespace a360::app

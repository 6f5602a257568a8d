// SPDX-License-Identifier: GPL-3.0-or-later
#include "openapi_document.h"

#include "contacts/query.h"

#include <QFile>

// Outside of any namespace, as the macro asks; a static library's resources are not registered by themselves.
static void registerRestResources()
{
    Q_INIT_RESOURCE(a360_rest);
}

namespace a360::rest {

namespace {

using contacts::FilterOp;

/// What a filter does, behind its label: "Title: contains".
const char *meaningOf(FilterOp op)
{
    switch (op) {
    case FilterOp::Contains: return "contains";
    case FilterOp::ElementContains: return "an element contains";
    case FilterOp::AllElementsContain: return "each value is contained in an element";
    case FilterOp::NumberEquals: return "equals";
    case FilterOp::AtLeast: return "at least";
    case FilterOp::AtMost: return "at most";
    case FilterOp::TimeAtLeast: return "at or after";
    case FilterOp::TimeAtMost: return "at or before";
    case FilterOp::ExcludeContains:
    case FilterOp::ExcludeElements: return "records without any of the values";
    case FilterOp::ExcludeEquals:
    case FilterOp::ExcludeIds: return "records whose value is none of these";
    case FilterOp::IncludeIds: return "one of these";
    case FilterOp::IncludeDomains: return "one of these domains";
    case FilterOp::ExcludeDomains: return "none of these domains";
    case FilterOp::WordsEqualSorted: return "the same words in any order";
    case FilterOp::AllWordsContained: return "contains every word";
    case FilterOp::Search: break;
    }
    return "every word occurs somewhere";
}

const char *schemaOf(FilterOp op)
{
    switch (op) {
    case FilterOp::NumberEquals:
    case FilterOp::AtLeast:
    case FilterOp::AtMost: return "{type: integer, minimum: 0}";
    case FilterOp::TimeAtLeast:
    case FilterOp::TimeAtMost: return "{type: string, format: date-time}";
    default: return "{type: string}";
    }
}

QByteArray parameterLine(std::string_view name, const char *schema, QByteArray description)
{
    return "        - {name: " + QByteArray(name.data(), qsizetype(name.size())) + ", in: query, schema: " + schema
        + ", description: '" + description.replace('\'', "''") + "'}\n";
}

QByteArray filterLines(contacts::Entity entity)
{
    QByteArray lines;
    for (const contacts::FilterSpec &filter : contacts::filterSpecs(entity)) {
        if (filter.op != FilterOp::Search) // described by hand
            lines += parameterLine(filter.name, schemaOf(filter.op),
                                   QByteArray(filter.label.data(), qsizetype(filter.label.size())) + ": " + meaningOf(filter.op));
    }
    for (const contacts::QueryModifier &modifier : contacts::queryModifiers(entity))
        lines += parameterLine(modifier.name, "{type: string}",
                               QByteArray(modifier.meaning.data(), qsizetype(modifier.meaning.size())));
    return lines;
}

} // namespace

QByteArray openApiDocument()
{
    registerRestResources();
    QFile file(QStringLiteral(":/a360/rest/openapi.yaml"));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    QByteArray document = file.readAll();
    document.replace("        # filters of contacts\n", filterLines(contacts::Entity::Contact));
    document.replace("        # filters of companies\n", filterLines(contacts::Entity::Company));
    return document;
}

} // namespace a360::rest

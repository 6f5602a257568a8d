// SPDX-License-Identifier: GPL-3.0-or-later
#include "filters/filter_words.h"

#include <QLocale>

#include <algorithm>

namespace a360::ui {

using contacts::FilterOp;
using contacts::FilterSpec;

namespace {

QString text(std::string_view utf8)
{
    return QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
}

/// The catalogue's name of what a filter looks at; its own label where no field is exactly that.
QString fieldLabel(contacts::Entity entity, const FilterSpec &spec)
{
    for (const contacts::Field &field : contacts::fields(entity)) {
        if (field.source && !spec.columns.empty() && field.source == spec.columns.front())
            return text(field.label);
    }
    return text(spec.label);
}

bool isNumber(FilterOp op)
{
    return op == FilterOp::NumberEquals || op == FilterOp::AtLeast || op == FilterOp::AtMost;
}

} // namespace

std::vector<FilterField> filterFields(contacts::Entity entity)
{
    std::vector<FilterField> result;
    for (const FilterSpec &spec : contacts::filterSpecs(entity)) {
        // Searching has its own place; "words in any order" is a switch on the title filter, not a filter.
        if (spec.op == FilterOp::Search || spec.op == FilterOp::WordsEqualSorted)
            continue;
        const QString label = fieldLabel(entity, spec);
        auto it = std::find_if(result.begin(), result.end(), [&](const FilterField &f) { return f.label == label; });
        if (it == result.end())
            it = result.insert(result.end(), {label, {}});
        const bool known = std::any_of(it->operations.begin(), it->operations.end(),
                                       [&](const FilterSpec *other) { return other->op == spec.op; });
        if (!known) // a second name for the same filter is of no use on screen
            it->operations.push_back(&spec);
    }
    return result;
}

QString operationWords(FilterOp op)
{
    switch (op) {
    case FilterOp::Contains:
        return QStringLiteral("contains");
    case FilterOp::ElementContains:
        return QStringLiteral("contain");
    case FilterOp::AllElementsContain:
        return QStringLiteral("contain all of");
    case FilterOp::NumberEquals:
        return QStringLiteral("is exactly");
    case FilterOp::AtLeast:
        return QStringLiteral("at least");
    case FilterOp::AtMost:
        return QStringLiteral("at most");
    case FilterOp::TimeAtLeast:
        return QStringLiteral("from");
    case FilterOp::TimeAtMost:
        return QStringLiteral("until");
    case FilterOp::ExcludeContains:
        return QStringLiteral("does not contain");
    case FilterOp::ExcludeElements:
        return QStringLiteral("do not contain");
    case FilterOp::ExcludeEquals:
    case FilterOp::ExcludeIds:
        return QStringLiteral("is not");
    case FilterOp::IncludeDomains:
        return QStringLiteral("has the domain");
    case FilterOp::ExcludeDomains:
        return QStringLiteral("has not the domain");
    case FilterOp::WordsEqualSorted:
        return QStringLiteral("is, in any word order");
    case FilterOp::AllWordsContained:
        return QStringLiteral("has all the words");
    case FilterOp::Search:
        return QStringLiteral("matches");
    default:
        return QStringLiteral("is");
    }
}

QString valueHint(FilterOp op)
{
    if (isNumber(op))
        return QStringLiteral("A whole number");
    if (op == FilterOp::TimeAtLeast || op == FilterOp::TimeAtMost)
        return QStringLiteral("A date such as 2025-11-08");
    if (op == FilterOp::AllElementsContain || op == FilterOp::AllWordsContained)
        return QStringLiteral("Several, separated by commas: all must match");
    return QStringLiteral("One or more, separated by commas");
}

QString chipText(contacts::Entity entity, const QString &parameter, const QString &value)
{
    const FilterSpec *spec = contacts::findFilter(entity, parameter);
    if (!spec)
        return QStringLiteral("%1 = %2").arg(parameter, value);
    QString shown = value;
    if (isNumber(spec->op)) {
        bool ok = false;
        const qint64 number = value.toLongLong(&ok);
        if (ok)
            shown = QLocale().toString(number);
    } else {
        QStringList parts;
        for (const QString &part : value.split(QLatin1Char(','), Qt::SkipEmptyParts)) {
            if (!part.trimmed().isEmpty())
                parts.append(part.trimmed());
        }
        const bool all = spec->op == FilterOp::AllElementsContain || spec->op == FilterOp::AllWordsContained;
        shown = parts.join(all ? QStringLiteral(" and ") : QStringLiteral(" or "));
    }
    return QStringLiteral("%1 %2 %3").arg(fieldLabel(entity, *spec), operationWords(spec->op), shown);
}

Error inScreenWords(contacts::Entity entity, Error error)
{
    qsizetype from = 0;
    for (const QString &parameter : error.field.split(QStringLiteral(", "))) {
        const FilterSpec *spec = contacts::findFilter(entity, parameter);
        // From the front, as the value behind it may hold anything.
        const qsizetype at = spec ? error.message.indexOf(parameter, from) : -1;
        if (at < 0)
            continue;
        const QString label = spec->op == FilterOp::Search
            ? QStringLiteral("“%1”").arg(text(spec->label))
            : QStringLiteral("“%1, %2”").arg(fieldLabel(entity, *spec), operationWords(spec->op));
        error.message.replace(at, parameter.size(), label);
        from = at + label.size();
    }
    return error;
}

} // namespace a360::ui

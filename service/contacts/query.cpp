// SPDX-License-Identifier: GPL-3.0-or-later
#include "contacts/query.h"

#include "core/text.h"

#include <QCryptographicHash>

#include <algorithm>

namespace a360::contacts {

namespace {

QByteArray bytes(std::string_view text)
{
    return {text.data(), static_cast<qsizetype>(text.size())};
}

/// What the operation compares: two texts with the same form mean the same filter.
QByteArray comparedForm(FilterOp op, const QByteArray &text)
{
    switch (op) {
    case FilterOp::IncludeIds:
    case FilterOp::ExcludeIds:
        return text;
    case FilterOp::WordsEqualSorted:
        return sortedWords(asView(text));
    default:
        return foldCase(asView(text));
    }
}

QByteArray quoted(const QByteArray &text)
{
    QByteArray out = text;
    out.replace('\\', "\\\\").replace('"', "\\\"");
    return '"' + out + '"';
}

QByteArray canonicalFilter(const Filter &filter)
{
    QByteArray out = bytes(filter.spec->name);
    if (!filter.chosenColumns.empty()) {
        std::vector<QByteArray> names;
        for (const PhysicalColumn *column : filter.chosenColumns)
            names.push_back(bytes(column->header));
        std::sort(names.begin(), names.end());
        for (const QByteArray &name : names)
            out += '@' + name;
    }
    out += '=';
    if (takesNumber(filter.spec->op) || takesTime(filter.spec->op))
        return out + QByteArray::number(filter.number);
    std::vector<QByteArray> forms;
    for (const QByteArray &text : filter.texts)
        forms.push_back(comparedForm(filter.spec->op, text));
    std::sort(forms.begin(), forms.end());
    forms.erase(std::unique(forms.begin(), forms.end()), forms.end());
    for (size_t i = 0; i < forms.size(); ++i)
        out += (i == 0 ? "" : ",") + quoted(forms[i]);
    return out;
}

bool ofCompany(const PhysicalColumn *column)
{
    return column != nullptr && column->table >= Table::Companies;
}

} // namespace

QByteArray Query::canonical() const
{
    std::vector<QByteArray> parts;
    for (const Filter &filter : filters)
        parts.push_back(canonicalFilter(filter));
    std::sort(parts.begin(), parts.end());
    parts.erase(std::unique(parts.begin(), parts.end()), parts.end());
    QByteArray out = bytes(entityName(entity));
    for (const QByteArray &part : parts)
        out += ';' + part;
    out += ";order=";
    for (size_t i = 0; i < order.size(); ++i)
        out += QByteArray(i == 0 ? "" : ",") + (order[i].descending ? "-" : "") + order[i].name;
    return out;
}

QByteArray Query::hash() const
{
    return QCryptographicHash::hash(canonical(), QCryptographicHash::Sha256).toHex().left(16);
}

bool Query::filtersCompanies() const
{
    if (entity == Entity::Company)
        return false;
    return std::any_of(filters.begin(), filters.end(),
                       [](const Filter &filter) {
                           return std::any_of(filter.columns().begin(), filter.columns().end(), ofCompany);
                       }) ||
           std::any_of(order.begin(), order.end(),
                       [](const OrderKey &key) { return ofCompany(key.column) || ofCompany(key.fallback); });
}

} // namespace a360::contacts

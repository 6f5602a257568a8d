// SPDX-License-Identifier: GPL-3.0-or-later
#include "plain_evaluator.h"

#include "core/text.h"

#include <QRegularExpression>

#include <algorithm>

namespace a360::test {

using namespace contacts;

namespace {

QByteArray fold(const QByteArray &text)
{
    return foldCase(asView(text));
}

bool contains(const QByteArray &text, const QByteArray &foldedNeedle)
{
    return fold(text).contains(foldedNeedle);
}

QByteArray joinedElements(const CellValue &cell)
{
    QByteArray out;
    bool first = true;
    for (const auto &element : cell.elements) {
        if (!element)
            continue;
        out += (first ? "" : ", ") + *element;
        first = false;
    }
    return out;
}

/// The text, or some element of the list, contains the needle.
bool holds(const CellValue &cell, db::ColumnType type, const QByteArray &text)
{
    if (cell.null)
        return false;
    const QByteArray needle = fold(text);
    if (type != db::ColumnType::TextList)
        return contains(cell.text, needle);
    return std::any_of(cell.elements.begin(), cell.elements.end(),
                       [&](const auto &element) { return element && contains(*element, needle); });
}

QStringList wordsOf(const QByteArray &text)
{
    QStringList words = QString::fromUtf8(fold(text)).simplified().split(u' ', Qt::SkipEmptyParts);
    words.sort();
    return words;
}

QString domainOf(const QByteArray &website)
{
    QString text = QString::fromUtf8(website).trimmed();
    const qsizetype scheme = text.indexOf(QStringLiteral("://"));
    text = scheme < 0 ? text : text.mid(scheme + 3);
    text = text.section(QRegularExpression(QStringLiteral("[/?#]")), 0, 0);
    text = text.section(u'@', -1).section(u':', 0, 0);
    text = QString::fromUtf8(fold(text.toUtf8()));
    if (text.startsWith(QStringLiteral("www.")))
        text = text.mid(4);
    while (text.endsWith(u'.'))
        text.chop(1);
    return text == u"_" ? QString() : text;
}

template <typename T>
int threeWay(const T &a, const T &b)
{
    return a < b ? -1 : b < a ? 1 : 0;
}

} // namespace

CellValue PlainEvaluator::value(Entity entity, size_t row, const PhysicalColumn *column,
                                const PhysicalColumn *fallback) const
{
    CellValue cell = column != nullptr ? m_model.read(entity, row, column) : CellValue();
    return cell.null && fallback != nullptr ? m_model.read(entity, row, fallback) : cell;
}

bool PlainEvaluator::searchMatches(Entity entity, const Filter &filter, size_t row) const
{
    return std::all_of(filter.texts.begin(), filter.texts.end(), [&](const QByteArray &word) {
        return std::any_of(filter.spec->columns.begin(), filter.spec->columns.end(), [&](const PhysicalColumn *column) {
            return holds(m_model.read(entity, row, column), column->type, word);
        });
    });
}

bool PlainEvaluator::matches(const Query &query, const Filter &filter, size_t row) const
{
    const auto &columns = filter.columns();
    const auto read = [&](const PhysicalColumn *column) { return m_model.read(query.entity, row, column); };
    const CellValue first = read(columns.front());
    const auto anyText = [&](auto condition) { return std::any_of(filter.texts.begin(), filter.texts.end(), condition); };
    const auto anyColumn = [&](auto condition) { return std::any_of(columns.begin(), columns.end(), condition); };
    const auto anyHolds = [&] {
        return anyColumn([&](const PhysicalColumn *column) {
            return anyText([&](const QByteArray &text) { return holds(read(column), column->type, text); });
        });
    };
    switch (filter.spec->op) {
    case FilterOp::Contains:
    case FilterOp::ElementContains: return anyHolds();
    case FilterOp::ExcludeContains:
    case FilterOp::ExcludeElements: return !anyHolds();
    case FilterOp::AllElementsContain:
    case FilterOp::AllWordsContained:
        return anyColumn([&](const PhysicalColumn *column) {
            return std::all_of(filter.texts.begin(), filter.texts.end(),
                               [&](const QByteArray &text) { return holds(read(column), column->type, text); });
        });
    case FilterOp::NumberEquals: return !first.null && first.number == filter.number;
    case FilterOp::AtLeast:
    case FilterOp::TimeAtLeast: return !first.null && first.number >= filter.number;
    case FilterOp::AtMost:
    case FilterOp::TimeAtMost: return !first.null && first.number <= filter.number;
    case FilterOp::ExcludeEquals:
        return first.null || !anyText([&](const QByteArray &text) { return fold(text) == fold(first.text); });
    case FilterOp::ExcludeIds:
        return first.null || !anyText([&](const QByteArray &text) { return text == first.text; });
    case FilterOp::IncludeIds:
        return !first.null && anyText([&](const QByteArray &text) { return text == first.text; });
    case FilterOp::IncludeDomains:
        return !first.null && !domainOf(first.text).isEmpty() &&
               anyText([&](const QByteArray &text) { return domainOf(first.text) == domainOf(text); });
    case FilterOp::ExcludeDomains:
        return first.null || domainOf(first.text).isEmpty() ||
               !anyText([&](const QByteArray &text) { return domainOf(first.text) == domainOf(text); });
    case FilterOp::WordsEqualSorted:
        return !first.null && anyText([&](const QByteArray &text) { return wordsOf(first.text) == wordsOf(text); });
    case FilterOp::Search: return searchMatches(query.entity, filter, row);
    }
    return false;
}

std::vector<CellValue> PlainEvaluator::keys(const Query &query, size_t row) const
{
    std::vector<CellValue> values;
    for (const OrderKey &key : query.order) {
        CellValue cell = value(query.entity, row, key.column, key.fallback);
        if (key.column == nullptr) {
            cell.null = false;
            cell.number = m_model.id(query.entity, row);
        } else if (key.column->type == db::ColumnType::TextList) {
            cell.text = joinedElements(cell);
        }
        values.push_back(std::move(cell));
    }
    return values;
}

bool PlainEvaluator::isBefore(const Query &query, const std::vector<CellValue> &a, const std::vector<CellValue> &b)
{
    for (size_t i = 0; i < query.order.size(); ++i) {
        if (a[i].null != b[i].null)
            return b[i].null; // NULLs last both ways
        const int order = a[i].text == b[i].text ? threeWay(a[i].number, b[i].number) : threeWay(a[i].text, b[i].text);
        if (!a[i].null && order != 0)
            return (order < 0) != query.order[i].descending;
    }
    return false;
}

std::vector<size_t> PlainEvaluator::rows(const Query &query) const
{
    std::vector<size_t> found;
    for (size_t row = 0; row < m_model.count(query.entity); ++row) {
        if (std::all_of(query.filters.begin(), query.filters.end(),
                        [&](const Filter &filter) { return matches(query, filter, row); }))
            found.push_back(row);
    }
    std::map<size_t, std::vector<CellValue>> keysOf;
    for (const size_t row : found)
        keysOf[row] = keys(query, row);
    std::sort(found.begin(), found.end(),
              [&](size_t a, size_t b) { return isBefore(query, keysOf[a], keysOf[b]); });
    return found;
}

} // namespace a360::test

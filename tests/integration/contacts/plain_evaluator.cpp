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

bool contains(const QByteArray &text, const QByteArray &needle)
{
    return fold(text).contains(fold(needle));
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
bool holds(const CellValue &cell, db::ColumnType type, const QByteArray &needle)
{
    if (cell.null)
        return false;
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

int PlainEvaluator::compare(const Query &query, size_t a, size_t b) const
{
    for (const OrderKey &key : query.order) {
        if (key.column == nullptr) {
            const int order = threeWay(m_model.id(query.entity, a), m_model.id(query.entity, b));
            return key.descending ? -order : order;
        }
        const CellValue left = value(query.entity, a, key.column, key.fallback);
        const CellValue right = value(query.entity, b, key.column, key.fallback);
        if (left.null != right.null)
            return left.null ? 1 : -1; // NULLs last both ways
        int order = 0;
        if (key.column->type == db::ColumnType::TextList)
            order = threeWay(joinedElements(left), joinedElements(right));
        else if (key.column->type == db::ColumnType::Text)
            order = threeWay(left.text, right.text);
        else
            order = threeWay(left.number, right.number);
        if (!left.null && order != 0)
            return key.descending ? -order : order;
    }
    return 0;
}

std::vector<size_t> PlainEvaluator::rows(const Query &query) const
{
    std::vector<size_t> found;
    for (size_t row = 0; row < m_model.count(query.entity); ++row) {
        if (std::all_of(query.filters.begin(), query.filters.end(),
                        [&](const Filter &filter) { return matches(query, filter, row); }))
            found.push_back(row);
    }
    std::sort(found.begin(), found.end(), [&](size_t a, size_t b) { return compare(query, a, b) < 0; });
    return found;
}

} // namespace a360::test

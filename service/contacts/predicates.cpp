// SPDX-License-Identifier: GPL-3.0-or-later
#include "contacts/predicates.h"

#include <algorithm>
#include <optional>

namespace a360::contacts {

namespace {

using db::ColumnType;
using db::Sql;
using Columns = std::vector<const PhysicalColumn *>;
using Texts = std::vector<QByteArray>;

QString latin1(std::string_view text)
{
    return QString::fromLatin1(text.data(), static_cast<qsizetype>(text.size()));
}

bool excludes(FilterOp op)
{
    return op == FilterOp::ExcludeContains || op == FilterOp::ExcludeElements || op == FilterOp::ExcludeEquals ||
           op == FilterOp::ExcludeIds || op == FilterOp::ExcludeDomains;
}

/// The columns of the filter that the database has.
Result<Columns> presentColumns(const SqlTerms &terms, const Filter &filter)
{
    Columns present;
    for (const PhysicalColumn *column : filter.columns()) {
        if (terms.has(column))
            present.push_back(column);
    }
    if (present.empty() && filter.spec->op != FilterOp::Search) {
        const PhysicalColumn *missing = filter.columns().front();
        const QString name = latin1(filter.spec->name);
        return makeError(ErrorCode::InvalidArgument,
                         QStringLiteral("%1 cannot be used here: this database has no column %2.%3.")
                             .arg(name, latin1(tableName(missing->table)), latin1(missing->name)),
                         name);
    }
    return present;
}

class FilterCompiler
{
public:
    FilterCompiler(const SqlTerms &terms, const Filter &filter, const Columns &columns, RowList list)
        : m_terms(terms), m_filter(filter), m_columns(columns), m_list(list)
    {
    }

    /// True for the rows the values speak of; exclusions turn it round.
    Sql condition() const
    {
        switch (m_filter.spec->op) {
        case FilterOp::Contains:
        case FilterOp::ElementContains:
        case FilterOp::ExcludeContains:
        case FilterOp::ExcludeElements: return anyColumn([&](const PhysicalColumn &c) { return containsAny(c); });
        case FilterOp::AllElementsContain:
        case FilterOp::AllWordsContained: return anyColumn([&](const PhysicalColumn &c) { return containsAll(c); });
        case FilterOp::NumberEquals: return compare("=");
        case FilterOp::AtLeast:
        case FilterOp::TimeAtLeast: return compare(">=");
        case FilterOp::AtMost:
        case FilterOp::TimeAtMost: return compare("<=");
        case FilterOp::ExcludeEquals:
            return foldedIsOneOf(m_terms, m_terms.reading(m_columns.front(), nullptr), m_filter.texts);
        // A placeholder is no id that is looked for, and the column as it is can be found by its index.
        case FilterOp::IncludeIds: return isOneOf(m_terms.column(*m_columns.front()));
        case FilterOp::ExcludeIds: return isOneOf(m_terms.reading(m_columns.front(), nullptr));
        case FilterOp::IncludeDomains:
        case FilterOp::ExcludeDomains: return domainIsOneOf(m_terms, *m_columns.front(), m_filter.texts);
        case FilterOp::WordsEqualSorted: return sortedWordsAreOneOf(m_terms, *m_columns.front(), m_filter.texts);
        case FilterOp::Search: break;
        }
        return m_terms.empty();
    }

private:
    template <typename Condition>
    Sql anyColumn(Condition condition) const
    {
        std::vector<Sql> any;
        for (const PhysicalColumn *column : m_columns)
            any.push_back(condition(*column));
        return joined(any, "OR", m_terms.schema().dialect);
    }
    /// An index on one of several alternatives saves nothing.
    bool seldom() const { return m_columns.size() == 1 && !excludes(m_filter.spec->op); }
    Sql contains(const PhysicalColumn &column, const Texts &texts) const
    {
        const Use use = seldom() ? Use::Select : Use::Exclude;
        if (column.type == ColumnType::TextList)
            return listContainsAny(m_terms, column, texts, use);
        std::vector<Sql> any;
        for (const QByteArray &text : texts)
            any.push_back(columnContains(m_terms, column, text, use));
        return joined(any, "OR", m_terms.schema().dialect);
    }
    Sql containsAny(const PhysicalColumn &column) const
    {
        const Sql exact = contains(column, m_filter.texts);
        if (!seldom())
            return exact;
        return m_terms.text("(").append(ftsCandidates(m_terms, column, m_filter.texts, m_list)).append(exact).raw(")");
    }
    Sql containsAll(const PhysicalColumn &column) const
    {
        std::vector<Sql> all;
        for (const QByteArray &text : m_filter.texts) {
            const Sql exact = contains(column, {text});
            all.push_back(
                seldom() ? m_terms.text("(").append(ftsCandidates(m_terms, column, {text}, m_list)).append(exact).raw(")")
                         : exact);
        }
        return joined(all, "AND", m_terms.schema().dialect);
    }
    Sql compare(QByteArrayView op) const
    {
        Sql sql = m_terms.text(m_terms.reading(m_columns.front(), nullptr) + ' ').raw(op).raw(" ");
        return takesTime(m_filter.spec->op) ? sql.append(m_terms.time(m_filter.number)) : sql.bind(m_filter.number);
    }
    Sql isOneOf(const QByteArray &expression) const
    {
        Sql sql = m_terms.text(expression);
        if (m_filter.texts.size() == 1)
            return sql.raw(" = ").bind(m_filter.texts.front());
        db::TextList values(m_filter.texts.begin(), m_filter.texts.end());
        return m_terms.isPostgres() ? sql.raw(" = ANY(").bind(std::move(values)).raw(")")
                                    : sql.raw(" IN (SELECT value FROM json_each(").bind(std::move(values)).raw("))");
    }

    const SqlTerms &m_terms;
    const Filter &m_filter;
    const Columns &m_columns;
    const RowList m_list;
};

/// How long the text is that a filter's list of rows is found by; 0 when it brings no list. Of alternatives the shortest
/// counts, of texts that must all be there the longest.
qsizetype listedLength(const SqlTerms &terms, const Filter &filter, const Columns &columns)
{
    const bool search = filter.spec->op == FilterOp::Search;
    const bool all = search || filter.spec->op == FilterOp::AllElementsContain || filter.spec->op == FilterOp::AllWordsContained;
    const bool any = filter.spec->op == FilterOp::Contains || filter.spec->op == FilterOp::ElementContains;
    if ((!all && !any) || filter.texts.empty())
        return 0;
    if (!search && (columns.size() != 1 || ftsCandidates(terms, *columns.front(), filter.texts, RowList::Drives).isEmpty()))
        return 0;
    const auto shorter = [](const QByteArray &a, const QByteArray &b) { return a.size() < b.size(); };
    return (all ? std::max_element(filter.texts.begin(), filter.texts.end(), shorter)
                : std::min_element(filter.texts.begin(), filter.texts.end(), shorter))->size();
}

/// SQLite: the table whose lists of rows may drive the statement. Nothing tells how long a list is before it is made; the
/// longer the text, the fewer rows hold it, as a rule.
std::optional<Table> drivingTable(const SqlTerms &terms, const std::vector<Filter> &filters,
                                  const std::vector<Columns> &columns)
{
    std::optional<Table> table;
    qsizetype longest = 0;
    for (size_t i = 0; i < filters.size() && !terms.isPostgres(); ++i) {
        const qsizetype length = listedLength(terms, filters[i], columns[i]);
        if (length <= longest)
            continue;
        longest = length;
        table = filters[i].spec->op == FilterOp::Search ? terms.mainTable() : columns[i].front()->table;
    }
    return table;
}

void addTables(const SqlTerms &terms, const Filter &filter, const Columns &columns, Predicate &predicate)
{
    TableSet tables;
    for (const PhysicalColumn *column : columns)
        tables.insert(column->table);
    const bool needed = !excludes(filter.spec->op) && tables.size() == 1;
    for (const Table table : tables) {
        if (table != terms.mainTable())
            (needed ? predicate.inner : predicate.outer).insert(table);
    }
}

} // namespace

Result<Predicate> compileFilters(const SqlTerms &terms, const std::vector<Filter> &filters)
{
    std::vector<Columns> present;
    for (const Filter &filter : filters) {
        A360_TRY_ASSIGN(Columns columns, presentColumns(terms, filter));
        present.push_back(std::move(columns));
    }
    const std::optional<Table> driver = drivingTable(terms, filters, present);
    const auto roleOf = [&driver](Table table) {
        return !driver || *driver == table ? RowList::Drives : RowList::Checks;
    };
    Predicate predicate{terms.empty(), {}, {}};
    std::vector<Sql> conditions;
    for (size_t i = 0; i < filters.size(); ++i) {
        const Filter &filter = filters[i];
        const Columns &columns = present[i];
        if (filter.spec->op == FilterOp::Search) {
            conditions.push_back(compileSearch(terms, filter, roleOf(terms.mainTable())));
            continue;
        }
        addTables(terms, filter, columns, predicate);
        Sql condition = FilterCompiler(terms, filter, columns, roleOf(columns.front()->table)).condition();
        // What is NULL is not excluded, be it the value or the whole company.
        conditions.push_back(excludes(filter.spec->op) ? terms.text("(").append(condition).raw(") IS NOT TRUE")
                                                       : condition);
    }
    predicate.condition = joined(conditions, "AND", terms.schema().dialect);
    return predicate;
}

} // namespace a360::contacts

// SPDX-License-Identifier: GPL-3.0-or-later
#include "contacts/query.h"

#include "contacts/filter_values.h"
#include "core/text.h"

#include <QSet>

#include <algorithm>

namespace a360::contacts {

namespace {

// Each text of a substring filter becomes several conditions of the statement; whole values travel as one array.
constexpr size_t mostSubstrings = 500;
constexpr size_t mostWholeValues = 20'000;

/// The values of one filter parameter, under whatever of its names they came.
struct Collected
{
    const FilterSpec *spec;
    QString name; ///< as the user spelled it
    QStringList values;
};


Error invalid(const QString &message, const QString &field)
{
    return makeError(ErrorCode::InvalidArgument, message, field);
}

bool isForPaging(const QString &parameter)
{
    static const QSet<QString> names{QStringLiteral("limit"),       QStringLiteral("offset"),
                                     QStringLiteral("cursor"),      QStringLiteral("page"),
                                     QStringLiteral("page_size"),   QStringLiteral("format"),
                                     QStringLiteral("max_results"), QStringLiteral("view"),
                                     QStringLiteral("columns")};
    return names.contains(parameter);
}

bool comparesWhole(FilterOp op)
{
    return op == FilterOp::ExcludeEquals || op == FilterOp::ExcludeIds || op == FilterOp::IncludeDomains ||
           op == FilterOp::ExcludeDomains;
}

bool readsJson(FilterOp op)
{
    return comparesWhole(op) || op == FilterOp::ExcludeContains || op == FilterOp::ExcludeElements ||
           op == FilterOp::AllWordsContained;
}

class Parser
{
public:
    explicit Parser(Entity entity) : m_entity(entity) {}

    Result<ParsedQuery> parse(const Parameters &parameters, DefaultOrder defaultOrder)
    {
        for (const auto &[name, value] : parameters)
            collect(name, value);
        m_result.query.entity = m_entity;
        for (const Collected &collected : m_collected)
            A360_TRY(addFilter(collected));
        A360_TRY(chooseKeywordColumns());
        compareTitlesByWords();
        A360_TRY(checkRanges());
        A360_TRY(readOrder(defaultOrder));
        return std::move(m_result);
    }

private:
    void collect(const QString &name, const QString &value)
    {
        const bool contacts = m_entity == Entity::Contact;
        if (name == u"ordering") {
            m_ordering += value.split(u',');
        } else if (contacts && name == u"normalize_title_column") {
            m_titlesByWords = readFlag(value);
        } else if (const QueryModifier *modifier = findQueryModifier(m_entity, name)) {
            if (modifier->name == "keyword_search_fields")
                m_keywordFields.append(value);
            else if (modifier->name == "keyword_exclude_fields")
                m_keywordFieldsLeftOut.append(value);
        } else if (const FilterSpec *spec = findFilter(m_entity, name)) {
            const auto known = std::find_if(m_collected.begin(), m_collected.end(),
                                            [&](const Collected &c) { return c.spec == spec; });
            if (known != m_collected.end())
                known->values.append(value);
            else
                m_collected.push_back({spec, name, {value}});
        } else if (QStringList &others = isForPaging(name) ? m_result.paging : m_result.ignored; !others.contains(name)) {
            others.append(name);
        }
    }

    Result<void> addFilter(const Collected &collected)
    {
        if (takesNumber(collected.spec->op) || takesTime(collected.spec->op))
            return addNumber(collected);
        return addTexts(collected);
    }

    Result<void> addNumber(const Collected &collected)
    {
        Filter filter;
        filter.spec = collected.spec;
        bool given = false;
        for (const QString &value : collected.values) {
            if (value.trimmed().isEmpty())
                continue;
            A360_TRY_ASSIGN(const qint64 number, takesTime(filter.spec->op) ? readTime(value, collected.name)
                                                                            : readNumber(value, collected.name));
            if (given && number != filter.number)
                return invalid(QStringLiteral("%1 is given twice with different values.").arg(collected.name),
                               collected.name);
            filter.number = number;
            given = true;
        }
        if (given) {
            m_result.query.filters.push_back(std::move(filter));
            m_names.append(collected.name);
        }
        return {};
    }

    Result<void> addTexts(const Collected &collected)
    {
        Filter filter;
        filter.spec = collected.spec;
        QSet<QByteArray> seen;
        for (const QString &value : collected.values) {
            A360_TRY_ASSIGN(const std::vector<QByteArray> parts, readTexts(value, collected));
            for (const QByteArray &part : parts) {
                const QByteArray form = filter.spec->op == FilterOp::ExcludeIds ? part : foldCase(asView(part));
                if (seen.contains(form))
                    continue;
                seen.insert(form);
                filter.texts.push_back(part);
            }
        }
        const size_t most = comparesWhole(filter.spec->op) ? mostWholeValues : mostSubstrings;
        if (filter.texts.size() > most)
            return invalid(QStringLiteral("%1 has %2 values; at most %3 are possible.")
                               .arg(collected.name)
                               .arg(filter.texts.size())
                               .arg(most),
                           collected.name);
        if (!filter.texts.empty()) {
            m_result.query.filters.push_back(std::move(filter));
            m_names.append(collected.name);
        }
        return {};
    }

    Result<std::vector<QByteArray>> readTexts(const QString &value, const Collected &collected)
    {
        const FilterOp op = collected.spec->op;
        if (op == FilterOp::Search) {
            if (value.contains(QChar::Null))
                return invalid(QStringLiteral("search must not hold a NUL character."), collected.name);
            return split(value.toUtf8());
        }
        A360_TRY_ASSIGN(std::vector<QByteArray> parts,
                        readList(value, readsJson(op) ? ListSyntax::CommasOrJson : ListSyntax::Commas, collected.name));
        if (op == FilterOp::AllWordsContained) {
            std::vector<QByteArray> all;
            for (const QByteArray &part : parts) {
                for (const QByteArray &word : split(part))
                    all.push_back(word);
            }
            return all;
        }
        if (op == FilterOp::IncludeDomains || op == FilterOp::ExcludeDomains) {
            for (QByteArray &part : parts)
                part = webDomain(asView(part));
            std::erase_if(parts, [](const QByteArray &part) { return part.isEmpty(); });
        }
        return parts;
    }

    static std::vector<QByteArray> split(const QByteArray &text)
    {
        std::vector<QByteArray> all;
        for (const std::string_view word : words(asView(text)))
            all.emplace_back(word.data(), static_cast<qsizetype>(word.size()));
        return all;
    }

    /// The columns named by keyword_search_fields or keyword_exclude_fields.
    Result<std::vector<const PhysicalColumn *>> keywordColumns(const QStringList &values, const QString &parameter)
    {
        std::vector<const PhysicalColumn *> columns;
        for (const QString &value : values) {
            A360_TRY_ASSIGN(const std::vector<QByteArray> parts,
                            readList(value, ListSyntax::CommasOrJson, parameter));
            for (const QByteArray &part : parts) {
                const QByteArray name = foldCase(asView(part));
                const PhysicalColumn *column = nullptr;
                if (name == "company" || name == "name")
                    column = findPhysicalColumn(Table::Companies, "name");
                else if (name == "industries" || name == "industry")
                    column = findPhysicalColumn(Table::Companies, "industries");
                else if (name == "keywords" || name == "keyword")
                    column = findPhysicalColumn(Table::Companies, "keywords");
                else
                    return invalid(QStringLiteral("%1 knows company, industries and keywords, not \"%2\".")
                                       .arg(parameter, QString::fromUtf8(part)),
                                   parameter);
                if (std::find(columns.begin(), columns.end(), column) == columns.end())
                    columns.push_back(column);
            }
        }
        return columns;
    }

    Result<void> chooseKeywordColumns()
    {
        const QString excluding = QStringLiteral("keyword_exclude_fields");
        A360_TRY_ASSIGN(auto columns, keywordColumns(m_keywordFields, QStringLiteral("keyword_search_fields")));
        A360_TRY_ASSIGN(const auto leftOut, keywordColumns(m_keywordFieldsLeftOut, excluding));
        if (columns.empty() && leftOut.empty())
            return {};
        if (columns.empty()) {
            A360_TRY_ASSIGN(columns, keywordColumns({QStringLiteral("company,industries,keywords")}, excluding));
        }
        std::erase_if(columns, [&](const PhysicalColumn *column) {
            return std::find(leftOut.begin(), leftOut.end(), column) != leftOut.end();
        });
        if (columns.empty())
            return invalid(QStringLiteral("keyword_exclude_fields leaves no field to search for keywords in."),
                           excluding);
        for (Filter &filter : m_result.query.filters) {
            if (filter.spec->name == "keywords" || filter.spec->name == "keywords_and") {
                if (columns != filter.spec->columns)
                    filter.chosenColumns = columns;
            }
        }
        return {};
    }

    void compareTitlesByWords()
    {
        if (!m_titlesByWords)
            return;
        for (Filter &filter : m_result.query.filters) {
            if (filter.spec->name == "title")
                filter.spec = findFilter(m_entity, u"normalize_title_column");
        }
    }

    Result<void> checkRanges()
    {
        const std::vector<Filter> &filters = m_result.query.filters;
        for (size_t low = 0; low < filters.size(); ++low) {
            const FilterOp lowOp = filters[low].spec->op;
            if (lowOp != FilterOp::AtLeast && lowOp != FilterOp::TimeAtLeast)
                continue;
            const FilterOp highOp = lowOp == FilterOp::AtLeast ? FilterOp::AtMost : FilterOp::TimeAtMost;
            for (size_t high = 0; high < filters.size(); ++high) {
                if (filters[high].spec->op != highOp || filters[high].columns() != filters[low].columns() ||
                    filters[low].number <= filters[high].number)
                    continue;
                const QString lowName = m_names[static_cast<qsizetype>(low)];
                const QString highName = m_names[static_cast<qsizetype>(high)];
                return invalid(lowOp == FilterOp::AtLeast
                                   ? QStringLiteral("%1 (%2) is greater than %3 (%4).")
                                         .arg(lowName, QString::number(filters[low].number), highName,
                                              QString::number(filters[high].number))
                                   : QStringLiteral("%1 is later than %2.").arg(lowName, highName),
                               lowName + QStringLiteral(", ") + highName);
            }
        }
        return {};
    }

    void addKey(const Field *field, bool descending)
    {
        // A field without a column is NULL in every row and orders nothing.
        if (field->source == nullptr)
            return;
        std::vector<OrderKey> &order = m_result.query.order;
        if (std::any_of(order.begin(), order.end(), [&](const OrderKey &key) {
                return key.column == field->source && key.fallback == field->fallback;
            }))
            return;
        order.push_back({field->source, field->fallback, descending,
                         QByteArray(field->name.data(), static_cast<qsizetype>(field->name.size()))});
    }

    Result<void> readOrder(DefaultOrder defaultOrder)
    {
        std::vector<OrderKey> &order = m_result.query.order;
        bool given = false;
        for (const QString &item : m_ordering) {
            QString name = item.trimmed();
            const bool descending = name.startsWith(u'-');
            if (descending)
                name = name.mid(1).trimmed();
            if (name.isEmpty() && !descending)
                continue;
            given = true;
            const bool ended = !order.empty() && order.back().column == nullptr;
            const Field *field = findField(m_entity, name);
            if (name == u"id") {
                if (!ended)
                    order.push_back({nullptr, nullptr, descending, "id"});
            } else if (field == nullptr || !field->orderable) {
                return invalid(QStringLiteral("Unknown ordering field: %1").arg(name), QStringLiteral("ordering"));
            } else if (!ended) { // nothing behind the primary key has an effect
                addKey(field, descending);
            }
        }
        if (!given && defaultOrder == DefaultOrder::NewestFirst)
            addKey(findField(m_entity, u"created_at"), true);
        // The primary key follows the direction of the last key, as an index on (key, id) is then read one way.
        if (order.empty() || order.back().column != nullptr)
            order.push_back({nullptr, nullptr, !order.empty() && order.back().descending, "id"});
        return {};
    }

    Entity m_entity;
    ParsedQuery m_result;
    std::vector<Collected> m_collected;
    QStringList m_names; ///< of the filters, as the user spelled them
    QStringList m_ordering;
    QStringList m_keywordFields, m_keywordFieldsLeftOut;
    bool m_titlesByWords = false;
};

} // namespace

Result<ParsedQuery> parseQuery(Entity entity, const Parameters &parameters, DefaultOrder defaultOrder)
{
    return Parser(entity).parse(parameters, defaultOrder);
}

} // namespace a360::contacts

// SPDX-License-Identifier: GPL-3.0-or-later
// Random queries over random rows, on SQLite and PostgreSQL, on the own schema and on adopted data, against a plain
// evaluator in memory. A360_PROPERTY_SEED and A360_PROPERTY_ITERATIONS choose another run; a failure prints both.
#include "contacts/repository.h"
#include "core/text.h"
#include "data_model.h"
#include "db/connection_pool.h"
#include "db/migrations.h"
#include "plain_evaluator.h"
#include "support/test_databases.h"

#include <QTest>

using namespace a360;
using namespace a360::contacts;
using namespace a360::test;
using db::Dialect;

namespace {

constexpr char adoptedTables[] =
    "CREATE TABLE companies (id %1 PRIMARY KEY, uuid text NOT NULL UNIQUE, name text, employees_count bigint, "
    "industries %2, keywords %2, address text, annual_revenue bigint, total_funding bigint, technologies %2, "
    "text_search text, created_at %3, updated_at %3);"
    "CREATE TABLE companies_metadata (id %1 PRIMARY KEY, uuid text NOT NULL UNIQUE, linkedin_url text, "
    "linkedin_sales_url text, facebook_url text, twitter_url text, website text, normalized_domain text, "
    "company_name_for_emails text, phone_number text, latest_funding text, latest_funding_amount bigint, "
    "last_raised_at text, city text, state text, country text);"
    "CREATE TABLE contacts (id %1 PRIMARY KEY, uuid text NOT NULL UNIQUE, first_name text, last_name text, "
    "company_id text, email text, title text, departments %2, mobile_phone text, email_status text, text_search text, "
    "created_at %3, updated_at %3, seniority text DEFAULT '_', status text DEFAULT '_');"
    "CREATE TABLE contacts_metadata (id %1 PRIMARY KEY, uuid text NOT NULL UNIQUE, linkedin_url text DEFAULT '_', "
    "linkedin_sales_url text DEFAULT '_', facebook_url text DEFAULT '_', twitter_url text DEFAULT '_', "
    "website text DEFAULT '_', work_direct_phone text DEFAULT '_', home_phone text DEFAULT '_', "
    "city text DEFAULT '_', state text DEFAULT '_', country text DEFAULT '_', other_phone text DEFAULT '_', "
    "stage text DEFAULT '_');";

QByteArray name(std::string_view text)
{
    return {text.data(), static_cast<qsizetype>(text.size())};
}

int fromEnvironment(const char *variable, int standard)
{
    bool ok = false;
    const int value = qEnvironmentVariableIntValue(variable, &ok);
    return ok ? value : standard;
}

/// A value as a user would have to write it in a comma list.
QString listValue(const QByteArray &text)
{
    QString value = QString::fromUtf8(text);
    return u'"' + value.replace(u'"', QStringLiteral("\"\"")) + u'"';
}

QByteArray text(const CellValue &cell, db::ColumnType type)
{
    if (cell.null)
        return "NULL";
    if (type == db::ColumnType::Text)
        return '\'' + cell.text;
    if (type != db::ColumnType::TextList)
        return QByteArray::number(cell.number);
    QByteArray out = "[";
    for (const auto &element : cell.elements)
        out += element ? '\'' + *element + '|' : QByteArray("NULL|");
    return out;
}

QByteArray text(db::Cell cell, db::ColumnType type)
{
    if (cell.isNull())
        return "NULL";
    if (type == db::ColumnType::Text)
        return '\'' + name(cell.text());
    if (type != db::ColumnType::TextList)
        return QByteArray::number(cell.integer());
    QByteArray out = "[";
    for (db::TextListReader reader(cell); reader.next();)
        out += reader.elementIsNull() ? QByteArray("NULL|") : '\'' + name(reader.element()) + '|';
    return out;
}

/// Draws queries whose values mostly come from the data, so that they match something.
class QueryMaker
{
public:
    QueryMaker(std::mt19937 &source, const DataModel &model) : m_source(source), m_model(model) {}

    Parameters parameters(Entity entity)
    {
        Parameters out;
        do {
            out.clear();
            for (int filters = below(4); filters > 0; --filters)
                addFilter(out, entity);
            addOrder(out, entity);
        } while (isContradiction(entity, out));
        return out;
    }

private:
    int below(int limit) { return randomBelow(m_source, limit); }

    /// Crossed ranges and numbers given twice are refused by the parser, whose own tests look at that.
    static bool isContradiction(Entity entity, const Parameters &parameters)
    {
        const auto parsed = parseQuery(entity, parameters, DefaultOrder::NewestFirst);
        const QString message = parsed.ok() ? QString() : parsed.error().message;
        return message.contains(QStringLiteral(" than ")) || message.contains(QStringLiteral(" twice "));
    }

    void addFilter(Parameters &out, Entity entity)
    {
        const auto &specs = filterSpecs(entity);
        // Every third filter is the search: it has the most ways to go.
        const FilterSpec &spec =
            below(5) == 0 ? *findFilter(entity, u"search") : specs[static_cast<size_t>(below(static_cast<int>(specs.size())))];
        const QString parameter = QString::fromLatin1(name(spec.name));
        if (takesNumber(spec.op)) {
            out.append({parameter, QString::number(below(12) * 1'000'000'007LL)});
        } else if (takesTime(spec.op)) {
            out.append({parameter, QString::number((1'700'000'000'000'000 + below(30) * 3'600'000'001LL) / 1'000'000)});
        } else if (spec.op == FilterOp::WordsEqualSorted) {
            out.append({QStringLiteral("title"), listValue(shuffledWords(sample(entity, spec)))});
            out.append({parameter, QStringLiteral("true")});
        } else if (spec.op == FilterOp::Search) {
            out.append({parameter, QString::fromUtf8(needle(entity, spec) + (below(2) ? " " + needle(entity, spec) : QByteArray()))});
        } else {
            QStringList values;
            for (int count = 1 + below(3); count > 0; --count)
                values += listValue(wantsWhole(spec.op) ? sample(entity, spec) : needle(entity, spec));
            out.append({parameter, values.join(u',')});
        }
        if (spec.name.starts_with("keywords") && below(2) == 0)
            out.append({QStringLiteral("keyword_search_fields"), QStringLiteral("company,industries,keywords")});
    }
    static bool wantsWhole(FilterOp op)
    {
        return op == FilterOp::ExcludeEquals || op == FilterOp::ExcludeIds || op == FilterOp::IncludeDomains ||
               op == FilterOp::ExcludeDomains;
    }
    /// A whole text of one of the filter's columns.
    QByteArray sample(Entity entity, const FilterSpec &spec)
    {
        for (int attempt = 0; attempt < 4; ++attempt) {
            const PhysicalColumn *column = spec.columns[static_cast<size_t>(below(static_cast<int>(spec.columns.size())))];
            const size_t row = static_cast<size_t>(below(static_cast<int>(m_model.count(entity))));
            const CellValue cell = m_model.read(entity, row, column);
            if (column->type == db::ColumnType::Text && !cell.text.isEmpty())
                return cell.text;
            if (!cell.elements.empty() && cell.elements.front())
                return *cell.elements.front();
        }
        return randomText(m_source);
    }
    /// A piece of such a text, in another case.
    QByteArray needle(Entity entity, const FilterSpec &spec)
    {
        if (below(12) == 0)
            return below(2) ? "_" : "%";
        const QString whole = QString::fromUtf8(below(4) == 0 ? randomText(m_source) : sample(entity, spec));
        const auto points = whole.toUcs4();
        const qsizetype start = below(static_cast<int>(points.size()));
        const qsizetype length = 1 + below(6);
        std::string out;
        for (qsizetype i = start; i < std::min(start + length, points.size()); ++i) {
            const auto point = static_cast<char32_t>(points[i]);
            const int way = below(3);
            appendUtf8(out, way == 0 ? foldCase(point) : way == 1 ? QChar::toUpper(point) : point);
        }
        return QByteArray::fromStdString(out);
    }
    QByteArray shuffledWords(const QByteArray &text)
    {
        QStringList words = QString::fromUtf8(text).simplified().split(u' ');
        std::reverse(words.begin(), words.end());
        return words.join(below(2) ? u' ' : u'\t').toUtf8();
    }
    void addOrder(Parameters &out, Entity entity)
    {
        QStringList keys;
        for (int count = below(4); count > 0; --count) {
            const auto all = fields(entity);
            const Field &field = all[static_cast<size_t>(below(static_cast<int>(all.size())))];
            if (field.orderable)
                keys += (below(2) ? QStringLiteral("-") : QString()) + QString::fromLatin1(name(field.name));
        }
        if (below(6) == 0)
            keys += below(2) ? QStringLiteral("id") : QStringLiteral("-id");
        out.append({QStringLiteral("ordering"), keys.join(u',')});
    }

    std::mt19937 &m_source;
    const DataModel &m_model;
};

/// One database with one model in it, and the checks of one query against it.
class Bench
{
public:
    Bench(db::DatabaseUrl url, std::mt19937 &source) : m_source(source), m_pool(std::move(url), {}) {}

    Result<void> prepare(bool own, DataModel model)
    {
        m_model = std::move(model);
        A360_TRY_ASSIGN(db::Lease taken, m_pool.lease());
        m_lease.emplace(std::move(taken));
        if (own) {
            A360_TRY(db::migrate(*m_lease));
        } else {
            const bool postgres = m_lease->dialect() == Dialect::PostgreSql;
            A360_TRY(m_lease->executeScript(QString::fromLatin1(adoptedTables)
                                               .arg(postgres ? QStringLiteral("bigint") : QStringLiteral("INTEGER"),
                                                    postgres ? QStringLiteral("text[]") : QStringLiteral("text"),
                                                    postgres ? QStringLiteral("timestamp") : QStringLiteral("text"))
                                               .toLatin1()));
        }
        // Forbidden sequential scans look so dear to the planner that it would compile every statement.
        if (m_lease->dialect() == Dialect::PostgreSql)
            A360_TRY(m_lease->executeScript("SET jit = off"));
        A360_TRY(m_lease->executeScript(m_model.insertScript(m_lease->dialect(), !own)));
        A360_TRY_ASSIGN(const SchemaInfo probed, SchemaInfo::probe(*m_lease));
        if (probed.ownSchema != own || probed.hasSearchIndex != own)
            return makeError(ErrorCode::Internal, QStringLiteral("the schema was not recognised"));
        m_schema = std::make_shared<const SchemaInfo>(probed);
        return {};
    }
    const DataModel &model() const { return m_model; }

    /// Empty when all is well, else what went wrong.
    QByteArray check(Entity entity, const Parameters &parameters)
    {
        const auto parsed = parseQuery(entity, parameters, DefaultOrder::NewestFirst);
        if (!parsed.ok())
            return "refused: " + parsed.error().message.toUtf8();
        const Query &query = parsed->query;
        const PlainEvaluator oracle(m_model);
        const std::vector<size_t> expected = oracle.rows(query);
        // With an index or without: the same rows. PostgreSQL would not use one on so few.
        if (m_lease->dialect() == Dialect::PostgreSql) {
            const auto set = m_lease->execute(db::Sql(Dialect::PostgreSql, randomBelow(m_source, 2)
                                                                              ? "SET enable_seqscan = off"
                                                                              : "SET enable_seqscan = on"));
            if (!set.ok())
                return describe(set.error());
        }
        for (const QByteArray &problem : {checkCount(query, expected), checkWhole(query, oracle, expected),
                                          checkPages(query, oracle, expected), checkSkip(query, oracle, expected)}) {
            if (!problem.isEmpty())
                return query.canonical() + ": " + problem;
        }
        return {};
    }

private:
    std::vector<OutputColumn> randomColumns(Entity entity)
    {
        const auto preset = presetColumns(entity, randomBelow(m_source, 2) ? Preset::Full : Preset::List);
        std::vector<OutputColumn> columns;
        for (const OutputColumn &column : preset) {
            if (columns.empty() || randomBelow(m_source, 8) == 0)
                columns.push_back(column);
        }
        return columns;
    }
    QByteArray compareRows(const Query &query, const PlainEvaluator &oracle, const std::vector<OutputColumn> &columns,
                           const db::RowBatch &rows, const std::vector<size_t> &expected, size_t from, size_t count,
                           bool readersKnowPlaceholders = false)
    {
        const size_t due = std::min(count, expected.size() - std::min(from, expected.size()));
        if (static_cast<size_t>(rows.rowCount()) != due)
            return QByteArray::number(rows.rowCount()) + " rows from " + QByteArray::number(qulonglong(from)) +
                   ", expected " + QByteArray::number(qulonglong(due));
        const int idColumn = rows.columnCount() - 1;
        for (qsizetype row = 0; row < rows.rowCount(); ++row) {
            const size_t index = expected[from + static_cast<size_t>(row)];
            if (rows.cell(row, idColumn).integer() != m_model.id(query.entity, index))
                return "id " + QByteArray::number(rows.cell(row, idColumn).integer()) + " in place " +
                       QByteArray::number(qulonglong(from) + qulonglong(row)) + ", expected " +
                       QByteArray::number(m_model.id(query.entity, index));
            for (size_t i = 0; i < columns.size(); ++i) {
                const OutputColumn &column = columns[i];
                QByteArray was = text(rows.cell(row, static_cast<int>(i)), column.type);
                if (readersKnowPlaceholders && m_model.placeholders && was == "'_")
                    was = "NULL";
                const QByteArray should =
                    text(oracle.value(query.entity, index, column.source, column.fallback), column.type);
                if (was != should)
                    return column.header + " is " + was + ", expected " + should;
            }
        }
        return {};
    }
    QByteArray checkCount(const Query &query, const std::vector<size_t> &expected)
    {
        const auto counted = Repository(m_schema).count(*m_lease, query, CountMode::Exact);
        if (!counted.ok())
            return "count: " + describe(counted.error());
        if (counted->rows != static_cast<qint64>(expected.size()) || counted->estimated)
            return "count " + QByteArray::number(counted->rows) + ", expected " +
                   QByteArray::number(qulonglong(expected.size()));
        return {};
    }
    /// The road of exports: all rows in one statement, from the start or behind some row.
    QByteArray checkWhole(const Query &query, const PlainEvaluator &oracle, const std::vector<size_t> &expected)
    {
        const SqlCompiler compiler(*m_schema);
        const auto columns = randomColumns(query.entity);
        Slice slice;
        size_t from = 0;
        for (int run = 0; run < 2; ++run) {
            const auto select = compiler.select(query, columns, slice);
            if (!select.ok())
                return "whole: " + describe(select.error());
            const auto rows = m_lease->query(*select, compiler.resultTypes(query, columns));
            if (!rows.ok())
                return "whole: " + describe(rows.error()) + '\n' + select->text();
            const QByteArray problem = compareRows(query, oracle, columns, *rows, expected, from, expected.size(), true);
            if (!problem.isEmpty())
                return (run == 0 ? "whole: " : "resumed: ") + problem + '\n' + select->text();
            if (rows->rowCount() == 0)
                return {};
            from = static_cast<size_t>(randomBelow(m_source, static_cast<int>(rows->rowCount()))) + 1;
            slice.after = keysetOf(*rows, static_cast<qsizetype>(from) - 1, query);
        }
        return {};
    }
    /// Forward through every page by cursor: no row twice, none left out.
    QByteArray checkPages(const Query &query, const PlainEvaluator &oracle, const std::vector<size_t> &expected)
    {
        const Repository repository(m_schema);
        const auto columns = randomColumns(query.entity);
        PageRequest request;
        size_t from = 0;
        // Short pages at the start, then longer ones, so that every kind of border is met without a hundred pages.
        for (int longest = 6;; longest *= 2) {
            request.limit = 1 + randomBelow(m_source, longest);
            const auto page = repository.list(*m_lease, query, columns, request);
            if (!page.ok())
                return "page: " + describe(page.error());
            const size_t limit = static_cast<size_t>(request.limit);
            const QByteArray problem = compareRows(query, oracle, columns, page->rows, expected, from, limit);
            if (!problem.isEmpty())
                return "page: " + problem;
            from += static_cast<size_t>(page->rows.rowCount());
            if (page->more != (from < expected.size()))
                return "page: `more` is wrong";
            if (!page->more)
                return {};
            const auto next = decodeCursor(query, encodeCursor(query, *page->last));
            if (!next.ok())
                return "cursor: " + describe(next.error());
            request.place = *next;
        }
    }
    QByteArray checkSkip(const Query &query, const PlainEvaluator &oracle, const std::vector<size_t> &expected)
    {
        const auto columns = randomColumns(query.entity);
        PageRequest request;
        request.limit = 1 + randomBelow(m_source, 20);
        request.place.skip = randomBelow(m_source, static_cast<int>(expected.size()) + 3);
        const auto page = Repository(m_schema).list(*m_lease, query, columns, request);
        if (!page.ok())
            return "skip: " + describe(page.error());
        return compareRows(query, oracle, columns, page->rows, expected, static_cast<size_t>(request.place.skip),
                           static_cast<size_t>(request.limit));
    }

    std::mt19937 &m_source;
    db::ConnectionPool m_pool;
    std::optional<db::Lease> m_lease;
    std::shared_ptr<const SchemaInfo> m_schema;
    DataModel m_model;
};

} // namespace

class TestQueryProperty : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY2(m_databases.open(), m_databases.problem());
        qInfo("A360_PROPERTY_SEED=%d A360_PROPERTY_ITERATIONS=%d", m_seed, m_iterations);
    }

    // The suite proves decisions 12 to 16: orders, NULLs last, folding, substring filters by index, search.
    void decisions12to16_randomQueriesAgreeWithThePlainEvaluator_data()
    {
        QTest::addColumn<Dialect>("dialect");
        QTest::addColumn<bool>("own");
        QTest::newRow("sqlite, own schema") << Dialect::Sqlite << true;
        QTest::newRow("sqlite, adopted") << Dialect::Sqlite << false;
        QTest::newRow("postgresql, own schema") << Dialect::PostgreSql << true;
        QTest::newRow("postgresql, adopted") << Dialect::PostgreSql << false;
    }
    void decisions12to16_randomQueriesAgreeWithThePlainEvaluator()
    {
        QFETCH(Dialect, dialect);
        QFETCH(bool, own);
        std::mt19937 source(static_cast<unsigned>(m_seed));
        Bench bench(m_databases.fresh(dialect), source);
        A360_VERIFY_OK(bench.prepare(own, DataModel::random(source, 90, 30, !own)));
        QueryMaker maker(source, bench.model());
        for (int i = 0; i < m_iterations; ++i) {
            const Entity entity = randomBelow(source, 4) == 0 ? Entity::Company : Entity::Contact;
            const Parameters parameters = maker.parameters(entity);
            const QByteArray problem = bench.check(entity, parameters);
            if (!problem.isEmpty()) {
                QByteArray given;
                for (const auto &[key, value] : parameters)
                    given += key.toUtf8() + '=' + value.toUtf8() + '&';
                QFAIL(("seed " + QByteArray::number(m_seed) + ", query " + QByteArray::number(i) + ", " + given + '\n' +
                       problem)
                          .constData());
            }
        }
    }

private:
    const int m_seed = fromEnvironment("A360_PROPERTY_SEED", 20240229);
    const int m_iterations = fromEnvironment("A360_PROPERTY_ITERATIONS", 150);
    TestDatabases m_databases;
};

QTEST_GUILESS_MAIN(TestQueryProperty)
#include "tst_query_property.moc"

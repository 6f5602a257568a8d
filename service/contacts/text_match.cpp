// SPDX-License-Identifier: GPL-3.0-or-later
#include "contacts/text_match.h"

#include "contacts/fts_phrase.h"
#include "core/text.h"
#include "db/search_expressions.h"

#include <algorithm>

namespace a360::contacts {

namespace {

QByteArray bytes(std::string_view text)
{
    return {text.data(), static_cast<qsizetype>(text.size())};
}

/// A bound text put through the server's own folding, so that both sides of a comparison go the same way.
db::Sql foldedValue(const SqlTerms &terms, const QByteArray &value)
{
    const QByteArray around = terms.folded("\x01");
    const qsizetype hole = around.indexOf('\x01');
    return terms.text(around.left(hole)).bind(value).raw(around.mid(hole + 1));
}

/// "(SELECT <expression of v> FROM <list> v)"
db::Sql valueList(const SqlTerms &terms, const QByteArray &expression, db::TextList values)
{
    db::Sql sql = terms.text("(SELECT " + expression + " FROM ");
    return terms.isPostgres() ? sql.raw("unnest(").bind(std::move(values)).raw(") AS l(v))")
                              : sql.raw("json_each(").bind(std::move(values)).raw("))");
}

// Unicode white space as an SQL literal, and as many spaces.
QByteArray spaceLiteral()
{
    std::string out;
    for (char32_t c = 1; c <= 0x3000; ++c) {
        if (isUnicodeSpace(c))
            appendUtf8(out, c);
    }
    return '\'' + QByteArray::fromStdString(out) + '\'';
}

QByteArray blanksLiteral()
{
    qsizetype count = 0;
    for (char32_t c = 1; c <= 0x3000; ++c)
        count += isUnicodeSpace(c) ? 1 : 0;
    return '\'' + QByteArray(count, ' ') + '\'';
}

/// The same as core's sortedWords(), in SQL.
QByteArray postgresSortedWords(const SqlTerms &terms, const QByteArray &expression)
{
    static const QByteArray spaces = spaceLiteral(), blanks = blanksLiteral();
    return "(SELECT string_agg(w, ' ' ORDER BY w COLLATE \"C\") FROM regexp_split_to_table(" +
           terms.folded("translate(" + expression + ", " + spaces + ", " + blanks + ')') +
           ", ' +') AS w WHERE w <> '')";
}

/// The same as core's webDomain(), in SQL; NULL where that is empty.
QByteArray postgresDomain(const SqlTerms &terms, const QByteArray &expression)
{
    static const QByteArray trimmable = [] {
        QByteArray literal = spaceLiteral();
        literal.insert(1, "\xEF\xBB\xBF");
        return literal;
    }();
    QByteArray out = "btrim(" + expression + ", " + trimmable + ')';
    out = "regexp_replace(" + out + ", '^.*?://', '')";
    out = "regexp_replace(" + out + ", '[/?#].*$', '')";
    out = "split_part(regexp_replace(" + out + ", '^.*@', ''), ':', 1)";
    out = "rtrim(regexp_replace(" + terms.folded(out) + ", '^www[.]', ''), '.')";
    return "NULLIF(NULLIF(" + out + ", ''), '_')";
}

db::Sql ilike(const SqlTerms &terms, const QByteArray &expression, const QByteArray &pattern)
{
    return terms.text(expression + " ILIKE ").bind(pattern);
}

db::Sql postgresContains(const SqlTerms &terms, const QByteArray &expression, const QByteArray &text, bool indexed)
{
    const PostgresNeedle needle = postgresNeedle(asView(text), terms.schema().serverLower);
    if (needle.exact)
        return ilike(terms, expression, needle.pattern);
    std::vector<db::Sql> candidates;
    if (indexed) {
        for (const QByteArray &pattern : needle.candidates)
            candidates.push_back(ilike(terms, expression, pattern));
    } else {
        candidates.push_back(ilike(terms, expression, needle.wideCandidate));
    }
    db::Sql sql = terms.text("(").append(joined(candidates, "OR", db::Dialect::PostgreSql));
    sql.raw(" AND " + terms.folded(expression) + " LIKE ").append(foldedValue(terms, needle.pattern));
    return sql.raw(")");
}

/// Rows that may contain one of the texts by any of its forms; for conditions that are dear to evaluate.
db::Sql postgresPrefilter(const SqlTerms &terms, const QByteArray &expression, const std::vector<QByteArray> &texts)
{
    constexpr size_t most = 20;
    std::vector<db::Sql> candidates;
    for (const QByteArray &text : texts) {
        std::vector<db::Sql> all;
        for (const std::string_view word : words(asView(text)))
            all.push_back(
                ilike(terms, expression, postgresNeedle(word, terms.schema().serverLower).wideCandidate));
        candidates.push_back(joined(all, "AND", db::Dialect::PostgreSql));
    }
    if (candidates.size() > most)
        return terms.empty();
    return joined(candidates, "OR", db::Dialect::PostgreSql).raw(" AND ");
}

} // namespace

bool isIndexable(std::string_view text, db::Dialect dialect)
{
    if (dialect == db::Dialect::Sqlite)
        return !ftsPhrases(text, FtsContent::Json).isEmpty();
    // pg_trgm makes its tokens of runs of letters and digits.
    size_t run = 0;
    while (!text.empty()) {
        const char32_t c = takeCodePoint(text);
        const bool inWord = c >= 0x80 || (c >= U'0' && c <= U'9') || (c >= U'A' && c <= U'Z') || (c >= U'a' && c <= U'z');
        run = inWord ? run + 1 : 0;
        if (run == 3)
            return true;
    }
    return false;
}

db::Sql containsText(const SqlTerms &terms, const QByteArray &expression, const QByteArray &text, bool indexed)
{
    if (terms.isPostgres())
        return postgresContains(terms, expression, text, indexed);
    return terms.text("a360_contains(" + expression + ", ").bind(foldCase(asView(text))).raw(")");
}

db::Sql columnContains(const SqlTerms &terms, const PhysicalColumn &column, const QByteArray &text)
{
    const QByteArray name = terms.column(column);
    const QByteArray key = bytes(tableName(column.table)) + '.' + bytes(column.name);
    db::Sql sql = containsText(terms, name, text, terms.schema().trigramColumns.contains(key));
    if (text == "_" && terms.mayHoldPlaceholder(column))
        return terms.text("(").append(sql).raw(" AND " + name + " <> '_')");
    return sql;
}

db::Sql listContainsAny(const SqlTerms &terms, const PhysicalColumn &column, const std::vector<QByteArray> &texts)
{
    std::vector<db::Sql> any;
    for (const QByteArray &text : texts) {
        any.push_back(terms.isPostgres() ? containsText(terms, "e.v", text, false)
                                         : terms.text("a360_array_contains(" + terms.column(column) + ", ")
                                               .bind(foldCase(asView(text)))
                                               .raw(")"));
    }
    db::Sql condition = joined(any, "OR", terms.schema().dialect);
    if (!terms.isPostgres())
        return condition;
    return terms.text("EXISTS (SELECT 1 FROM unnest(" + terms.column(column) + ") AS e(v) WHERE ")
        .append(condition)
        .raw(")");
}

db::Sql ftsCandidates(const SqlTerms &terms, const PhysicalColumn &column, const std::vector<QByteArray> &texts)
{
    if (terms.isPostgres() || !terms.schema().hasTrigram)
        return terms.empty();
    const db::SearchTable *table = db::findSearchTable(tableName(column.table));
    const auto isIn = [&](std::span<const std::string_view> columns) {
        return std::find(columns.begin(), columns.end(), column.name) != columns.end();
    };
    if (table == nullptr || (!isIn(table->textColumns) && !isIn(table->listColumns)))
        return terms.empty();
    const FtsContent content = isIn(table->listColumns) ? FtsContent::Json : FtsContent::Plain;
    QByteArray query;
    for (const QByteArray &text : texts) {
        const QByteArray phrases = ftsPhrases(asView(text), content);
        if (phrases.isEmpty())
            return terms.empty();
        query += (query.isEmpty() ? "(" : " OR (") + phrases + ')';
    }
    const QByteArray fts = bytes(table->ftsTable);
    return terms
        .text(bytes(tableAlias(column.table)) + ".id IN (SELECT rowid FROM " + fts + " WHERE " + fts + " MATCH ")
        .bind(bytes(column.name) + " : (" + query + ')')
        .raw(") AND ");
}

db::Sql foldedIsOneOf(const SqlTerms &terms, const QByteArray &expression, const std::vector<QByteArray> &values)
{
    db::TextList folded;
    for (const QByteArray &value : values)
        folded.push_back(foldCase(asView(value)));
    return terms.text(terms.folded(expression) + " IN ")
        .append(valueList(terms, terms.isPostgres() ? terms.folded("l.v") : QByteArray("value"), std::move(folded)));
}

db::Sql sortedWordsAreOneOf(const SqlTerms &terms, const PhysicalColumn &column, const std::vector<QByteArray> &values)
{
    db::TextList sorted;
    for (const QByteArray &value : values)
        sorted.push_back(sortedWords(asView(value)));
    const QByteArray reading = terms.reading(&column, nullptr);
    if (!terms.isPostgres())
        return terms.text("a360_sorted_words(" + reading + ") IN ").append(valueList(terms, "value", std::move(sorted)));
    return terms.text("(")
        .append(postgresPrefilter(terms, terms.column(column), values))
        .raw(postgresSortedWords(terms, reading) + " IN ")
        .append(valueList(terms, postgresSortedWords(terms, "l.v"), std::move(sorted)))
        .raw(")");
}

db::Sql domainIsOneOf(const SqlTerms &terms, const PhysicalColumn &column, const std::vector<QByteArray> &values)
{
    const QByteArray name = terms.column(column);
    db::TextList domains(values.begin(), values.end());
    if (!terms.isPostgres())
        return terms.text("a360_domain(" + name + ") IN ").append(valueList(terms, "value", std::move(domains)));
    return terms.text("(")
        .append(postgresPrefilter(terms, name, values))
        .raw(postgresDomain(terms, name) + " IN ")
        .append(valueList(terms, terms.folded("l.v"), std::move(domains)))
        .raw(")");
}

} // namespace a360::contacts

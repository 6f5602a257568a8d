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

/// `expression` matches one of the patterns that find every form of the needle.
db::Sql matchesCandidates(const SqlTerms &terms, const QByteArray &expression, const PostgresNeedle &needle,
                          bool indexed)
{
    std::vector<db::Sql> candidates;
    if (indexed) {
        for (const QByteArray &pattern : needle.candidates)
            candidates.push_back(ilike(terms, expression, pattern));
    } else {
        candidates.push_back(ilike(terms, expression, needle.wideCandidate));
    }
    return joined(candidates, "OR", db::Dialect::PostgreSql);
}

/// The exact answer. Not LIKE: the planner would take it for a second selective condition, expect hardly any rows and
/// choose its plan for those; it expects nearly all rows to satisfy an inequality.
db::Sql postgresRecheck(const SqlTerms &terms, const QByteArray &expression, const QByteArray &text)
{
    return terms.text("strpos(" + terms.folded(expression) + ", ")
        .append(foldedValue(terms, foldCase(asView(text))))
        .raw(") <> 0");
}

/// "(<surely> OR ": nearly every candidate matches for a reason that is told at a small part of the price of folding its
/// text, so the recheck is left to the others. Empty where nothing is sure.
db::Sql unlessSure(const SqlTerms &terms, const QByteArray &expression, const PostgresNeedle &needle, bool matchesPattern)
{
    std::vector<db::Sql> sure;
    if (needle.proof == PatternProof::Nothing)
        return terms.empty();
    if (!matchesPattern)
        sure.push_back(ilike(terms, expression, needle.pattern));
    if (needle.proof == PatternProof::UnlessDottedI)
        sure.push_back(terms.text("strpos(" + expression + ", " + dottedILiteral() + ") = 0"));
    return terms.text("(").append(joined(sure, "AND", db::Dialect::PostgreSql)).raw(" OR ");
}

/// Of the candidates, those that hold the text.
db::Sql checkedCandidates(const SqlTerms &terms, const db::Sql &candidates, const QByteArray &expression,
                          const QByteArray &text, const db::Sql &unless)
{
    db::Sql sql = terms.text("(").append(candidates).raw(" AND ").append(unless);
    return sql.append(postgresRecheck(terms, expression, text)).raw(unless.isEmpty() ? ")" : "))");
}

db::Sql postgresContains(const SqlTerms &terms, const QByteArray &expression, const QByteArray &text, bool indexed)
{
    const PostgresNeedle needle = postgresNeedle(asView(text), terms.schema().serverLower);
    const db::Sql candidates = matchesCandidates(terms, expression, needle, indexed);
    if (needle.exact)
        return candidates;
    const bool matchesPattern = (indexed ? needle.candidates : std::vector{needle.wideCandidate}) == std::vector{needle.pattern};
    return checkedCandidates(terms, candidates, expression, text, unlessSure(terms, expression, needle, matchesPattern));
}

bool holds(std::span<const std::string_view> columns, std::string_view name)
{
    return std::find(columns.begin(), columns.end(), name) != columns.end();
}

/// The indexed search expression of the column's table, when it holds the column and can find the text.
QByteArray searchExpressionFor(const SqlTerms &terms, const PhysicalColumn &column, const QByteArray &text)
{
    const db::SearchTable *table = db::findSearchTable(tableName(column.table));
    if (!terms.isPostgres() || !terms.schema().hasSearchIndex || table == nullptr ||
        (!holds(table->textColumns, column.name) && !holds(table->listColumns, column.name)) ||
        !isIndexable(asView(text), db::Dialect::PostgreSql))
        return {};
    return db::postgresSearchExpression(*table, asView(bytes(tableAlias(column.table)) + '.'));
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

db::Sql columnContains(const SqlTerms &terms, const PhysicalColumn &column, const QByteArray &text, Use use)
{
    const QByteArray name = terms.column(column);
    const bool indexed =
        terms.schema().trigramColumns.contains(bytes(tableName(column.table)) + '.' + bytes(column.name));
    const QByteArray searched =
        indexed || use == Use::Exclude ? QByteArray() : searchExpressionFor(terms, column, text);
    db::Sql sql = terms.empty();
    if (searched.isEmpty()) {
        sql = containsText(terms, name, text, indexed);
    } else {
        const PostgresNeedle needle = postgresNeedle(asView(text), terms.schema().serverLower);
        // The text of the whole row was searched, so of the column itself nothing is known yet.
        sql = checkedCandidates(terms, matchesCandidates(terms, searched, needle, true), name, text,
                                unlessSure(terms, name, needle, false));
    }
    if (text == "_" && terms.mayHoldPlaceholder(column))
        return terms.text("(").append(sql).raw(" AND " + name + " <> '_')");
    return sql;
}

db::Sql listContainsAny(const SqlTerms &terms, const PhysicalColumn &column, const std::vector<QByteArray> &texts,
                        Use use)
{
    const QByteArray name = terms.column(column);
    std::vector<db::Sql> any, maybe;
    for (const QByteArray &text : texts) {
        if (!terms.isPostgres()) {
            any.push_back(terms.text("a360_array_contains(" + name + ", ").bind(foldCase(asView(text))).raw(")"));
            continue;
        }
        any.push_back(containsText(terms, "e.v", text, false));
        // Looking into the elements is dear; the list as one text tells most rows apart, if need be by index.
        const QByteArray searched = use == Use::Select ? searchExpressionFor(terms, column, text) : QByteArray();
        const PostgresNeedle needle = postgresNeedle(asView(text), terms.schema().serverLower);
        maybe.push_back(searched.isEmpty()
                            ? matchesCandidates(terms, "array_to_string(" + name + ", E'\\n')", needle, false)
                            : matchesCandidates(terms, searched, needle, true));
    }
    const db::Sql condition = joined(any, "OR", terms.schema().dialect);
    if (!terms.isPostgres())
        return condition;
    return terms.text("(")
        .append(joined(maybe, "OR", terms.schema().dialect))
        .raw(" AND EXISTS (SELECT 1 FROM unnest(" + name + ") AS e(v) WHERE ")
        .append(condition)
        .raw("))");
}

db::Sql ftsCandidates(const SqlTerms &terms, const PhysicalColumn &column, const std::vector<QByteArray> &texts,
                      RowList list)
{
    if (terms.isPostgres() || !terms.schema().hasTrigram)
        return terms.empty();
    const db::SearchTable *table = db::findSearchTable(tableName(column.table));
    const bool json = table != nullptr && holds(table->listColumns, column.name);
    if (table == nullptr || (!json && !holds(table->textColumns, column.name)))
        return terms.empty();
    const FtsContent content = json ? FtsContent::Json : FtsContent::Plain;
    QByteArray query;
    for (const QByteArray &text : texts) {
        const QByteArray phrases = ftsPhrases(asView(text), content);
        if (phrases.isEmpty())
            return terms.empty();
        query += (query.isEmpty() ? "(" : " OR (") + phrases + ')';
    }
    // The plus keeps SQLite from using the condition as a way to the rows.
    return terms.text((list == RowList::Checks ? "+" : "") + bytes(tableAlias(column.table)) + ".id IN ")
        .append(ftsRows(terms, *table, bytes(column.name) + " : (" + query + ')'))
        .raw(" AND ");
}

db::Sql ftsRows(const SqlTerms &terms, const db::SearchTable &table, const QByteArray &query)
{
    const QByteArray fts = bytes(table.ftsTable);
    // CROSS JOIN keeps SQLite from reading the data first: nearly always there is no such entry, and nothing to read.
    return terms.text("(SELECT rowid FROM " + fts + " WHERE " + fts + " MATCH ")
        .bind(query)
        .raw(" UNION ALL SELECT every.id FROM a360_deferred_indexes behind CROSS JOIN " + bytes(table.table) +
             " every WHERE behind.name = '" + fts + "')");
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

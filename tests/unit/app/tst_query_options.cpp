// SPDX-License-Identifier: GPL-3.0-or-later
#include "query_options.h"

#include <QTest>

using namespace a360;
using namespace a360::app;

class TestQueryOptions : public QObject
{
    Q_OBJECT

    static Result<contacts::Query> parse(const QStringList &arguments, contacts::Entity entity = contacts::Entity::Contact)
    {
        CommandLine line({QStringLiteral("export"), {}, {}, {}});
        addQueryOptions(line, contacts::DefaultOrder::ById);
        if (!line.parse(arguments, 0, 0))
            return makeError(ErrorCode::Internal, QStringLiteral("the command line was refused"));
        return parseQueryOptions(line, entity);
    }
    static QStringList words(const char *text) { return QString::fromLatin1(text).split(QLatin1Char(' ')); }

private Q_SLOTS:
    void filtersOrderAndSearchReachTheQuery()
    {
        const auto query =
            parse(words("--filter title=cto,ceo --filter employees_min=50 --search berlin --order=-created_at"));
        QVERIFY2(query.ok(), query.ok() ? "" : qPrintable(query.error().message));
        QCOMPARE(query->filters.size(), size_t(3));
        QCOMPARE(query->order.front().name, QByteArray("created_at"));
        QVERIFY(query->order.front().descending);
    }
    void decision17_unknownFilterIsRefusedAndNamed()
    {
        const auto query = parse(words("--filter titel=cto"));
        QVERIFY(!query.ok());
        QCOMPARE(query.error().code, ErrorCode::InvalidArgument);
        QCOMPARE(query.error().field, QStringLiteral("titel"));
        QVERIFY2(query.error().message.contains(QStringLiteral("Did you mean 'title'?")), qPrintable(query.error().message));
    }
    void decision17_pagingParametersAreNoFiltersHere()
    {
        const auto query = parse(words("--filter limit=5"));
        QVERIFY(!query.ok());
        QVERIFY(query.error().message.contains(QStringLiteral("'limit'")));
    }
    void takesWhatRestTakes_data()
    {
        QTest::addColumn<contacts::Entity>("entity");
        QTest::addColumn<QString>("text"); // of a REST query
        constexpr auto people = contacts::Entity::Contact;
        constexpr auto firms = contacts::Entity::Company;
        QTest::newRow("keyword fields") << people << QStringLiteral("keywords=x&keyword_search_fields=company");
        QTest::newRow("keyword fields left out")
            << people << QStringLiteral("keywords_and=x,y&keyword_exclude_fields=company&keyword_exclude_fields=keywords");
        QTest::newRow("distinct contacts") << people << QStringLiteral("title=cto&distinct=true");
        QTest::newRow("distinct companies") << firms << QStringLiteral("distinct=false&name=werk");
        QTest::newRow("titles by words") << people << QStringLiteral("title=vp sales&normalize_title_column=1");
        QTest::newRow("search and order") << people << QStringLiteral("search=ada quill&ordering=-employees,title");
        QTest::newRow("companies' search") << firms << QStringLiteral("search=pump&employees_min=5");
    }
    void takesWhatRestTakes()
    {
        QFETCH(const contacts::Entity, entity);
        QFETCH(const QString, text);
        contacts::Parameters parameters;
        QStringList arguments;
        for (const QString &pair : text.split(u'&')) {
            parameters.append({pair.section(u'=', 0, 0), pair.section(u'=', 1)});
            arguments << QStringLiteral("--filter") << pair;
        }
        const auto rest = contacts::parseQuery(entity, parameters, contacts::DefaultOrder::ById);
        QVERIFY(rest.ok());
        QVERIFY(rest->ignored.isEmpty());
        const auto query = parse(arguments, entity);
        QVERIFY2(query.ok(), query.ok() ? "" : qPrintable(query.error().message));
        QCOMPARE(query->canonical(), rest->query.canonical());
    }
    void whatRestPassesOverIsRefused()
    {
        for (const char *filter : {"keyword_search_fields=company", "first_name=ada", "page=2", "format=csv", "fields=uuid"}) {
            const auto query = parse({QStringLiteral("--filter"), QString::fromLatin1(filter)}, contacts::Entity::Company);
            QVERIFY2(!query.ok(), filter);
            QCOMPARE(query.error().field, QString::fromLatin1(filter).section(u'=', 0, 0));
        }
    }
    void nearMissOfAReadingParameterIsNamed()
    {
        const auto query = parse(words("--filter keywords=x --filter keyword_search_field=company"));
        QVERIFY(!query.ok());
        QVERIFY2(query.error().message.contains(QStringLiteral("'keyword_search_fields'?")), qPrintable(query.error().message));
    }
    void filterWithoutValueIsRefused()
    {
        const auto query = parse(words("--filter title"));
        QVERIFY(!query.ok());
        QVERIFY(query.error().message.contains(QStringLiteral("NAME=VALUE")));
    }
    void decision12_defaultOrderIsById()
    {
        const auto query = parse({});
        QVERIFY(query.ok());
        QVERIFY(query->order.empty() || query->order.front().column == nullptr);
        const auto unknown = parse(words("--order=shoe_size"));
        QVERIFY(!unknown.ok());
        QVERIFY(unknown.error().message.contains(QStringLiteral("shoe_size")));
        QVERIFY(unknown.error().message.contains(QStringLiteral("--column-names contacts")));
    }
    void aCommandGetsItsQueryOrEnds_data()
    {
        QTest::addColumn<QString>("arguments");
        QTest::addColumn<int>("exitCode"); // -1: it goes on
        QTest::newRow("query") << QStringLiteral("companies --filter name=werk") << -1;
        QTest::newRow("no such entity") << QStringLiteral("people") << int(ExitUsage);
        QTest::newRow("no such filter") << QStringLiteral("companies --filter nam=werk") << int(ExitUsage);
        QTest::newRow("names are printed first") << QStringLiteral("companies --filters --filter nam=werk") << int(ExitDone);
        QTest::newRow("no such option here") << QStringLiteral("companies --filter name=x --column-names") << -2;
    }
    void aCommandGetsItsQueryOrEnds()
    {
        QFETCH(const QString, arguments);
        QFETCH(const int, exitCode);
        CommandLine line({QStringLiteral("count"), QStringLiteral("contacts|companies"), {}, {}});
        addQueryOptions(line, std::nullopt);
        if (!line.parse(arguments.split(u' '), 1, 1)) {
            QCOMPARE(exitCode, -2);
            return;
        }
        Console console(true);
        const std::variant<contacts::Query, int> read = readQuery(line, console);
        if (const auto *query = std::get_if<contacts::Query>(&read)) {
            QCOMPARE(exitCode, -1);
            QCOMPARE(query->entity, contacts::Entity::Company);
            QCOMPARE(query->filters.size(), size_t(1));
        } else {
            QCOMPARE(std::get<int>(read), exitCode);
        }
    }
    void entitiesByName()
    {
        QCOMPARE(*parseEntity(QStringLiteral("companies")), contacts::Entity::Company);
        QVERIFY(!parseEntity(QStringLiteral("people")).ok());
    }
};

QTEST_GUILESS_MAIN(TestQueryOptions)
#include "tst_query_options.moc"

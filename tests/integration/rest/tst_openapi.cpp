// SPDX-License-Identifier: GPL-3.0-or-later
// The API's description and its routes name the same things.
#include "api_routes.h"

#include "support/test_databases.h"

#include <QRegularExpression>
#include <QSet>

using namespace a360;

class TestOpenApi : public QObject
{
    Q_OBJECT

    test::TestDatabases m_databases;
    std::unique_ptr<Service> m_service;
    std::unique_ptr<access::TokenStore> m_tokens;
    std::unique_ptr<rest::ApiContext> m_context;
    QByteArray m_document;

    rest::Routes routes() { return rest::apiRoutes(*m_context); }

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY2(m_databases.open(), m_databases.problem());
        ServiceOptions options;
        options.database = m_databases.fresh(db::Dialect::Sqlite);
        options.migrate = true;
        auto service = Service::open(options);
        A360_VERIFY_OK(service);
        m_service = std::move(service).value();
        m_tokens = std::make_unique<access::TokenStore>(m_service->pool());
        m_context = std::make_unique<rest::ApiContext>(rest::ApiContext{*m_service, *m_tokens, {}});
        for (const rest::Route &route : routes()) {
            if (route.pattern == "/openapi.yaml")
                m_document = route.handler({}).body;
        }
        QVERIFY(m_document.startsWith("# SPDX"));
    }

    void everyRouteIsDescribedAndNothingElse()
    {
        // Paths stand at two spaces, methods at four.
        QSet<QByteArray> described, served;
        QByteArray path;
        static const QRegularExpression pathLine(QStringLiteral("^  (/\\S*):$")), methodLine(QStringLiteral("^    (get|post|put|patch|delete):$"));
        for (const QByteArray &line : m_document.split('\n')) {
            const QString text = QString::fromUtf8(line);
            if (const auto match = pathLine.match(text); match.hasMatch())
                path = rest::withoutTrailingSlash(match.captured(1).toLatin1());
            else if (const auto method = methodLine.match(text); method.hasMatch())
                described.insert(method.captured(1).toUpper().toLatin1() + ' ' + path);
        }
        for (const rest::Route &route : routes()) {
            QByteArray pattern = route.pattern;
            served.insert(route.method + ' ' + pattern.replace('<', '{').replace('>', '}'));
        }
        QCOMPARE(described, served);
        QVERIFY(served.size() >= 15);
    }

    void listItemsNameTheSameFields()
    {
        const qsizetype from = m_document.indexOf("    ContactListItem:\n");
        const qsizetype to = m_document.indexOf("    ContactSimple:\n");
        QVERIFY(from > 0 && to > from);
        QSet<QString> described, listed{QStringLiteral("meta_data")};
        static const QRegularExpression property(QStringLiteral("^        ([a-z_]+): \\{"));
        for (const QByteArray &line : m_document.mid(from, to - from).split('\n')) {
            if (const auto match = property.match(QString::fromUtf8(line)); match.hasMatch())
                described.insert(match.captured(1));
        }
        for (const contacts::OutputColumn &column : contacts::presetColumns(contacts::Entity::Contact, contacts::Preset::List))
            listed.insert(QString::fromUtf8(column.header));
        QCOMPARE(described, listed);
    }

    void everyFilterOfTheCatalogueIsDescribed()
    {
        for (const contacts::Entity entity : {contacts::Entity::Contact, contacts::Entity::Company}) {
            for (const contacts::FilterSpec &filter : contacts::filterSpecs(entity)) {
                const QByteArray line = "- {name: " + QByteArray(filter.name.data(), qsizetype(filter.name.size())) + ",";
                QVERIFY2(m_document.contains(line) || filter.name == "search", line.constData());
            }
        }
        QVERIFY(!m_document.contains("# filters of"));
        // What says how filters are read: in each of the four paths of contacts that take filters, and of companies.
        QCOMPARE(m_document.count("- {name: keyword_search_fields,"), 4);
        QCOMPARE(m_document.count("- {name: keyword_exclude_fields,"), 4);
        QCOMPARE(m_document.count("- {name: distinct,"), 8);
    }

    void onlyHealthAndDescriptionAreOpen()
    {
        rest::Call call;
        auto request = std::make_shared<rest::HttpRequest>();
        request->method = "GET";
        call.request = request;
        int closed = 0;
        for (const rest::Route &route : routes()) {
            if (!route.pattern.startsWith("/api/v1/co"))
                continue;
            ++closed;
            if (route.runs == rest::Route::Runs::AsStream)
                QCOMPARE(route.stream(call, {})->status, 401);
            else
                QCOMPARE(route.handler(call).status, 401);
        }
        QCOMPARE(closed, 16);
    }
};

QTEST_GUILESS_MAIN(TestOpenApi)
#include "tst_openapi.moc"

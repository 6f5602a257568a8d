// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "access/token_store.h"
#include "api_server.h"
#include "raw_client.h"
#include "support/test_databases.h"

#include <QJsonArray>

namespace a360::tests {

/// A running API on a database of its own, with made-up people in it.
class ApiFixture
{
public:
    /// Opens (and migrates) the database, makes a token, starts the server on a free port.
    Result<void> start(const db::DatabaseUrl &url, rest::ApiOptions options = {}, const CacheOptions &cache = {})
    {
        ServiceOptions service;
        service.database = url;
        service.cache = cache;
        return start(service, std::move(options));
    }
    Result<void> start(ServiceOptions serviceOptions, rest::ApiOptions options = {})
    {
        stop();
        serviceOptions.migrate = true;
        A360_TRY_ASSIGN(m_service, Service::open(serviceOptions));
        access::TokenStore tokens(m_service->pool());
        A360_TRY_ASSIGN(const access::NewToken token, tokens.create(access::Role::Admin, QStringLiteral("test")));
        m_token = token.token.toLatin1();
        options.http.port = 0;
        m_server = std::make_unique<rest::ApiServer>();
        A360_TRY_ASSIGN(m_port, m_server->start(options, *m_service));
        return {};
    }
    void stop()
    {
        m_server.reset();
        m_service.reset();
    }

    Service &service() { return *m_service; }
    rest::ApiServer &server() { return *m_server; }
    quint16 port() const { return m_port; }
    void setPort(quint16 port) { m_port = port; } ///< after the server was started again
    QByteArray bearer() const { return "Authorization: Bearer " + m_token + "\r\n"; }
    QByteArray token() const { return m_token; }

    /// One request with the token, on a connection of its own.
    RawAnswer get(const QByteArray &target, const QByteArray &fields = {}) const
    {
        RawClient client(m_port);
        client.get(target, bearer() + fields);
        return client.read(30'000);
    }

    /// Companies 1..`companies` and contacts 1..`contacts`; contact i is in company i % companies + 1, except each
    /// tenth, who has none. Created a second apart, so that the newest is the last.
    Result<void> fill(int contacts, int companies)
    {
        A360_TRY_ASSIGN(db::Lease lease, m_service->pool().lease(db::Lane::Bulk));
        A360_TRY(loadCompanies(lease, companies));
        A360_TRY(loadContacts(lease, contacts, companies));
        return {};
    }
    /// One field of each record of a list's page.
    static QStringList valuesOf(const QJsonObject &page, QLatin1String field)
    {
        QStringList values;
        for (const QJsonValue &item : page.value(u"results").toArray())
            values += item.toObject().value(field).toString();
        return values;
    }
    /// The path and query of an absolute link.
    static QByteArray targetOf(const QJsonValue &link)
    {
        const QByteArray text = link.toString().toUtf8();
        return text.mid(text.indexOf('/', 8));
    }
    static QByteArray uuid(char kind, int number)
    {
        return QByteArray(1, kind) + "0000000-0000-4000-8000-" + QByteArray::number(number).rightJustified(12, '0');
    }

private:
    static void appendList(db::RowBatch &batch, const QByteArrayList &elements)
    {
        std::string bytes;
        for (const QByteArray &element : elements) {
            const auto size = static_cast<qint32>(element.size());
            bytes.append(reinterpret_cast<const char *>(&size), sizeof size);
            bytes.append(element.constData(), static_cast<size_t>(element.size()));
        }
        batch.appendListBytes(bytes);
    }
    static void appendText(db::RowBatch &batch, const QByteArray &text)
    {
        batch.appendText({text.constData(), static_cast<size_t>(text.size())});
    }
    static qint64 time(int number) { return 1'700'000'000'000'000 + qint64(number) * 1'000'000 + (number % 2) * 987'054; }

    static Result<void> load(db::Lease &lease, const QByteArray &table, const std::vector<QByteArray> &columns,
                             const db::RowBatch &batch)
    {
        A360_TRY_ASSIGN(const std::unique_ptr<db::BulkLoad> bulk, lease.bulkLoad(table, columns, batch.types()));
        A360_TRY(bulk->append(batch));
        A360_TRY(bulk->finish());
        return {};
    }
    static Result<void> loadCompanies(db::Lease &lease, int count)
    {
        using enum db::ColumnType;
        db::RowBatch rows({Text, Text, Integer, TextList, TextList, Text, Integer, TextList, Timestamp, Timestamp});
        db::RowBatch more({Text, Text, Text, Integer, Text});
        for (int i = 1; i <= count; ++i) {
            appendText(rows, uuid('c', i));
            appendText(rows, "Werk " + QByteArray::number(i) + " GmbH");
            rows.appendInteger(i * 10);
            appendList(rows, {"machinery", "pumps, valves"});
            appendList(rows, {"water"});
            appendText(rows, "Hauptstraße " + QByteArray::number(i));
            rows.appendInteger(9'000'000);
            appendList(rows, {"SAP", "Qt"});
            rows.appendTimestamp(time(i));
            rows.appendTimestamp(time(i));
            appendText(more, uuid('c', i));
            appendText(more, "https://werk" + QByteArray::number(i) + ".example");
            appendText(more, "+49 555 " + QByteArray::number(i));
            more.appendInteger(500'000);
            appendText(more, "München");
        }
        A360_TRY(load(lease, "companies",
                      {"uuid", "name", "employees_count", "industries", "keywords", "address", "annual_revenue",
                       "technologies", "created_at", "updated_at"},
                      rows));
        return load(lease, "companies_metadata", {"uuid", "website", "phone_number", "latest_funding_amount", "city"}, more);
    }
    static Result<void> loadContacts(db::Lease &lease, int count, int companies)
    {
        using enum db::ColumnType;
        db::RowBatch rows({Text, Text, Text, Text, Text, Text, TextList, Timestamp, Timestamp});
        db::RowBatch more({Text, Text, Text});
        for (int i = 1; i <= count; ++i) {
            appendText(rows, uuid('a', i));
            appendText(rows, i % 7 == 0 ? QByteArray("Zoë") : "Ada" + QByteArray::number(i));
            // U+2028 ends a line for some clients; a line break in the middle of a cell for all.
            appendText(rows, i % 5 == 0 ? QByteArray("李\xE2\x80\xA8Wang\nline") : QByteArray("Quill, \"Q\""));
            appendText(rows, "p" + QByteArray::number(i) + "@werk.example");
            appendText(rows, i % 2 ? "Engineer" : "CTO");
            if (i % 10 == 0)
                rows.appendNull();
            else
                appendText(rows, uuid('c', i % companies + 1));
            appendList(rows, {"Operations", "Product"});
            rows.appendTimestamp(time(i));
            rows.appendTimestamp(time(i));
            appendText(more, uuid('a', i));
            appendText(more, "Wien");
            appendText(more, "Austria");
        }
        A360_TRY(load(lease, "contacts",
                      {"uuid", "first_name", "last_name", "email", "title", "company_id", "departments", "created_at",
                       "updated_at"},
                      rows));
        return load(lease, "contacts_metadata", {"uuid", "city", "country"}, more);
    }

    std::unique_ptr<Service> m_service;
    std::unique_ptr<rest::ApiServer> m_server;
    QByteArray m_token;
    quint16 m_port = 0;
};

} // namespace a360::tests

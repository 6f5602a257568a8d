// SPDX-License-Identifier: GPL-3.0-or-later
#include "api_server_control.h"

#include "access/token_store.h"
#include "sample/sample_data.h"
#include "transfer/importer.h"

#include <QElapsedTimer>
#include <QFile>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>
#include <QUrl>

using namespace a360;
using State = ui::ServerControl::State;

/// The window's real REST service: the program's own control over rest::ApiServer, called as the window calls it.
class ServerControlTest : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    std::shared_ptr<Service> m_service;
    QByteArray m_token;

    QNetworkReply *get(QNetworkAccessManager &network, const QString &url) const
    {
        QNetworkRequest request{QUrl(url)};
        request.setRawHeader("Authorization", "Bearer " + m_token);
        return network.get(request);
    }

private Q_SLOTS:
    void initTestCase()
    {
        ServiceOptions options;
        options.database = db::DatabaseUrl::sqliteFile(m_folder.filePath(QStringLiteral("contacts.db")));
        options.migrate = true;
        Result<std::unique_ptr<Service>> service = Service::open(options);
        QVERIFY(service.ok());
        m_service = std::move(*service);
        const auto made = access::TokenStore(m_service->pool()).create(access::Role::Admin, QStringLiteral("test"));
        QVERIFY(made.ok());
        m_token = made->token.toLatin1();
    }

    void servesOnAFreePortAndStops()
    {
        app::ApiServerControl control{rest::ApiOptions{}};
        control.start(m_service, {QStringLiteral("127.0.0.1"), 0});
        QVERIFY(control.state() == State::Starting);
        QTRY_VERIFY(control.state() == State::Running);
        QNetworkAccessManager network;
        std::unique_ptr<QNetworkReply> health(get(network, control.url() + QStringLiteral("/health")));
        QTRY_VERIFY(health->isFinished());
        QCOMPARE(health->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt(), 200);
        std::unique_ptr<QNetworkReply> list(get(network, control.url() + QStringLiteral("/api/v1/contacts/")));
        QTRY_VERIFY(list->isFinished());
        QCOMPARE(list->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt(), 200);
        QVERIFY(control.counters().requests >= 2);
        QVERIFY(control.counters().bytesSent > 0);
        control.stop();
        QVERIFY(control.state() == State::Stopping);
        QTRY_VERIFY(control.state() == State::Stopped);
        QCOMPARE(control.url(), QString());
        QVERIFY(!control.error());
    }

    void aPortInUseIsToldWithAWayOut()
    {
        QTcpServer other;
        QVERIFY(other.listen(QHostAddress::LocalHost));
        app::ApiServerControl control{rest::ApiOptions{}};
        control.start(m_service, {QStringLiteral("127.0.0.1"), other.serverPort()});
        QTRY_VERIFY(control.state() == State::Stopped);
        QVERIFY(control.error().has_value());
        QVERIFY2(control.error()->message.contains(QString::number(other.serverPort())), qPrintable(control.error()->message));
        QVERIFY(control.error()->message.contains(QStringLiteral("another port")));
        control.start(m_service, {QStringLiteral("127.0.0.1"), 0});
        QTRY_VERIFY(control.state() == State::Running);
        QVERIFY(!control.error());
    }

    void aHostThatIsNoneIsRefusedAtOnce()
    {
        app::ApiServerControl control{rest::ApiOptions{}};
        control.start(m_service, {QStringLiteral("no.such.name"), 8000});
        QVERIFY(control.state() == State::Stopped);
        QVERIFY(control.error().has_value());
        QVERIFY(control.error()->message.contains(QStringLiteral("no.such.name")));
    }

    /// A client that reads slowly keeps a stream open for ever; stopping does not wait for it.
    void stoppingCutsARunningStreamWithinASecond()
    {
        {
            QFile file(m_folder.filePath(QStringLiteral("people.csv")));
            QVERIFY(file.open(QIODevice::WriteOnly));
            QVERIFY(sample::writeContacts(file, 30'000).ok());
            file.close();
            transfer::ImportRequest request;
            auto input = transfer::InputFile::open(file.fileName());
            QVERIFY(input.ok());
            request.file = std::move(*input);
            ProgressCounter progress;
            const auto report = transfer::runImport(m_service->pool(), request, progress, {});
            QVERIFY2(report.ok(), report.ok() ? "" : qPrintable(report.error().message));
        }
        app::ApiServerControl control{rest::ApiOptions{}};
        control.start(m_service, {QStringLiteral("127.0.0.1"), 0});
        QTRY_VERIFY(control.state() == State::Running);
        QNetworkAccessManager network;
        std::unique_ptr<QNetworkReply> stream(get(network, control.url() + QStringLiteral("/api/v1/contacts/stream?format=jsonl&preset=full")));
        stream->setReadBufferSize(1024);
        QTRY_VERIFY(stream->bytesAvailable() > 0);
        QTRY_COMPARE(control.counters().streams, 1);
        QElapsedTimer timer;
        timer.start();
        control.stop();
        QTRY_VERIFY(control.state() == State::Stopped);
        QVERIFY2(timer.elapsed() < 1000, qPrintable(QString::number(timer.elapsed())));
    }

    void itsEndStopsTheServer()
    {
        QString url;
        {
            app::ApiServerControl control{rest::ApiOptions{}};
            control.start(m_service, {QStringLiteral("127.0.0.1"), 0});
            QTRY_VERIFY(control.state() == State::Running);
            url = control.url();
        }
        QNetworkAccessManager network;
        std::unique_ptr<QNetworkReply> health(get(network, url + QStringLiteral("/health")));
        QTRY_VERIFY(health->isFinished());
        QCOMPARE(health->error(), QNetworkReply::ConnectionRefusedError);
    }
};

QTEST_GUILESS_MAIN(ServerControlTest)
#include "tst_server_control.moc"

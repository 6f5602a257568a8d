// SPDX-License-Identifier: GPL-3.0-or-later
// Clients that close their sending side behind the request still get their answer (RFC 9112 §9.6).
#include "probe_routes.h"
#include "raw_client.h"

#include <QTest>

#include <sys/socket.h>

using namespace a360;
using namespace a360::tests;

class TestHalfClose : public QObject
{
    Q_OBJECT

    std::unique_ptr<Probe> m_probe;
    std::unique_ptr<HttpServer> m_server;
    quint16 m_port = 0;

    static int stopSending(RawClient &client)
    {
        return ::shutdown(static_cast<int>(client.socket().socketDescriptor()), SHUT_WR);
    }

private Q_SLOTS:
    void init()
    {
        m_probe = std::make_unique<Probe>();
        m_server = std::make_unique<HttpServer>();
        const Result<quint16> port = m_server->start(testOptions(), probeRoutes(*m_probe));
        QVERIFY2(port.ok(), port.ok() ? "" : qPrintable(port.error().message));
        m_port = *port;
    }
    void cleanup() { m_server.reset(); }

    void aClientThatOnlyStopsSendingGetsItsAnswer_data()
    {
        QTest::addColumn<QByteArray>("request");
        QTest::addColumn<qsizetype>("size");
        QTest::newRow("small") << QByteArray("GET /ping HTTP/1.1\r\nHost: localhost\r\n\r\n") << qsizetype(4);
        QTest::newRow("old client") << QByteArray("GET /ping HTTP/1.0\r\nHost: localhost\r\n\r\n") << qsizetype(4);
        QTest::newRow("from a worker") << QByteArray("GET /big HTTP/1.1\r\nHost: localhost\r\n\r\n") << qsizetype(200'000);
        QTest::newRow("stream") << QByteArray("GET /stream/3000000 HTTP/1.1\r\nHost: localhost\r\n\r\n") << qsizetype(3'000'000);
        QTest::newRow("stream for an old client") << QByteArray("GET /stream/3000000 HTTP/1.0\r\nHost: localhost\r\n\r\n") << qsizetype(3'000'000);
        QTest::newRow("with a body") << QByteArray("POST /size HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello") << qsizetype(1);
    }
    void aClientThatOnlyStopsSendingGetsItsAnswer()
    {
        QFETCH(QByteArray, request);
        QFETCH(qsizetype, size);
        RawClient client(m_port);
        client.send(request);
        QCOMPARE(stopSending(client), 0);
        const RawAnswer answer = client.read();
        QCOMPARE(answer.status, 200);
        QCOMPARE(answer.body.size(), size);
        QVERIFY(answer.complete);
        QVERIFY(client.isClosed()); // there will be no other request
        QTRY_COMPARE(m_server->counters().activeConnections.load(), 0);
    }
    void halfClosedPipelinesAreAnsweredToTheEnd()
    {
        RawClient client(m_port);
        client.send("GET /echo/a HTTP/1.1\r\nHost: localhost\r\n\r\nGET /stream/70000 HTTP/1.1\r\nHost: localhost\r\n\r\n"
                    "GET /ping HTTP/1.1\r\nHost: localhost\r\n\r\nGET /half");
        QCOMPARE(stopSending(client), 0);
        QVERIFY(client.read().body.startsWith("a|"));
        QCOMPARE(client.read().body.size(), 70'000);
        QCOMPARE(client.read().body, "pong");
        QVERIFY(client.isClosed());
    }
    void aHalfClosedClientIsPatient()
    {
        RawClient client(m_port);
        client.get("/slow");
        QTRY_COMPARE(m_probe->slowRunning.load(), 1);
        QCOMPARE(stopSending(client), 0);
        QCOMPARE(client.read().status, 102); // asked whether it is still there
        {
            const std::lock_guard lock(m_probe->mutex);
            m_probe->gateIsOpen = true;
        }
        m_probe->changed.notify_all();
        QCOMPARE(client.read().body, "slow");
        QCOMPARE(m_probe->slowCancelled.load(), 0);
    }
};

QTEST_GUILESS_MAIN(TestHalfClose)
#include "tst_half_close.moc"

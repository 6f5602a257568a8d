// SPDX-License-Identifier: GPL-3.0-or-later
// The HTTP layer alone, over real sockets, with routes made for the test.
#include "probe_routes.h"
#include "raw_client.h"

#include <QElapsedTimer>
#include <QRegularExpression>
#include <QTest>

#include <thread>
#include <vector>

#include <fcntl.h>
#include <sys/socket.h>

using namespace a360;
using namespace a360::rest;
using namespace a360::tests;
using namespace std::chrono_literals;

namespace {

/// Reads a connection to its end, past Qt: 0 for an orderly end, otherwise the errno.
int endOf(RawClient &client)
{
    const int descriptor = static_cast<int>(client.socket().socketDescriptor());
    ::fcntl(descriptor, F_SETFL, ::fcntl(descriptor, F_GETFL) & ~O_NONBLOCK);
    char buffer[65536];
    ssize_t got = 0;
    while ((got = ::recv(descriptor, buffer, sizeof buffer, 0)) > 0) { }
    return got == 0 ? 0 : errno;
}

} // namespace

class TestHttpServer : public QObject
{
    Q_OBJECT

    std::unique_ptr<Probe> m_probe;
    std::unique_ptr<HttpServer> m_server;
    quint16 m_port = 0;

    void start(const HttpOptions &options = testOptions())
    {
        m_server.reset();
        m_probe = std::make_unique<Probe>();
        m_server = std::make_unique<HttpServer>();
        const Result<quint16> port = m_server->start(options, probeRoutes(*m_probe));
        QVERIFY2(port.ok(), port.ok() ? "" : qPrintable(port.error().message));
        m_port = *port;
    }

private Q_SLOTS:
    void init() { start(); }
    void cleanup()
    {
        m_server.reset();
        m_probe.reset();
    }

    void answersAndKeepsTheConnection()
    {
        RawClient client(m_port);
        for (int i = 0; i < 3; ++i) {
            client.get("/ping", "X-Request-Id: id-" + QByteArray::number(i) + "\r\n");
            const RawAnswer answer = client.read();
            QCOMPARE(answer.status, 200);
            QCOMPARE(answer.body, "pong");
            QCOMPARE(answer.headers.value("x-request-id"), "id-" + QByteArray::number(i));
            QCOMPARE(answer.headers.value("server"), "Appointment360");
            const QByteArrayList took = answer.headers.value("x-process-time").split('.');
            QCOMPARE(took.size(), 2);
            QCOMPARE(took[1].size(), 6);
            QVERIFY(answer.headers.contains("date"));
            QVERIFY(!answer.headers.contains("connection"));
        }
    }

    void pathArgumentsQueriesAndUnicodeArrive()
    {
        RawClient client(m_port);
        client.get("/echo/Zo%C3%AB%20x/?a=1&a=%E6%9D%8E&b");
        QCOMPARE(client.read().body, "Zoë x|a=1&a=%E6%9D%8E&b|http://localhost");
        client.get("/echo/plain");
        QCOMPARE(client.read().body, "plain||http://localhost");
    }

    void unknownPathsAndMethods()
    {
        RawClient client(m_port);
        client.get("/nowhere");
        RawAnswer answer = client.read();
        QCOMPARE(answer.status, 404);
        QCOMPARE(answer.json().value(u"detail").toString(), QStringLiteral("Not Found"));
        client.get("//ping");
        QCOMPARE(client.read().status, 404);
        client.send("DELETE /ping HTTP/1.1\r\nHost: localhost\r\n\r\n");
        answer = client.read();
        QCOMPARE(answer.status, 405);
        QCOMPARE(answer.headers.value("allow"), "GET, HEAD, OPTIONS");
        client.send("BREW /ping HTTP/1.1\r\nHost: localhost\r\n\r\n");
        QCOMPARE(client.read().status, 501);
        client.send("POST /stream/5 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n");
        QCOMPARE(client.read().status, 405);
    }

    void headHasNoBody()
    {
        RawClient client(m_port);
        client.send("HEAD /ping HTTP/1.1\r\nHost: localhost\r\n\r\n");
        const RawAnswer answer = client.read(10'000, true);
        QCOMPARE(answer.status, 200);
        QCOMPARE(answer.headers.value("content-length"), "4");
        client.get("/ping");
        QCOMPARE(client.read().body, "pong");
    }

    void pipelinedRequestsAreAnsweredInOrder()
    {
        RawClient client(m_port);
        QByteArray all;
        for (int i = 0; i < 50; ++i)
            all += "GET " + QByteArray(i % 3 ? "/echo/" + QByteArray::number(i) : "/ping") + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
        all += "GET /stream/300000 HTTP/1.1\r\nHost: localhost\r\n\r\nGET /ping HTTP/1.1\r\nHost: localhost\r\n\r\n";
        client.send(all);
        for (int i = 0; i < 50; ++i)
            QCOMPARE(client.read().body, i % 3 ? QByteArray::number(i) + "||http://localhost" : QByteArray("pong"));
        QCOMPARE(client.read().body.size(), 300'000);
        QCOMPARE(client.read().body, "pong");
    }

    void connectionCloseAndOldClients()
    {
        RawClient client(m_port);
        client.get("/ping", "Connection: close\r\n");
        RawAnswer answer = client.read();
        QCOMPARE(answer.headers.value("connection"), "close");
        QVERIFY(client.isClosed());

        RawClient old(m_port);
        old.send("GET /ping HTTP/1.0\r\n\r\n");
        answer = old.read();
        QCOMPARE(answer.status, 400); // no Host, so no trusted one
        RawClient old2(m_port);
        old2.send("GET /ping HTTP/1.0\r\nHost: localhost\r\n\r\n");
        QCOMPARE(old2.read().body, "pong");
        QVERIFY(old2.isClosed());
        RawClient old3(m_port);
        old3.send("GET /ping HTTP/1.0\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n");
        QCOMPARE(old3.read().headers.value("connection"), "keep-alive");
        old3.send("GET /ping HTTP/1.0\r\nHost: localhost\r\n\r\n");
        QCOMPARE(old3.read().body, "pong");
    }

    void untrustedHostIsRefused()
    {
        RawClient client(m_port);
        client.send("GET /ping HTTP/1.1\r\nHost: evil.test\r\n\r\n");
        QCOMPARE(client.read().status, 400);
    }

    void crossOriginRequests()
    {
        RawClient client(m_port);
        client.send("OPTIONS /ping HTTP/1.1\r\nHost: localhost\r\nOrigin: https://app.example\r\n"
                    "Access-Control-Request-Method: GET\r\n\r\n");
        RawAnswer answer = client.read();
        QCOMPARE(answer.status, 204);
        QCOMPARE(answer.headers.value("access-control-allow-origin"), "https://app.example");
        for (const char *field : {"Authorization", "Content-Type", "X-Request-Id", "Cache-Control"})
            QVERIFY2(answer.headers.value("access-control-allow-headers").contains(field), field);
        client.send("OPTIONS /ping HTTP/1.1\r\nHost: localhost\r\nOrigin: https://evil.example\r\n"
                    "Access-Control-Request-Method: GET\r\n\r\n");
        answer = client.read();
        QCOMPARE(answer.status, 400);
        QVERIFY(!answer.headers.contains("access-control-allow-origin"));
        client.get("/ping", "Origin: https://app.example\r\n");
        QCOMPARE(client.read().headers.value("access-control-allow-origin"), "https://app.example");
        client.send("OPTIONS /ping HTTP/1.1\r\nHost: localhost\r\n\r\n");
        QCOMPARE(client.read().headers.value("allow"), "GET, HEAD, OPTIONS");
    }

    void bodiesWithLengthChunkedAndExpectation()
    {
        RawClient client(m_port);
        client.send("POST /size HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n" + QByteArray(100'000, 'b'));
        QCOMPARE(client.read().body, "100000");
        client.send("POST /size HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
        QCOMPARE(client.read().body, "5");
        client.send("POST /size HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
        QCOMPARE(client.read().status, 100);
        client.send("body");
        QCOMPARE(client.read().body, "4");
    }

    void tooBigIsSaidAndArrives()
    {
        RawClient body(m_port);
        body.send("POST /size HTTP/1.1\r\nHost: localhost\r\nContent-Length: 300000000\r\n\r\n");
        for (int i = 0; i < 20; ++i)
            body.send(QByteArray(100'000, 'b'));
        QCOMPARE(body.read().status, 413);
        QVERIFY(body.isClosed());
        RawClient header(m_port);
        header.get("/ping", "X: " + QByteArray(20'000, 'h') + "\r\n");
        QCOMPARE(header.read().status, 431);
        RawClient line(m_port);
        line.get("/" + QByteArray(20'000, 'p'));
        QCOMPARE(line.read().status, 414);
    }

    void garbageIsRefusedAndTheServerLivesOn()
    {
        for (const QByteArray &junk : {QByteArray("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 15),
                                       QByteArray(5000, '\xff') + "\r\n\r\n", QByteArray("GET\r\n\r\n"),
                                       QByteArray("POST /size HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n"
                                                  "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n")}) {
            RawClient client(m_port);
            client.send(junk);
            QCOMPARE(client.read().status, 400);
            QVERIFY(client.isClosed());
        }
        RawClient client(m_port);
        client.get("/ping");
        QCOMPARE(client.read().status, 200);
    }

    void slowHeadersAndHalfRequestsTimeOut()
    {
        HttpOptions options = testOptions();
        options.headerTimeout = 300ms;
        options.bodyTimeout = 300ms;
        options.idleTimeout = 400ms;
        start(options);
        RawClient head(m_port), body(m_port), idle(m_port);
        head.send("GET /ping HTT");
        body.send("POST /size HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nhalf");
        idle.get("/ping");
        QCOMPARE(idle.read().status, 200);
        QCOMPARE(head.read().status, 408);
        QCOMPARE(body.read().status, 408);
        QVERIFY(head.isClosed());
        QVERIFY(body.isClosed());
        QVERIFY(idle.isClosed());
        QVERIFY(idle.pending().isEmpty());
    }

    void slowlorisIsCutAtTheDeadlineThoughBytesTrickleIn()
    {
        HttpOptions options = testOptions();
        options.headerTimeout = 500ms;
        start(options);
        RawClient client(m_port);
        client.send("GET /ping HTTP/1.1\r\nHost: localhost\r\n");
        QElapsedTimer timer;
        timer.start();
        RawAnswer answer;
        while (answer.status == 0 && timer.elapsed() < 5000) {
            client.send("X: y\r\n");
            answer = client.read(50);
        }
        QCOMPARE(answer.status, 408);
        QVERIFY(timer.elapsed() < 2500);
    }

    void clientsLeavingInMidAnswerCancelTheirHandlers()
    {
        std::vector<std::unique_ptr<RawClient>> clients;
        for (int i = 0; i < 12; ++i) {
            clients.push_back(std::make_unique<RawClient>(m_port));
            clients.back()->get("/slow");
        }
        QTRY_COMPARE(m_probe->slowRunning.load(), 12);
        for (int i = 0; i < 12; ++i) {
            if (i % 2)
                clients[size_t(i)]->socket().abort();
            else
                clients[size_t(i)]->socket().disconnectFromHost();
        }
        QTRY_COMPARE(m_probe->slowCancelled.load(), 12);
        QTRY_COMPARE(m_probe->slowRunning.load(), 0);
        QTRY_COMPARE(m_server->counters().activeConnections.load(), 0);
        RawClient client(m_port);
        client.get("/ping");
        QCOMPARE(client.read().body, "pong");
    }

    void thirtyClientsVanishWhileAnswersAreOnTheirWay()
    {
        for (int i = 0; i < 30; ++i) {
            RawClient client(m_port);
            client.get(i % 3 == 0 ? "/big" : i % 3 == 1 ? "/stream/5000000" : "/echo/x");
            if (i % 2)
                client.socket().waitForReadyRead(200);
            client.socket().abort();
        }
        QTRY_COMPARE(m_server->counters().activeConnections.load(), 0);
        QTRY_COMPARE(m_server->counters().activeStreams.load(), 0);
        RawClient client(m_port);
        client.get("/big");
        QCOMPARE(client.read().body.size(), 200'000);
    }

    void aHandlerThatTakesTooLongIsGivenUp()
    {
        HttpOptions options = testOptions();
        options.requestTimeout = 300ms;
        start(options);
        RawClient client(m_port);
        client.get("/slow");
        QCOMPARE(client.read().status, 504);
        QTRY_COMPARE(m_probe->slowCancelled.load(), 1);
    }

    void anExceptionBecomesAPlain500()
    {
        RawClient client(m_port);
        QTest::ignoreMessage(QtCriticalMsg, QRegularExpression(QStringLiteral("threw")));
        client.get("/throws");
        const RawAnswer answer = client.read();
        QCOMPARE(answer.status, 500);
        QVERIFY(!answer.body.contains("secret"));
    }

    void streamIsChunkedWithItsHead()
    {
        RawClient client(m_port);
        client.get("/stream/3000000");
        const RawAnswer answer = client.read();
        QCOMPARE(answer.status, 200);
        QVERIFY(answer.complete);
        QCOMPARE(answer.body.size(), 3'000'000);
        QCOMPARE(answer.headers.value("transfer-encoding"), "chunked");
        QCOMPARE(answer.headers.value("content-disposition"), "attachment; filename=\"x.csv\"");
        QVERIFY(!answer.headers.contains("content-length"));
    }

    void streamForOldClientsEndsWithTheConnection()
    {
        RawClient client(m_port);
        client.send("GET /stream/3000000 HTTP/1.0\r\nHost: localhost\r\n\r\n");
        RawAnswer answer = client.read();
        QVERIFY(!answer.headers.contains("transfer-encoding"));
        QVERIFY(answer.complete);
        QCOMPARE(answer.body.size(), 3'000'000);

        // Without chunks only a reset tells a broken answer from a whole one; QTcpSocket hides the difference.
        RawClient failing(m_port);
        failing.send("GET /stream/-30000000 HTTP/1.0\r\nHost: localhost\r\n\r\n");
        QCOMPARE(endOf(failing), ECONNRESET);
        RawClient whole(m_port);
        whole.send("GET /stream/3000000 HTTP/1.0\r\nHost: localhost\r\n\r\n");
        QCOMPARE(endOf(whole), 0);
    }

    void failureBeforeTheFirstByteIsAnOrdinaryError()
    {
        RawClient client(m_port);
        client.get("/stream/0");
        const RawAnswer answer = client.read();
        QCOMPARE(answer.status, 400);
        QCOMPARE(answer.json().value(u"detail").toString(), QStringLiteral("nothing to stream"));
        client.get("/ping");
        QCOMPARE(client.read().body, "pong");
    }

    void failureInMidStreamCutsTheConnection()
    {
        RawClient client(m_port);
        client.get("/stream/-30000000"); // far more than the queue holds, so that the head is out when it fails
        const RawAnswer answer = client.read();
        QVERIFY(!answer.complete);
        QVERIFY(client.isClosed());
    }

    void slowReaderHoldsTheProducerBack()
    {
        RawClient client(m_port, 16 * 1024);
        client.socket().setSocketOption(QAbstractSocket::ReceiveBufferSizeSocketOption, 64 * 1024);
        client.get("/stream/200000000");
        // Kernel buffers on both sides, the socket's high-water mark, the queue: a few MiB in all, whatever the stream's size.
        qint64 last = -1;
        QTRY_VERIFY_WITH_TIMEOUT(m_probe->streamed.load() > 0, 5000);
        QTRY_VERIFY_WITH_TIMEOUT(std::exchange(last, m_probe->streamed.load()) == m_probe->streamed.load() && last > 500'000,
                                 5000);
        QVERIFY2(m_probe->streamed.load() < 16'000'000, QByteArray::number(m_probe->streamed.load()).constData());
        client.socket().abort();
        QTRY_COMPARE_WITH_TIMEOUT(m_probe->streamsEnded.load(), 1, 1000); // within a second
        QVERIFY(m_probe->streamCancelled);
    }

    void clientThatReadsNothingIsCutOff()
    {
        HttpOptions options = testOptions();
        options.writeStallTimeout = 400ms;
        start(options);
        RawClient client(m_port, 16 * 1024);
        client.get("/stream/200000000");
        QTRY_COMPARE_WITH_TIMEOUT(m_probe->streamsEnded.load(), 1, 5000);
        QVERIFY(m_probe->streamCancelled);
    }

    void oneStreamTooManyIsToldToComeBack()
    {
        HttpOptions options = testOptions();
        options.maxStreams = 2;
        start(options);
        RawClient a(m_port, 16 * 1024), b(m_port, 16 * 1024), c(m_port);
        a.get("/stream/200000000");
        b.get("/stream/200000000");
        QTRY_COMPARE(m_server->counters().activeStreams.load(), 2);
        c.get("/stream/10");
        const RawAnswer answer = c.read();
        QCOMPARE(answer.status, 503);
        QVERIFY(answer.headers.contains("retry-after"));
        a.socket().abort();
        QTRY_COMPARE(m_server->counters().activeStreams.load(), 1);
        c.get("/stream/10");
        QCOMPARE(c.read().body.size(), 10);
    }

    void oneConnectionTooManyIsRefused()
    {
        HttpOptions options = testOptions();
        options.maxConnections = 2;
        start(options);
        RawClient a(m_port), b(m_port);
        QTRY_COMPARE(m_server->counters().activeConnections.load(), 2);
        RawClient c(m_port);
        QCOMPARE(c.read().status, 503);
        a.socket().abort();
        QTRY_COMPARE(m_server->counters().activeConnections.load(), 1);
        RawClient d(m_port);
        d.get("/ping");
        QCOMPARE(d.read().status, 200);
    }

    void stopLetsRunningAnswersEndAndCutsTheRest()
    {
        RawClient slow(m_port), idle(m_port);
        idle.get("/ping");
        QCOMPARE(idle.read().status, 200);
        slow.get("/slow");
        QTRY_COMPARE(m_probe->slowRunning.load(), 1);
        std::thread stopper([this] { m_server->stop(10s); });
        QVERIFY(idle.isClosed());
        {
            const std::lock_guard lock(m_probe->mutex);
            m_probe->gateIsOpen = true;
            m_probe->changed.notify_all();
        }
        const RawAnswer answer = slow.read();
        stopper.join();
        QCOMPARE(answer.body, "slow");
        QCOMPARE(answer.headers.value("connection"), "close");
        QVERIFY(!m_server->isRunning());
        RawClient late(m_port);
        QVERIFY(late.socket().state() != QAbstractSocket::ConnectedState);

        start();
        RawClient streaming(m_port, 16 * 1024);
        streaming.get("/stream/200000000");
        QTRY_VERIFY(m_probe->streamed.load() > 0);
        m_server->stop(0ms);
        QCOMPARE(m_probe->streamsEnded.load(), 1);
    }

    void anAddressInUseIsNamed()
    {
        HttpServer other;
        HttpOptions options = testOptions();
        options.port = m_port;
        const Result<quint16> port = other.start(options, {});
        QVERIFY(!port.ok());
        QCOMPARE(port.error().code, ErrorCode::Io);
        QVERIFY(port.error().message.contains(QString::number(m_port)));
    }
};

QTEST_GUILESS_MAIN(TestHttpServer)
#include "tst_http_server.moc"

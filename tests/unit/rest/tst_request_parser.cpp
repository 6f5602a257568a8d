// SPDX-License-Identifier: GPL-3.0-or-later
#include "request_parser.h"

#include <QTest>

#include <random>

using namespace a360::rest;
using Status = RequestParser::Status;

namespace {

/// Feeds `bytes` in pieces of `piece` bytes, keeping the rest as a connection does; gives the requests and, at the end,
/// the status of the answer to bad input (0: none).
struct Framing
{
    QList<HttpRequest> requests;
    int failure = 0;
};

Framing frame(const QByteArray &bytes, qsizetype piece, const ParserLimits &limits = {})
{
    RequestParser parser(limits);
    Framing result;
    QByteArray pending;
    for (qsizetype at = 0; at < bytes.size(); at += piece) {
        pending += bytes.mid(at, piece);
        for (;;) {
            qsizetype consumed = 0;
            const Status status = parser.feed(pending, consumed);
            pending.remove(0, consumed);
            if (status == Status::Complete) {
                result.requests += parser.take();
            } else if (status == Status::Failed) {
                result.failure = parser.error().status;
                return result;
            } else if (status == Status::NeedMore) {
                break;
            }
            if (pending.isEmpty())
                break;
        }
    }
    return result;
}

} // namespace

class TestRequestParser : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everySplitGivesTheSameRequests()
    {
        const QByteArray bytes = "GET /a%20b?x=1&x=%C3%BC HTTP/1.1\r\nHost: h:1\r\nX-A:  spaced \r\n\r\n"
                                 "\r\nPOST /c HTTP/1.1\r\nhost: h\r\nContent-Length: 5\r\n\r\nhello"
                                 "POST /d HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                                 "4\r\nWiki\r\n5;ext=1\r\npedia\r\n0\r\nTrailer: t\r\n\r\n"
                                 "GET http://h/e?q HTTP/1.0\r\n\r\n";
        for (qsizetype piece = 1; piece <= bytes.size(); ++piece) {
            const Framing framing = frame(bytes, piece);
            QCOMPARE(framing.failure, 0);
            QCOMPARE(framing.requests.size(), 4);
            QCOMPARE(framing.requests[0].path, "/a b");
            QCOMPARE(framing.requests[0].query, "x=1&x=%C3%BC");
            QCOMPARE(headerValue(framing.requests[0].headers, "x-a"), "spaced");
            QCOMPARE(framing.requests[1].body, "hello");
            QCOMPARE(framing.requests[2].body, "Wikipedia");
            QCOMPARE(framing.requests[3].path, "/e");
            QCOMPARE(framing.requests[3].minorVersion, 0);
            QVERIFY(!framing.requests[3].keepAlive);
            QVERIFY(framing.requests[1].keepAlive);
        }
    }

    void refused_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("status");
        const auto row = [](const char *name, const QByteArray &bytes, int status) {
            QTest::newRow(name) << bytes << status;
        };
        row("garbage", "\x16\x03\x01 hello\r\n\r\n", 400);
        row("length and chunked",
            "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400);
        row("chunked and length",
            "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", 400);
        row("gzip and length", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello", 400);
        row("gzip, chunked", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501);
        row("identity coding", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: identity\r\n\r\n", 501);
        row("two codings", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n", 400);
        row("chunked in 1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400);
        row("two lengths", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello", 400);
        row("same length twice", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello", 400);
        row("negative length", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n", 400);
        row("length with plus", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: +5\r\n\r\nhello", 400);
        row("space before colon", "GET / HTTP/1.1\r\nHost : h\r\n\r\n", 400);
        row("no host", "GET / HTTP/1.1\r\n\r\n", 400);
        row("two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400);
        row("another host in the target", "GET http://evil/api HTTP/1.1\r\nHost: h\r\n\r\n", 400);
        row("another port in the target", "GET http://h:81/api HTTP/1.1\r\nHost: h:82\r\n\r\n", 400);
        row("another host in front of a query", "GET http://evil?/h/ HTTP/1.1\r\nHost: h\r\n\r\n", 400);
        row("a user in the target", "GET http://h@evil/ HTTP/1.1\r\nHost: h\r\n\r\n", 400);
        row("no host in the target", "GET http:///api HTTP/1.1\r\nHost: h\r\n\r\n", 400);
        row("an empty host field", "GET http://h/api HTTP/1.1\r\nHost:\r\n\r\n", 400);
        row("two tokens", "GET / HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer a\r\nauthorization: Bearer b\r\n\r\n", 400);
        row("the same token twice",
            "GET / HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer a\r\nAuthorization: Bearer a\r\n\r\n", 400);
        row("HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505);
        row("no path", "GET foo HTTP/1.1\r\nHost: h\r\n\r\n", 400);
        row("NUL in path", "GET /a%00b HTTP/1.1\r\nHost: h\r\n\r\n", 400);
        row("bad chunk", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400);
        row("unknown expectation", "POST / HTTP/1.1\r\nHost: h\r\nExpect: tea\r\nContent-Length: 1\r\n\r\nx", 417);
    }
    void refused()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(int, status);
        for (const qsizetype piece : {bytes.size(), qsizetype(1), qsizetype(7)}) {
            const Framing framing = frame(bytes, piece);
            QCOMPARE(framing.failure, status);
            QVERIFY(framing.requests.isEmpty());
        }
    }

    void theAbsoluteFormNamesTheHost_data()
    {
        QTest::addColumn<QByteArray>("head");
        QTest::addColumn<QByteArray>("host");
        QTest::addColumn<QByteArray>("path");
        const auto row = [](const char *head, const char *host, const char *path) {
            QTest::newRow(head) << QByteArray(head) << QByteArray(host) << QByteArray(path);
        };
        row("GET http://h/a HTTP/1.1\r\nHost: h", "h", "/a");
        row("GET http://H:8000/a HTTP/1.1\r\nHost: h:8000", "h:8000", "/a");
        row("GET http://h:80/a HTTP/1.1\r\nHost: h", "h", "/a");
        row("GET http://h/a HTTP/1.1\r\nHost: h:80", "h:80", "/a");
        row("GET https://h/a HTTP/1.1\r\nHost: h:443", "h:443", "/a");
        row("GET http://[::1]:8000/a HTTP/1.1\r\nHost: [::1]:8000", "[::1]:8000", "/a");
        row("GET http://h HTTP/1.1\r\nHost: h", "h", "/");
        row("GET http://h?q=1 HTTP/1.1\r\nHost: h", "h", "/");
        row("GET http://elsewhere/a HTTP/1.0", "elsewhere", "/a");
    }
    void theAbsoluteFormNamesTheHost()
    {
        QFETCH(QByteArray, head);
        QFETCH(QByteArray, host);
        QFETCH(QByteArray, path);
        const Framing framing = frame(head + "\r\n\r\n", 5);
        QCOMPARE(framing.failure, 0);
        QCOMPARE(framing.requests.size(), 1);
        QCOMPARE(headerValue(framing.requests[0].headers, "Host"), host);
        QCOMPARE(framing.requests[0].path, path);
    }

    void limits_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("status");
        QTest::newRow("long request line") << QByteArray("GET /" + QByteArray(40'000, 'a')) << 414;
        QTest::newRow("long target that fits the header")
            << QByteArray("GET /" + QByteArray(9'000, 'a') + " HTTP/1.1\r\nHost: h\r\n\r\n") << 414;
        QTest::newRow("big header")
            << QByteArray("GET / HTTP/1.1\r\nHost: h\r\nX: " + QByteArray(20'000, 'a') + "\r\n\r\n") << 431;
        QTest::newRow("endless header") << QByteArray("GET / HTTP/1.1\r\nHost: h\r\n" + QByteArray("A: b\r\n").repeated(5'000))
                                        << 431;
        QTest::newRow("announced body") << QByteArray("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1048577\r\n\r\n") << 413;
        QTest::newRow("chunked body") << QByteArray("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                                                    + QByteArray("80000\r\n" + QByteArray(0x80000, 'x') + "\r\n").repeated(2)
                                                    + "1\r\nx\r\n0\r\n\r\n")
                                      << 413;
        QTest::newRow("endless chunk line")
            << QByteArray("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1;" + QByteArray(40'000, 'e')) << 400;
        QTest::newRow("endless trailer")
            << QByteArray("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"
                          + QByteArray("A: b\r\n").repeated(5'000))
            << 400;
    }
    void limits()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(int, status);
        for (const qsizetype piece : {bytes.size(), qsizetype(1000)})
            QCOMPARE(frame(bytes, piece).failure, status);
    }

    void bodyOfExactlyTheLimitPasses()
    {
        const QByteArray body(1024 * 1024, 'x');
        const Framing framing =
            frame("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1048576\r\n\r\n" + body, 64 * 1024);
        QCOMPARE(framing.failure, 0);
        QCOMPARE(framing.requests.size(), 1);
        QCOMPARE(framing.requests[0].body, body);
    }

    void damagedBytesNeverBreakTheParser()
    {
        const QByteArray valid = "GET /a?b=c HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"
                                 "POST /d HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                                 "4;x=\"y\"\r\nWiki\r\n0\r\nT: t\r\n\r\n"
                                 "POST /e HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc";
        std::mt19937 random(20'241);
        const QByteArray spice("\r\n:;, \0\xff" "0az", 12);
        for (int round = 0; round < 20'000; ++round) {
            QByteArray bytes = valid;
            for (unsigned edits = random() % 4 + 1; edits > 0; --edits) {
                const auto at = qsizetype(random() % quint64(bytes.size()));
                const char byte = spice[qsizetype(random() % quint64(spice.size()))];
                switch (random() % 3) {
                case 0: bytes[at] = byte; break;
                case 1: bytes.insert(at, byte); break;
                default: bytes.remove(at, 1); break;
                }
            }
            const Framing whole = frame(bytes, bytes.size());
            const Framing pieces = frame(bytes, qsizetype(random() % 9 + 1));
            // However the bytes arrive, they mean the same.
            QCOMPARE(pieces.requests.size(), whole.requests.size());
            for (qsizetype i = 0; i < whole.requests.size(); ++i) {
                QCOMPARE(pieces.requests[i].path, whole.requests[i].path);
                QCOMPARE(pieces.requests[i].body, whole.requests[i].body);
                QVERIFY(whole.requests[i].path.startsWith('/'));
            }
            // A line that is already wrong may be refused before its header has ended, or only then.
            if (pieces.failure != 0 && whole.failure != 0)
                QCOMPARE(pieces.failure, whole.failure);
        }
    }

    void headerIsReportedBeforeTheBody()
    {
        RequestParser parser({});
        qsizetype consumed = 0;
        const QByteArray head = "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n";
        QCOMPARE(parser.feed(head, consumed), Status::HeaderDone);
        QCOMPARE(consumed, head.size());
        QVERIFY(parser.expectsContinue());
        QCOMPARE(parser.feed("ab", consumed), Status::Complete);
        QCOMPARE(parser.take().body, "ab");
        QVERIFY(!parser.started());
    }
};

QTEST_GUILESS_MAIN(TestRequestParser)
#include "tst_request_parser.moc"

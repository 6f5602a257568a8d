// SPDX-License-Identifier: GPL-3.0-or-later
// Damaged requests through the request parser: however the bytes arrive, they mean the same.
#include "mutator.h"
#include "request_parser.h"

#include <QTest>

using namespace a360::rest;
using a360::fuzz::Mutator;

namespace {

const QByteArrayList kRequests{
    "GET /api/v1/contacts/?title=cto&limit=5 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer x\r\n\r\n",
    "GET / HTTP/1.0\r\n\r\n",
    "POST /size HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello",
    "POST /size HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    "POST /x HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nok",
    "OPTIONS * HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"};
const QByteArrayList kTokens{"\r\n", "\n", "\r", " ", "\t", ":", QByteArray(1, '\0'), "\r\n\r\n", "Content-Length: 3\r\n",
                             "Content-Length: -1\r\n", "Content-Length: 99999999999999999999\r\n", "Transfer-Encoding: chunked\r\n",
                             "Transfer-Encoding: gzip\r\n", "Host: other\r\n", "%00", "%zz", "../", "\xFF", "HTTP/2.0", "HTTP/1.1",
                             "0\r\n\r\n", "FFFFFFFFFFFFFFFFF\r\n", ";ext=1", "Connection: keep-alive, close\r\n"};

/// What became of some bytes, as text.
struct Reading
{
    QByteArrayList requests;
    int failure = 0; ///< status of the refusal
    bool operator==(const Reading &) const = default;
};

QByteArray describe(const HttpRequest &request)
{
    QByteArray text = request.method + ' ' + request.path + '?' + request.query + " 1." + QByteArray::number(request.minorVersion)
        + (request.keepAlive ? " keep" : " close");
    for (const HeaderField &field : request.headers)
        text += '\n' + field.name + '=' + field.value;
    return text + "\n\n" + request.body;
}

/// Feeds the bytes in pieces; null: the parser broke its own rules.
std::optional<Reading> readInPieces(const QByteArray &bytes, const std::function<int()> &pieceSize)
{
    RequestParser parser(ParserLimits{300, 1000, 2000});
    Reading reading;
    QByteArray pending;
    for (qsizetype at = 0; at <= bytes.size();) {
        const qsizetype size = std::min<qsizetype>(std::max(pieceSize(), 1), bytes.size() - at);
        pending += bytes.mid(at, size);
        at += size;
        for (;;) {
            qsizetype consumed = 0;
            const RequestParser::Status status = parser.feed(pending, consumed);
            if (consumed < 0 || consumed > pending.size())
                return std::nullopt;
            pending.remove(0, consumed);
            if (status == RequestParser::Status::Failed) {
                reading.failure = parser.error().status;
                return reading;
            }
            if (status == RequestParser::Status::NeedMore)
                break;
            if (status == RequestParser::Status::Complete)
                reading.requests.append(describe(parser.take()));
            else if (!parser.headerDone())
                return std::nullopt;
        }
        if (at == bytes.size())
            break;
    }
    return reading;
}

} // namespace

class TestFuzzHttp : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void damagedRequestsMeanTheSameInOnePieceAndInMany_data()
    {
        QTest::addColumn<quint32>("seed");
        for (quint32 seed = 1; seed <= 1500; ++seed)
            QTest::addRow("seed %u", seed) << seed;
    }
    void damagedRequestsMeanTheSameInOnePieceAndInMany()
    {
        QFETCH(quint32, seed);
        Mutator random(seed);
        QByteArray bytes;
        for (int count = 1 + random.below(3); count > 0; --count)
            bytes += random.pick(kRequests);
        // An end for a head that lost its own: until then a wrong one may be noticed or not.
        bytes = random.damaged(bytes, kTokens) + "\r\n\r\n\r\n\r\n";
        const auto whole = readInPieces(bytes, [&] { return static_cast<int>(bytes.size()); });
        const auto single = readInPieces(bytes, [] { return 1; });
        const auto pieces = readInPieces(bytes, [&] { return 1 + random.below(40); });
        QVERIFY(whole && single && pieces);
        QVERIFY(whole->failure == 0 || (whole->failure >= 400 && whole->failure <= 505));
        QCOMPARE(single->requests, whole->requests);
        QCOMPARE(pieces->requests, whole->requests);
        // Which refusal it is may depend on what has arrived; whether there is one may not.
        QCOMPARE(single->failure != 0, whole->failure != 0);
        QCOMPARE(pieces->failure != 0, whole->failure != 0);
        for (const QByteArray &request : whole->requests)
            QVERIFY2(request.contains(" /") || request.startsWith("OPTIONS "), request.constData());
    }
};

QTEST_GUILESS_MAIN(TestFuzzHttp)
#include "tst_fuzz_http.moc"

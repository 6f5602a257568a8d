// SPDX-License-Identifier: GPL-3.0-or-later
#include "compression.h"
#include "request_policy.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QTest>

using namespace a360::rest;

class TestHttpText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void requestIdsAreEchoedOnlyWhenHarmless()
    {
        QCOMPARE(requestId("abc-123.X:Y_z="), "abc-123.X:Y_z=");
        const QRegularExpression generated(QStringLiteral("^[0-9a-f]{32}$"));
        for (const QByteArray &bad : {QByteArray(), QByteArray("a b"), QByteArray("a\r\nSet-Cookie: x"), QByteArray(129, 'a'),
                                      QByteArray("<script>")})
            QVERIFY(generated.match(QString::fromLatin1(requestId(bad))).hasMatch());
        QVERIFY(requestId({}) != requestId({}));
    }

    void errorBodiesAreJson()
    {
        const QJsonObject body = QJsonDocument::fromJson(errorBody("a \"quoted\" ü", "bad_filter", "title")).object();
        QCOMPARE(body.value(u"detail").toString(), QStringLiteral("a \"quoted\" ü"));
        QCOMPARE(body.value(u"code").toString(), QStringLiteral("bad_filter"));
        QCOMPARE(body.value(u"field").toString(), QStringLiteral("title"));
        QVERIFY(!QJsonDocument::fromJson(errorBody("x", "y")).object().contains(u"field"));
    }

    void trustedHosts()
    {
        const QStringList list{QStringLiteral("localhost"), QStringLiteral("*.example.com"), QStringLiteral("[::1]")};
        QVERIFY(hostIsTrusted(list, "localhost"));
        QVERIFY(hostIsTrusted(list, "LOCALHOST:8000"));
        QVERIFY(hostIsTrusted(list, "a.example.com:80"));
        QVERIFY(hostIsTrusted(list, "[::1]:8000"));
        QVERIFY(!hostIsTrusted(list, "example.com"));
        QVERIFY(!hostIsTrusted(list, "badexample.com"));
        QVERIFY(!hostIsTrusted(list, "evil.test"));
        QVERIFY(!hostIsTrusted(list, ""));
        QVERIFY(hostIsTrusted({}, "anything"));
        QVERIFY(hostIsTrusted({QStringLiteral("*")}, "anything"));
    }

    void corsNamesTheOriginOnlyWhenAllowed()
    {
        HttpRequest request;
        request.headers = {{"Origin", "https://app.example"}};
        const QStringList allowed{QStringLiteral("https://app.example")};
        QCOMPARE(headerValue(corsHeaders(allowed, request), "Access-Control-Allow-Origin"), "https://app.example");
        QCOMPARE(headerValue(corsHeaders(allowed, request), "Vary"), "Origin");
        request.headers = {{"Origin", "https://evil.example"}};
        QVERIFY(headerValue(corsHeaders(allowed, request), "Access-Control-Allow-Origin").isEmpty());
        QVERIFY(corsHeaders({}, request).empty());
    }

    void patternsMatchBySegment()
    {
        QCOMPARE(matchPattern("/a/<x>/c", "/a/b/c").value(), QStringList{QStringLiteral("b")});
        QVERIFY(!matchPattern("/a/<x>/c", "/a//c"));
        QVERIFY(!matchPattern("/a/<x>", "/a/b/c"));
        QVERIFY(matchPattern("/a", "/a"));
        QCOMPARE(withoutTrailingSlash("/a/"), "/a");
        QCOMPARE(withoutTrailingSlash("/"), "/");
    }

    void gzipOnlyWhenAcceptedAndWorthIt()
    {
        HttpRequest request;
        const auto compressed = [&request](const QByteArray &accept, qsizetype size) {
            request.headers = {{"Accept-Encoding", accept}};
            Answer answer;
            answer.body = QByteArray(size, 'a');
            compressAnswer(answer, request, 1000);
            return headerValue(answer.headers, "Content-Encoding") == "gzip" && answer.body.startsWith("\x1f\x8b");
        };
        QVERIFY(compressed("gzip, deflate", 1000));
        QVERIFY(compressed("br;q=1.0, *;q=0.5", 5000));
        QVERIFY(!compressed("gzip", 999));
        QVERIFY(!compressed("gzip;q=0", 5000));
        QVERIFY(!compressed("identity", 5000));
    }
};

QTEST_GUILESS_MAIN(TestHttpText)
#include "tst_http_text.moc"

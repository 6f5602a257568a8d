// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/json_text.h"

#include "db/timestamp_text.h"

#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>
#include <QRandomGenerator>
#include <QTest>
#include <QTimeZone>

using namespace a360::transfer;

namespace {

QByteArray quoted(const QByteArray &utf8)
{
    std::string out;
    appendJsonString(out, {utf8.constData(), static_cast<size_t>(utf8.size())});
    return QByteArray::fromStdString(out);
}

QByteArray timeText(qint64 microseconds)
{
    std::string out;
    appendTimestamp(out, microseconds);
    return QByteArray::fromStdString(out);
}

} // namespace

class TestJsonText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void strings_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("json");
        QTest::newRow("empty") << QByteArray("") << QByteArray("\"\"");
        QTest::newRow("plain") << QByteArray("Ada") << QByteArray("\"Ada\"");
        QTest::newRow("quote") << QByteArray("a\"b\\c") << QByteArray("\"a\\\"b\\\\c\"");
        QTest::newRow("line ends") << QByteArray("a\r\n\tb") << QByteArray("\"a\\r\\n\\tb\"");
        QTest::newRow("control") << QByteArray("\x01\x1f\x0b", 3) << QByteArray("\"\\u0001\\u001f\\u000b\"");
        QTest::newRow("umlaut") << QByteArray("Köln") << QByteArray("\"Köln\"");
        QTest::newRow("no break space") << QByteArray("\xC2\xA0") << QByteArray("\"\xC2\xA0\"");
        QTest::newRow("quotes in E2") << QByteArray("\xE2\x80\x99") << QByteArray("\"\xE2\x80\x99\"");
        QTest::newRow("emoji") << QByteArray("\xF0\x9F\x98\x80") << QByteArray("\"\xF0\x9F\x98\x80\"");
        QTest::newRow("cut C2 at end") << QByteArray("a\xC2") << QByteArray("\"a\xC2\"");
    }
    void strings()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, json);
        QCOMPARE(quoted(text), json);
    }

    void decision29_lineSplittersAreEscaped()
    {
        QCOMPARE(quoted("a\xC2\x85z"), QByteArray("\"a\\u0085z\""));
        QCOMPARE(quoted("a\xE2\x80\xA8z"), QByteArray("\"a\\u2028z\""));
        QCOMPARE(quoted("a\xE2\x80\xA9z"), QByteArray("\"a\\u2029z\""));
    }

    void randomTextReadsBack()
    {
        QRandomGenerator random(20261123);
        for (int i = 0; i < 2000; ++i) {
            QString text;
            const int length = static_cast<int>(random.bounded(30));
            for (int k = 0; k < length; ++k) {
                static constexpr char32_t kRanges[] = {0x80, 0x100, 0x2100, 0xD000, 0x1F700};
                const char32_t c = random.bounded(1u, kRanges[random.bounded(5)]);
                if (c < 0xD800 || c > 0xDFFF) // surrogates are no characters
                    text += QString::fromUcs4(&c, 1);
            }
            const QByteArray json = '[' + quoted(text.toUtf8()) + ']';
            QCOMPARE(QJsonDocument::fromJson(json).array().at(0).toString(), text);
        }
    }

    void times_data()
    {
        QTest::addColumn<qint64>("microseconds");
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("epoch") << qint64(0) << QByteArray("1970-01-01T00:00:00");
        QTest::newRow("contract's sample") << qint64(1'762'619'180'987'054) << QByteArray("2025-11-08T16:26:20.987054");
        QTest::newRow("before 1970") << qint64(-1) << QByteArray("1969-12-31T23:59:59.999999");
        QTest::newRow("leap day") << qint64(951'782'400'000'000) << QByteArray("2000-02-29T00:00:00");
        QTest::newRow("infinity") << a360::db::infiniteFuture << QByteArray("9999-12-31T23:59:59.999999");
        QTest::newRow("-infinity") << a360::db::infinitePast << QByteArray("0001-01-01T00:00:00");
        QTest::newRow("year 1") << qint64(-62'135'596'800'000'000) << QByteArray("0001-01-01T00:00:00");
    }
    void times()
    {
        QFETCH(qint64, microseconds);
        QFETCH(QByteArray, text);
        QCOMPARE(timeText(microseconds), text);
    }

    void randomTimesAgreeWithQt()
    {
        QRandomGenerator random(7);
        for (int i = 0; i < 5000; ++i) {
            const qint64 ms = random.bounded(qint64(-50'000'000'000'000), qint64(200'000'000'000'000)) / 1000 * 1000;
            const QDateTime expected = QDateTime::fromMSecsSinceEpoch(ms, QTimeZone::utc());
            QCOMPARE(timeText(ms * 1000), expected.toString(QStringLiteral("yyyy-MM-ddTHH:mm:ss")).toLatin1());
        }
    }
};

QTEST_GUILESS_MAIN(TestJsonText)
#include "tst_json_text.moc"

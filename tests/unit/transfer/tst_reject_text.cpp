// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/reject_text.h"

#include <QTest>

using namespace a360::transfer;

class TestRejectText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void sentences_data()
    {
        QTest::addColumn<QString>("reason");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("sentence");
        const auto row = [](const char *reason, const char *value, const char *sentence) {
            QTest::newRow(sentence) << QString::fromUtf8(reason) << QString::fromUtf8(value) << QString::fromUtf8(sentence);
        };
        row("invalid_email", "anna@", "e-mail 'anna@' has no domain");
        row("invalid_email", "anna", "e-mail 'anna' has no @");
        row("invalid_email", "a@b@c.d", "e-mail 'a@b@c.d' has more than one @");
        row("invalid_email", "@b.c", "e-mail '@b.c' has nothing before the @");
        row("invalid_email", "an na@b.c", "e-mail 'an na@b.c' holds a space");
        row("invalid_email", "anna@b", "e-mail 'anna@b' has a domain without a dot");
        row("invalid_email", "anna@b..c", "e-mail 'anna@b..c' has a domain with a dot too many");
        row("invalid_number", "%2 1k+", "'%2 1k+' is no number");
        row("invalid_date", "soon", "'soon' is no date");
        row("wrong_column_count", "3 cells, the header has 8", "the row has 3 cells, the header has 8");
        row("text_too_long", "ab\ncd", "the text 'ab cd' is longer than 2,500 bytes");
        row("some_new_reason", "x", "some new reason 'x'");
    }
    void sentences()
    {
        QFETCH(QString, reason);
        QFETCH(QString, value);
        QFETCH(QString, sentence);
        QCOMPARE(rejectSentence({1, 2, 3, {}, value, reason, 2500}), sentence);
    }
    void everyReasonHasWordsOfItsOwn()
    {
        for (const char *code : {"wrong_column_count", "invalid_encoding", "invalid_email", "invalid_number", "invalid_date",
                                 "text_too_long", "unterminated_quote", "no_identity"})
            QVERIFY2(!reasonWords(QLatin1String(code)).contains(u'_'), code);
        QCOMPARE(reasonWords(QStringLiteral("invalid_email")), QStringLiteral("invalid e-mail"));
    }
    void theLineSaysWhere()
    {
        QCOMPARE(rejectLine({17204, 17205, 0, QStringLiteral("Email"), QStringLiteral("anna@"), QStringLiteral("invalid_email")}),
                 QStringLiteral("row 17,204, line 17,205, column Email: e-mail 'anna@' has no domain"));
    }
    void theCutEndOfAValueIsNotJudged()
    {
        QCOMPARE(rejectSentence({1, 2, 0, {}, QString(200, u'x') + QChar(0x2026), QStringLiteral("invalid_email")}),
                 QStringLiteral("e-mail '") + QString(40, u'x') + QStringLiteral("…' is no e-mail address"));
    }
};

QTEST_GUILESS_MAIN(TestRejectText)
#include "tst_reject_text.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "sample/sample_data.h"

#include <QBuffer>
#include <QCryptographicHash>
#include <QRegularExpression>
#include <QSet>
#include <QTest>

using namespace a360;

class SampleDataTest : public QObject
{
    Q_OBJECT

private:
    static QByteArray sampleOf(int contacts)
    {
        QByteArray csv;
        QBuffer buffer(&csv);
        buffer.open(QIODevice::WriteOnly);
        return sample::writeContacts(buffer, contacts).ok() ? csv : QByteArray();
    }

private Q_SLOTS:
    void theSameEveryTime()
    {
        QCOMPARE(sampleOf(500), sampleOf(500));
        QVERIFY(sampleOf(501).size() > sampleOf(500).size());
    }

    void oneLineForEachContactAndThe38Columns()
    {
        const QByteArray csv = sampleOf(10'000);
        QCOMPARE(csv.count('\n'), 10'001);
        QCOMPARE(csv.left(csv.indexOf('\n')).count(','), 37);
    }

    void addressesAndNumbersBelongToNobody()
    {
        const QString text = QString::fromUtf8(sampleOf(2000));
        static const QRegularExpression address(QStringLiteral("[a-z0-9.]+@([a-z0-9.]+)"));
        for (auto it = address.globalMatch(text); it.hasNext();)
            QVERIFY(it.next().captured(1).endsWith(QStringLiteral(".example")));
        static const QRegularExpression phone(QStringLiteral("\\+1 \\d{3}-(\\d{3}-\\d{2})"));
        for (auto it = phone.globalMatch(text); it.hasNext();)
            QCOMPARE(it.next().captured(1), QStringLiteral("555-01"));
    }

    void addressesAreUnique()
    {
        static const QRegularExpression address(QStringLiteral("[a-z0-9.]+@[a-z0-9.]+"));
        QSet<QString> seen;
        for (auto it = address.globalMatch(QString::fromUtf8(sampleOf(10'000))); it.hasNext();) {
            const QString found = it.next().captured();
            QVERIFY2(!seen.contains(found), qPrintable(found));
            seen.insert(found);
        }
        QVERIFY(seen.size() > 8000);
    }

    void aFullDeviceIsAnError()
    {
        QBuffer closed;
        const Result<void> written = sample::writeContacts(closed, 10);
        QVERIFY(!written.ok());
        QCOMPARE(written.error().code, ErrorCode::Io);
    }
};

QTEST_GUILESS_MAIN(SampleDataTest)
#include "tst_sample_data.moc"

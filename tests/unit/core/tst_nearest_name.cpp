// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nearest_name.h"

#include <QTest>

using namespace a360;

class TestNearestName : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsWhatWasMeant_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("meant");
        QTest::newRow("two letters changed places") << "emial" << "email";
        QTest::newRow("one missing") << "contry" << "country";
        QTest::newRow("one too many") << "ttitle" << "title";
        QTest::newRow("in capitals") << "Email" << "email";
        QTest::newRow("three changes") << "cuontri" << "country";
        QTest::newRow("the nearest of several") << "mail" << "email";
        QTest::newRow("nothing near") << "shoe_size" << "";
        QTest::newRow("short and as near to everything") << "xyz" << "";
        QTest::newRow("nothing") << "" << "";
        QTest::newRow("endless") << QString(1'000'000, QLatin1Char('e')) << "";
    }
    void findsWhatWasMeant()
    {
        QFETCH(const QString, typed);
        const QStringList names{QStringLiteral("id"), QStringLiteral("email"), QStringLiteral("title"), QStringLiteral("country")};
        QTEST(nearestName(names, typed), "meant");
    }
};

QTEST_APPLESS_MAIN(TestNearestName)
#include "tst_nearest_name.moc"

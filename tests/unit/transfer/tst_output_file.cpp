// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/output_file.h"
#include "transfer_support.h"

#include <QDir>

using namespace a360;
using namespace a360::transfer;
using namespace a360::transfer::test;

class TestOutputFile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aFileIsKnownByAllItsNames()
    {
        const Folder folder;
        const QString kept = folder.write(QStringLiteral("kept.csv"), "a");
        QVERIFY(QFile::link(kept, folder.path(QStringLiteral("link.csv"))));
        QVERIFY(QFile::link(folder.path(QString()), folder.path(QStringLiteral("again"))));
        QVERIFY(writesOver(kept, kept));
        QVERIFY(writesOver(folder.path(QStringLiteral("link.csv")), kept));
        QVERIFY(writesOver(folder.path(QStringLiteral("again/kept.csv")), kept));
        QVERIFY(writesOver(folder.path(QStringLiteral("again/new.csv")), folder.path(QStringLiteral("new.csv"))));
        QVERIFY(writesOver(QDir::current().relativeFilePath(kept), kept));
        QVERIFY(!writesOver(folder.path(QStringLiteral("other.csv")), kept));
    }
    void thePartOfAnOutputIsWrittenToo()
    {
        const Folder folder;
        const QString kept = folder.write(QStringLiteral("out.csv.part"), "a");
        QVERIFY(writesOver(folder.path(QStringLiteral("out.csv")), kept));
        QVERIFY(!writesOver(kept, folder.path(QStringLiteral("out.csv"))));
    }
    void streamsAndDevicesLoseNothing()
    {
        QVERIFY(writesOver(QStringLiteral("-"), QStringLiteral("-")));
        QVERIFY(!writesOver(QStringLiteral("-"), QDir::current().filePath(QStringLiteral("-"))));
        QVERIFY(!writesOver(QStringLiteral("/dev/null"), QStringLiteral("/dev/null")));
    }
    void theFilesOfTheDatabaseAreSpared()
    {
        const Folder folder;
        const QString file = folder.write(QStringLiteral("people.db.part"), "a"), link = folder.path(QStringLiteral("link.db"));
        QVERIFY(QFile::link(file, link));
        for (const auto &database : {db::DatabaseUrl::sqliteFile(file), db::DatabaseUrl::sqliteFile(link)}) {
            for (const char *name : {"people.db.part", "people.db", "people.db.part-wal", "people.db.part-shm", "people.db.part-journal", "link.db"}) {
                const Result<void> spared = spareDatabase(database, folder.path(QLatin1String(name)));
                QVERIFY2(!spared.ok(), name);
                QCOMPARE(spared.error().code, ErrorCode::InvalidArgument);
                QVERIFY(!openOutputFile(database, folder.path(QLatin1String(name))).ok());
            }
            QVERIFY(spareDatabase(database, folder.path(QStringLiteral("people.csv"))).ok());
            QVERIFY(spareDatabase(database, QString()).ok());
        }
        db::DatabaseUrl server;
        server.dialect = db::Dialect::PostgreSql;
        QVERIFY(server.files().isEmpty());
        QVERIFY(openOutputFile(server, folder.path(QStringLiteral("people.csv"))).ok());
    }
};

QTEST_GUILESS_MAIN(TestOutputFile)
#include "tst_output_file.moc"

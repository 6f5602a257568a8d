// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/staging_file.h"
#include "transfer_support.h"

#include <QDir>

#include <sys/wait.h>
#include <unistd.h>

using namespace a360;
using namespace a360::transfer;
using namespace a360::transfer::test;

class TestStagingFile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void decision25_onlyFilesThatNobodyLocksAreStale()
    {
        const Folder folder;
        const QString database = folder.write(QStringLiteral("people.db"), "a");
        const QString stale = folder.write(QStringLiteral("people.db-import-2-left.stage"), "a");
        const QString others = folder.write(QStringLiteral("other.db-import-2-left.stage"), "a");
        auto living = StagingFile::create(database);
        QVERIFY(living.ok());
        const QString path = (*living)->path();
        QVERIFY(path.startsWith(database + QStringLiteral("-import-")) && path.endsWith(QStringLiteral(".stage")));
        removeStaleStagingFiles(database);
        QVERIFY(QFile::exists(path));
        QVERIFY(!QFile::exists(stale));
        QVERIFY(QFile::exists(others));
        living->reset();
        QVERIFY(!QFile::exists(path));
    }
    /// The lock, and not a number of the process, tells that it lives: numbers are others in each container.
    void decision25_aProcessThatDiesLeavesItsFileStale()
    {
        const Folder folder;
        const QString database = folder.write(QStringLiteral("people.db"), "a");
        int made[2], end[2];
        QVERIFY(::pipe(made) == 0 && ::pipe(end) == 0);
        const pid_t child = ::fork();
        if (child == 0) {
            const auto kept = StagingFile::create(database);
            char byte = kept.ok() ? 'y' : 'n';
            (void)!::write(made[1], &byte, 1);
            (void)!::read(end[0], &byte, 1);
            ::_exit(0); // as if killed: no destructor runs
        }
        char byte = 0;
        QVERIFY(::read(made[0], &byte, 1) == 1 && byte == 'y');
        const auto files = [&] { return QDir(folder.path(QString())).entryList({QStringLiteral("*.stage")}).size(); };
        QCOMPARE(files(), 1);
        removeStaleStagingFiles(database);
        QCOMPARE(files(), 1);
        QVERIFY(::write(end[1], &byte, 1) == 1);
        int status = 0;
        QCOMPARE(::waitpid(child, &status, 0), child);
        removeStaleStagingFiles(database);
        QCOMPARE(files(), 0);
        for (const int descriptor : {made[0], made[1], end[0], end[1]})
            ::close(descriptor);
    }
    void aFolderThatIsNotThereIsAnError()
    {
        const auto file = StagingFile::create(QStringLiteral("/proc/no/people.db"));
        QVERIFY(!file.ok());
        QCOMPARE(file.error().code, ErrorCode::Database);
        QVERIFY(file.error().message.contains(QStringLiteral("/proc/no/people.db")));
    }
};

QTEST_GUILESS_MAIN(TestStagingFile)
#include "tst_staging_file.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "exit_code.h"

#include <QTest>

using namespace a360;
using namespace a360::app;

class TestExitCode : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void decision8_oneMapping_data()
    {
        QTest::addColumn<ErrorCode>("code");
        QTest::addColumn<int>("files");
        QTest::addColumn<int>("database");
        const auto row = [](const char *name, ErrorCode code, int files, int database) {
            QTest::newRow(name) << code << files << database;
        };
        row("invalid argument", ErrorCode::InvalidArgument, 2, 2);
        row("unusable input", ErrorCode::UnusableInput, 2, 4); // an SQLite file that is no database is the database's fault
        row("not found", ErrorCode::NotFound, 2, 4);
        row("permission denied", ErrorCode::PermissionDenied, 2, 4);
        row("unsupported", ErrorCode::Unsupported, 2, 4);
        row("io", ErrorCode::Io, 2, 4); // a folder for the database file that is not there
        row("too many rejects", ErrorCode::LimitExceeded, 3, 3);
        row("timeout", ErrorCode::Timeout, 4, 4);
        row("unavailable", ErrorCode::Unavailable, 4, 4);
        row("conflict", ErrorCode::Conflict, 4, 4);
        row("database", ErrorCode::Database, 4, 4);
        row("internal", ErrorCode::Internal, 4, 4);
        row("cancelled", ErrorCode::Cancelled, 5, 5);
    }
    void decision8_oneMapping()
    {
        QFETCH(const ErrorCode, code);
        QFETCH(const int, files);
        QFETCH(const int, database);
        const Error error = makeError(code, QStringLiteral("x"));
        QCOMPARE(int(exitCode(error, ErrorOrigin::Files)), files);
        QCOMPARE(int(exitCode(error, ErrorOrigin::Database)), database);
    }
};

QTEST_GUILESS_MAIN(TestExitCode)
#include "tst_exit_code.moc"

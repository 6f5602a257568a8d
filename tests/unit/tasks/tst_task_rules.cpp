// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/settings.h"
#include "tasks/task_options.h"
#include "tasks/task_rules.h"

#include <QTest>

#include <thread>

using namespace a360;
using namespace a360::tasks;

class TestTaskRules : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cpuBound_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<bool>("async");
        QTest::addColumn<int>("flag"); // -1: none
        QTest::addColumn<bool>("expected");
        for (const char *word : {"process", "compute", "calculate", "transform", "parse", "encode", "decode", "compress",
                                 "decompress", "generate", "render", "convert", "format", "serialize", "deserialize"})
            QTest::newRow(word) << QStringLiteral("my_%1_thing").arg(QLatin1StringView(word)) << true << -1 << true;
        QTest::newRow("any case") << QStringLiteral("RenderPage") << true << -1 << true;
        QTest::newRow("inside a word") << QStringLiteral("send_information") << true << -1 << true;
        QTest::newRow("part of a word only") << QStringLiteral("send_form") << true << -1 << false;
        QTest::newRow("async, plain name") << QStringLiteral("send_email") << true << -1 << false;
        QTest::newRow("sync, plain name") << QStringLiteral("send_email") << false << -1 << true;
        QTest::newRow("flag beats name") << QStringLiteral("process_data") << true << 0 << false;
        QTest::newRow("flag beats sync") << QStringLiteral("send_email") << false << 0 << false;
        QTest::newRow("flag beats async") << QStringLiteral("send_email") << true << 1 << true;
        QTest::newRow("no name, async") << QString() << true << -1 << false;
    }
    void cpuBound()
    {
        QFETCH(QString, name);
        QFETCH(bool, async);
        QFETCH(int, flag);
        QFETCH(bool, expected);
        QCOMPARE(isCpuBound(name, async, flag < 0 ? std::optional<bool>() : flag == 1), expected);
    }
    void recommendation()
    {
        QCOMPARE(recommendTaskType({}), TaskType::BackgroundTask);
        QCOMPARE(recommendTaskType({.seconds = 2.0}), TaskType::BackgroundTask);
        QCOMPARE(recommendTaskType({.seconds = 2.01}), TaskType::DurableJob);
        QCOMPARE(recommendTaskType({.critical = true}), TaskType::DurableJob);
        QCOMPARE(recommendTaskType({.retry = true}), TaskType::DurableJob);
        QCOMPARE(recommendTaskType({.persistence = true}), TaskType::DurableJob);
        QCOMPARE(recommendTaskType({.distributed = true}), TaskType::DurableJob);
        QCOMPARE(recommendTaskType({.seconds = 0.1, .cpu = true}), TaskType::DurableJob);
        QCOMPARE(taskTypeName(TaskType::BackgroundTask), QStringLiteral("background_tasks"));
        QCOMPARE(taskTypeName(TaskType::DurableJob), QStringLiteral("celery"));
    }
    void optionsComeFromTheSettings()
    {
        SettingsSources sources;
        sources.commandLine = {{QStringLiteral("MAX_CONCURRENT_BACKGROUND_TASKS"), QStringLiteral("3")},
                               {QStringLiteral("BACKGROUND_TASK_TIMEOUT"), QStringLiteral("0.25")}};
        const TaskOptions options = TaskOptions::from(*Settings::load(sources));
        QCOMPARE(options.maxConcurrent, 3);
        QCOMPARE(options.shutdownTimeout.count(), 250);
        const TaskOptions standard = TaskOptions::from(*Settings::load({}));
        QCOMPARE(standard.maxConcurrent, 10);
        QCOMPARE(standard.shutdownTimeout.count(), 30'000);
        sources.commandLine[QStringLiteral("MAX_CONCURRENT_BACKGROUND_TASKS")] = QStringLiteral("257");
        QVERIFY(!Settings::load(sources).ok());
        sources.commandLine[QStringLiteral("MAX_CONCURRENT_BACKGROUND_TASKS")] = QStringLiteral("0");
        QVERIFY(!Settings::load(sources).ok());
    }
    void aPlaceIsLeftForTasksThatWait()
    {
        const int wanted = 2 * std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
        TaskOptions options;
        options.maxConcurrent = 256;
        QCOMPARE(options.cpuWorkers(), std::min(wanted, 255));
        QCOMPARE(options.ioWorkers(), 256);
        options.maxConcurrent = 2;
        QCOMPARE(options.cpuWorkers(), 1);
        options.maxConcurrent = 1;
        QCOMPARE(options.cpuWorkers(), 1);
        QCOMPARE(options.ioWorkers(), 1);
    }
};

QTEST_GUILESS_MAIN(TestTaskRules)
#include "tst_task_rules.moc"

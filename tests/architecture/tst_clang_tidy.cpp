// SPDX-License-Identifier: GPL-3.0-or-later
#include <QCryptographicHash>
#include <QDir>
#include <QDirIterator>
#include <QEventLoop>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>

#include <functional>

/// Runs clang-tidy over every source of app, service and ui, as many at a time as there are cores. A source that passed is
/// not checked again until it, any header of ours or the list of checks changes.
class TestClangTidy : public QObject
{
    Q_OBJECT

    static QByteArray content(const QString &path)
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    static QString source(const char *relative)
    {
        return QStringLiteral(A360_SOURCE_DIR "/") + QLatin1String(relative);
    }

    /// Sources as the build compiles them.
    static QStringList compiledSources()
    {
        QStringList files;
        const QJsonArray commands =
            QJsonDocument::fromJson(content(QStringLiteral(A360_BINARY_DIR "/compile_commands.json"))).array();
        for (const QJsonValue command : commands) {
            const QString file = QDir::cleanPath(command[QStringLiteral("file")].toString());
            for (const char *folder : {"app/", "service/", "ui/"}) {
                if (file.startsWith(source(folder)))
                    files << file;
            }
        }
        files.removeDuplicates();
        return files;
    }

    /// What every source depends on: the checks and all headers.
    static QByteArray commonText()
    {
        QStringList headers;
        for (const char *folder : {"app", "service", "ui"}) {
            QDirIterator it(source(folder), {QStringLiteral("*.h")}, QDir::Files, QDirIterator::Subdirectories);
            while (it.hasNext())
                headers << it.next();
        }
        headers.sort();
        QByteArray text = content(source(".clang-tidy"));
        for (const QString &header : headers)
            text += content(header);
        return text;
    }

    struct Outcome
    {
        QString file;
        QString complaints;
    };
    /// Checks the files in parallel; returns those with complaints. `onClean` hears of the others as they come.
    static QList<Outcome> tidy(const QStringList &files, const QString &compileCommands,
                               const std::function<void(const QString &)> &onClean = {})
    {
        QList<Outcome> bad;
        QStringList waiting = files;
        int running = 0;
        QEventLoop loop;
        std::function<void()> startNext = [&] {
            while (running < QThread::idealThreadCount() && !waiting.isEmpty()) {
                const QString file = waiting.takeFirst();
                auto *process = new QProcess(&loop);
                process->setProcessChannelMode(QProcess::MergedChannels);
                connect(process, &QProcess::finished, &loop, [&, process, file](int code, QProcess::ExitStatus status) {
                    if (code != 0 || status != QProcess::NormalExit)
                        bad.append({file, QString::fromUtf8(process->readAll())});
                    else if (onClean)
                        onClean(file);
                    --running;
                    startNext();
                });
                ++running;
                process->start(QStringLiteral(A360_CLANG_TIDY),
                               {QStringLiteral("--quiet"), QStringLiteral("-p"), compileCommands, file});
            }
            if (running == 0)
                loop.quit();
        };
        QMetaObject::invokeMethod(&loop, [&] { startNext(); }, Qt::QueuedConnection);
        loop.exec();
        return bad;
    }

private Q_SLOTS:
    void aPlantedMistakeIsCaught()
    {
        QTemporaryDir dir;
        QFile file(dir.filePath(QStringLiteral("planted.cpp")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("#include <string>\n#include <utility>\n"
                   "std::string twice(std::string a) { std::string b = std::move(a); return a + b; }\n");
        file.close();
        QVERIFY(QFile::copy(source(".clang-tidy"), dir.filePath(QStringLiteral(".clang-tidy"))));
        QFile database(dir.filePath(QStringLiteral("compile_commands.json")));
        QVERIFY(database.open(QIODevice::WriteOnly));
        const QJsonObject command{{QStringLiteral("directory"), dir.path()},
                                  {QStringLiteral("file"), file.fileName()},
                                  {QStringLiteral("command"), QStringLiteral("c++ -std=c++20 -c planted.cpp")}};
        database.write(QJsonDocument(QJsonArray{command}).toJson());
        database.close();
        const QList<Outcome> bad = tidy({file.fileName()}, dir.path());
        QCOMPARE(bad.size(), 1);
        QVERIFY2(bad.first().complaints.contains(QStringLiteral("bugprone-use-after-move")), qPrintable(bad.first().complaints));
    }
    void everySourceIsClean()
    {
        const QDir stamps(QStringLiteral(A360_BINARY_DIR "/clang-tidy"));
        QVERIFY(stamps.mkpath(QStringLiteral(".")));
        const QStringList sources = compiledSources();
        QVERIFY2(sources.size() > 50, "compile_commands.json does not list the sources");
        const QByteArray common = commonText();
        QMap<QString, QString> stampOf;
        QStringList toCheck;
        for (const QString &file : sources) {
            QCryptographicHash hash(QCryptographicHash::Sha256);
            hash.addData(common);
            hash.addData(content(file));
            hash.addData(file.toUtf8());
            stampOf[file] = stamps.filePath(QString::fromLatin1(hash.result().toHex()));
            if (!QFile::exists(stampOf[file]))
                toCheck << file;
        }
        const QList<Outcome> bad = tidy(toCheck, QStringLiteral(A360_BINARY_DIR), [&stampOf](const QString &file) {
            QFile stamp(stampOf[file]);
            if (!stamp.open(QIODevice::WriteOnly))
                qWarning("cannot write %s", qPrintable(stamp.fileName()));
        });
        QString report;
        for (const Outcome &outcome : bad)
            report += QLatin1Char('\n') + outcome.complaints;
        QVERIFY2(bad.isEmpty(), qPrintable(report));
    }
};

QTEST_GUILESS_MAIN(TestClangTidy)
#include "tst_clang_tidy.moc"

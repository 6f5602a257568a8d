// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/byte_sink.h"
#include "transfer_support.h"

#include <QDir>

#include <csignal>
#include <random>
#include <thread>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace a360;
using namespace a360::transfer;
using namespace a360::transfer::test;

namespace {

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(no file)");
}

std::unique_ptr<ByteSink> open(const QString &path, bool fsync = false)
{
    auto sink = openFileSink(path, fsync);
    if (!sink.ok())
        qFatal("%s", qPrintable(sink.error().message));
    return std::move(sink).value();
}

/// Keeps what is written.
class MemorySink : public ByteSink
{
public:
    explicit MemorySink(QByteArray *bytes) : m_bytes(bytes) {}
    Result<void> write(const QByteArray &bytes) override
    {
        m_bytes->append(bytes);
        return {};
    }
    Result<void> finish() override { return {}; }
    void abort() override { m_bytes->clear(); }

private:
    QByteArray *m_bytes;
};

/// Stands in for standard output.
class StandardOutput
{
public:
    StandardOutput()
    {
        int ends[2];
        if (::pipe(ends) != 0)
            qFatal("pipe");
        ::fflush(stdout);
        m_saved = ::dup(STDOUT_FILENO);
        ::dup2(ends[1], STDOUT_FILENO);
        ::close(ends[1]);
        m_reader = ends[0];
    }
    ~StandardOutput()
    {
        restore();
        closeReader();
    }
    void restore()
    {
        if (m_saved < 0)
            return;
        ::fflush(stdout);
        ::dup2(m_saved, STDOUT_FILENO);
        ::close(std::exchange(m_saved, -1));
    }
    void closeReader()
    {
        if (m_reader >= 0)
            ::close(std::exchange(m_reader, -1));
    }
    QByteArray readAll() const
    {
        QByteArray all, block(65536, Qt::Uninitialized);
        for (;;) {
            const ssize_t n = ::read(m_reader, block.data(), static_cast<size_t>(block.size()));
            if (n <= 0)
                return all;
            all.append(block.constData(), n);
        }
    }

private:
    int m_saved = -1, m_reader = -1;
};

} // namespace

class TestByteSink : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void decision30_writtenToPartAndRenamed_data()
    {
        QTest::addColumn<bool>("fsync");
        QTest::newRow("plain") << false;
        QTest::newRow("synced") << true;
    }
    void decision30_writtenToPartAndRenamed()
    {
        QFETCH(bool, fsync);
        Folder folder;
        const QString path = folder.write(QStringLiteral("out.csv"), "old");
        auto sink = open(path, fsync);
        QVERIFY(sink->write("new ").ok());
        QVERIFY(sink->write("content").ok());
        QCOMPARE(contentOf(path), QByteArray("old"));
        QVERIFY(QFile::exists(path + QStringLiteral(".part")));
        QVERIFY(sink->finish().ok());
        QCOMPARE(contentOf(path), QByteArray("new content"));
        QVERIFY(!QFile::exists(path + QStringLiteral(".part")));
        QVERIFY(!sink->write("more").ok());
        QVERIFY(!sink->finish().ok());
        sink.reset();
        QCOMPARE(contentOf(path), QByteArray("new content"));
    }
    void abortedOrDroppedLeavesNothing()
    {
        Folder folder;
        const QString path = folder.write(QStringLiteral("out.csv"), "old");
        auto sink = open(path);
        QVERIFY(sink->write("new").ok());
        sink->abort();
        sink->abort();
        QVERIFY(!sink->write("x").ok());
        sink.reset();
        sink = open(path);
        QVERIFY(sink->write("new").ok());
        sink.reset(); // as an exception or early return would
        QCOMPARE(contentOf(path), QByteArray("old"));
        QCOMPARE(QDir(folder.path(QString())).entryList(QDir::Files), QStringList(QStringLiteral("out.csv")));
    }
    void aPartFileLeftByADeadProcessIsReplaced()
    {
        Folder folder;
        const QString path = folder.path(QStringLiteral("out.csv"));
        folder.write(QStringLiteral("out.csv.part"), "much longer rubbish than the new content");
        auto sink = open(path);
        QVERIFY(sink->write("new").ok());
        QVERIFY(sink->finish().ok());
        QCOMPARE(contentOf(path), QByteArray("new"));
    }
    void aPartFileInUseIsRefused()
    {
        Folder folder;
        const QString path = folder.path(QStringLiteral("out.csv"));
        auto sink = open(path);
        QVERIFY(sink->write("first").ok());
        const auto second = openFileSink(path);
        QVERIFY(!second.ok());
        QCOMPARE(second.error().code, ErrorCode::Io);
        QVERIFY(second.error().message.contains(path) && second.error().message.contains(QStringLiteral("another export")));
        QVERIFY(sink->finish().ok());
        QCOMPARE(contentOf(path), QByteArray("first"));
        QVERIFY(openFileSink(path).ok());
    }
    void targetsThatCannotBe()
    {
        Folder folder;
        const auto directory = openFileSink(folder.path(QStringLiteral(".")));
        QVERIFY(!directory.ok());
        QVERIFY(directory.error().message.contains(QStringLiteral("folder")));
        QVERIFY(!openFileSink(folder.path(QStringLiteral("new/"))).ok());
        const QString path = folder.path(QStringLiteral("missing/out.csv"));
        const auto missing = openFileSink(path);
        QVERIFY(!missing.ok());
        QCOMPARE(missing.error().code, ErrorCode::NotFound);
        QVERIFY(missing.error().message.contains(path));
        QCOMPARE(openFileSink(QString()).error().code, ErrorCode::InvalidArgument);
        // A file system nobody may write to, not even the superuser.
        const auto readOnly = openFileSink(QStringLiteral("/proc/out.csv"));
        QVERIFY(!readOnly.ok());
        QVERIFY(readOnly.error().message.contains(QStringLiteral("/proc/out.csv")));
        QVERIFY(!QFile::exists(folder.path(QStringLiteral("missing"))));
    }
    void aReadOnlyFolder()
    {
        Folder folder;
        const QByteArray path = QFile::encodeName(folder.path(QStringLiteral(".")));
        QCOMPARE(::chmod(path.constData(), 0500), 0);
        const auto sink = openFileSink(folder.path(QStringLiteral("out.csv")));
        QCOMPARE(sink.ok(), ::geteuid() == 0); // the superuser may
        if (!sink.ok())
            QCOMPARE(sink.error().code, ErrorCode::PermissionDenied);
        QCOMPARE(::chmod(path.constData(), 0700), 0);
    }
    void aFullDisk()
    {
        auto sink = open(QStringLiteral("/dev/full"));
        const auto written = sink->write("x");
        QVERIFY(!written.ok());
        QCOMPARE(written.error().code, ErrorCode::Io);
        QVERIFY(written.error().message.contains(QStringLiteral("disk is full")) &&
                written.error().message.contains(QStringLiteral("/dev/full")));
        QVERIFY(!QFile::exists(QStringLiteral("/dev/full.part")));
    }
    void permissionsAndLinksStay()
    {
        Folder folder;
        const QString path = folder.write(QStringLiteral("private.csv"), "old");
        QCOMPARE(::chmod(QFile::encodeName(path).constData(), 0600), 0);
        const QString link = folder.path(QStringLiteral("link.csv"));
        QVERIFY(QFile::link(path, link));
        auto sink = open(link);
        QVERIFY(sink->write("new").ok());
        QVERIFY(sink->finish().ok());
        QCOMPARE(contentOf(path), QByteArray("new"));
        QVERIFY(QFileInfo(link).isSymLink());
        struct stat info = {};
        QCOMPARE(::stat(QFile::encodeName(path).constData(), &info), 0);
        QCOMPARE(info.st_mode & 0777, mode_t{0600});
    }
    void standardOutput()
    {
        StandardOutput output;
        auto sink = open(QStringLiteral("-"));
        output.restore();
        QByteArray received;
        std::thread reader([&] { received = output.readAll(); });
        const QByteArray block(300000, 'x'); // more than a pipe holds
        const bool written = sink->write(block).ok() && sink->write("end").ok() && sink->finish().ok();
        sink.reset();
        reader.join();
        QVERIFY(written);
        QVERIFY(received == block + "end");
    }
    void aVanishedReaderIsAnErrorAndKillsNobody()
    {
        StandardOutput output;
        auto sink = open(QStringLiteral("-"));
        output.restore();
        output.closeReader();
        const auto written = sink->write("x");
        QVERIFY(!written.ok());
        QCOMPARE(written.error().code, ErrorCode::Io);
        QVERIFY(written.error().message.contains(QStringLiteral("standard output")));
        // And no signal is left over to strike later.
        sigset_t pending;
        ::sigpending(&pending);
        QCOMPARE(::sigismember(&pending, SIGPIPE), 0);
        sigset_t blocked;
        ::pthread_sigmask(SIG_BLOCK, nullptr, &blocked);
        QCOMPARE(::sigismember(&blocked, SIGPIPE), 0);
    }

    void compressedOutputIsReadBack_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("magic");
        QTest::newRow("none") << QStringLiteral("none") << QByteArray("0,");
        QTest::newRow("gzip") << QStringLiteral("gzip") << QByteArray("\x1F\x8B");
        QTest::newRow("zstd") << QStringLiteral("zstd") << QByteArray("\x28\xB5\x2F\xFD");
    }
    void compressedOutputIsReadBack()
    {
        QFETCH(QString, name);
        QFETCH(QByteArray, magic);
        const auto compression = compressionByName(name);
        QVERIFY(compression);
        QByteArray content;
        for (qint64 i = 0; i < 200000; ++i)
            content += QByteArray::number(i) + "," + QByteArray::number(i * 48271 % 2147483647) + "\n";
        Folder folder;
        const QString path = folder.path(QStringLiteral("out"));
        auto sink = compressingSink(open(path), *compression);
        std::mt19937 random(3);
        for (qsizetype at = 0; at < content.size();) {
            const qsizetype n = static_cast<qsizetype>(random() % 300000);
            QVERIFY(sink->write(content.mid(at, n)).ok());
            at += n;
        }
        QVERIFY(!QFile::exists(path));
        QVERIFY(sink->finish().ok());
        QVERIFY(contentOf(path).startsWith(magic));
        const auto file = InputFile::open(path);
        QVERIFY(file.ok());
        const auto source = (*file)->source();
        const auto back = readAll(**source);
        QVERIFY(back.ok());
        QVERIFY(*back == content);
    }
    void compressedNothingIsAValidFile()
    {
        Folder folder;
        for (const Compression compression : {Compression::Gzip, Compression::Zstd}) {
            QByteArray bytes;
            auto sink = compressingSink(std::make_unique<MemorySink>(&bytes), compression);
            QVERIFY(sink->finish().ok());
            QVERIFY(!bytes.isEmpty());
            const auto file = InputFile::open(folder.write(QStringLiteral("x"), bytes));
            const auto source = (*file)->source();
            QCOMPARE(*readAll(**source), QByteArray());
        }
    }
    void abortingReachesTheTarget()
    {
        Folder folder;
        for (const Compression compression : {Compression::Gzip, Compression::Zstd}) {
            auto sink = compressingSink(open(folder.path(QStringLiteral("out"))), compression);
            QVERIFY(sink->write("abc").ok());
            sink->abort();
            QVERIFY(QDir(folder.path(QString())).isEmpty());
        }
    }
    void errorsOfTheTargetComeThrough()
    {
        for (const Compression compression : {Compression::Gzip, Compression::Zstd}) {
            auto sink = compressingSink(open(QStringLiteral("/dev/full")), compression);
            QVERIFY(sink->write("abc").ok()); // still in the compressor
            const auto finished = sink->finish();
            QVERIFY(!finished.ok());
            QVERIFY(finished.error().message.contains(QStringLiteral("disk is full")));
        }
    }
    void compressionNames()
    {
        QCOMPARE(compressionByName(u"none"), Compression::None);
        QCOMPARE(compressionByName(u"gzip"), Compression::Gzip);
        QCOMPARE(compressionByName(u"zstd"), Compression::Zstd);
        QVERIFY(!compressionByName(u"rar"));
    }
};

QTEST_GUILESS_MAIN(TestByteSink)
#include "tst_byte_sink.moc"

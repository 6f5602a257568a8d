// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/byte_source.h"
#include "transfer_support.h"

#include <QCryptographicHash>
#include <QDir>
#include <QElapsedTimer>

#include <thread>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

using namespace a360;
using namespace a360::transfer;
using namespace a360::transfer::test;

namespace {

QByteArray gzip(const QByteArray &bytes)
{
    z_stream stream{};
    deflateInit2(&stream, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
    QByteArray out(static_cast<qsizetype>(deflateBound(&stream, static_cast<uLong>(bytes.size()))) + 64, Qt::Uninitialized);
    stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef *>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    if (deflate(&stream, Z_FINISH) != Z_STREAM_END)
        qFatal("deflate");
    out.truncate(static_cast<qsizetype>(stream.total_out));
    deflateEnd(&stream);
    return out;
}

QByteArray zstd(const QByteArray &bytes)
{
    QByteArray out(static_cast<qsizetype>(ZSTD_compressBound(static_cast<size_t>(bytes.size()))), Qt::Uninitialized);
    const size_t n = ZSTD_compress(out.data(), static_cast<size_t>(out.size()), bytes.constData(),
                                   static_cast<size_t>(bytes.size()), 3);
    if (ZSTD_isError(n))
        qFatal("zstd");
    out.truncate(static_cast<qsizetype>(n));
    return out;
}

QByteArray sample()
{
    QByteArray bytes;
    for (int i = 0; i < 60000; ++i)
        bytes += QByteArray::number(i * 7919 % 104729) + ",row," + QByteArray::number(i) + "\n";
    return bytes;
}

QByteArray sha256(const QByteArray &bytes)
{
    return QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex();
}

/// Puts a pipe in the place of standard input for its lifetime.
class StandardInput
{
public:
    StandardInput()
    {
        int ends[2];
        if (::pipe(ends) != 0)
            qFatal("pipe");
        m_saved = ::dup(STDIN_FILENO);
        ::dup2(ends[0], STDIN_FILENO);
        ::close(ends[0]);
        m_write = ends[1];
    }
    ~StandardInput()
    {
        closeWriter();
        ::dup2(m_saved, STDIN_FILENO);
        ::close(m_saved);
    }
    void write(const QByteArray &bytes)
    {
        for (qsizetype at = 0; at < bytes.size();) {
            const ssize_t n = ::write(m_write, bytes.constData() + at, static_cast<size_t>(bytes.size() - at));
            if (n <= 0)
                qFatal("write");
            at += n;
        }
    }
    void closeWriter()
    {
        if (m_write >= 0)
            ::close(std::exchange(m_write, -1));
    }

private:
    int m_saved = -1, m_write = -1;
};

} // namespace

class TestByteSource : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void packingIsToldByTheBytes_data()
    {
        QTest::addColumn<QByteArray>("stored");
        QTest::addColumn<QByteArray>("content");
        const QByteArray text = sample();
        QTest::newRow("plain") << text << text;
        QTest::newRow("gzip") << gzip(text) << text;
        QTest::newRow("zstd") << zstd(text) << text;
        QTest::newRow("gzip of several members") << gzip("a,b\n") + gzip("") + gzip(text) << "a,b\n" + text;
        QTest::newRow("gzip filled up with zeros") << gzip(text) + QByteArray(700, '\0') << text;
        QTest::newRow("zstd of several frames") << zstd("a,b\n") + zstd("") + zstd(text) << "a,b\n" + text;
        QTest::newRow("zstd behind a skippable frame")
            << QByteArray("\x50\x2A\x4D\x18\x03\0\0\0xyz", 11) + zstd(text) << text;
        QTest::newRow("gzip of nothing") << gzip("") << QByteArray();
        QTest::newRow("short") << QByteArray("x") << QByteArray("x");
    }
    void packingIsToldByTheBytes()
    {
        QFETCH(QByteArray, stored);
        QFETCH(QByteArray, content);
        Folder folder;
        const auto file = InputFile::open(folder.write(QStringLiteral("leads.csv"), stored));
        QVERIFY(file.ok());
        QCOMPARE((*file)->displayName(), QStringLiteral("leads.csv"));
        QCOMPARE((*file)->size(), stored.size());
        for (const qint64 piece : {7, 4096, 1 << 20}) {
            if (piece == 7 && content.size() > 2000000)
                continue;
            const auto source = (*file)->source();
            QVERIFY(source.ok());
            QCOMPARE((*source)->inputSize(), stored.size());
            const auto all = readAll(**source, piece);
            QVERIFY2(all.ok(), all.ok() ? "" : qPrintable(all.error().message));
            QVERIFY(*all == content);
            QCOMPARE((*source)->inputPosition(), stored.size());
            QCOMPARE((*source)->inputSha256(), sha256(stored));
        }
        const auto silent = (*file)->source(InputDigest::None);
        QVERIFY(silent.ok() && readAll(**silent).ok());
        QVERIFY((*silent)->inputSha256().isEmpty());
    }
    void decision8_truncatedDataNamesTheByte_data()
    {
        QTest::addColumn<QByteArray>("packed");
        QTest::addColumn<QString>("format");
        QTest::newRow("gzip") << gzip(sample()) << QStringLiteral("gzip");
        QTest::newRow("zstd") << zstd(sample()) << QStringLiteral("zstd");
    }
    void decision8_truncatedDataNamesTheByte()
    {
        QFETCH(QByteArray, packed);
        QFETCH(QString, format);
        Folder folder;
        for (const qsizetype size : {qsizetype{4}, qsizetype{12}, packed.size() / 2, packed.size() - 5, packed.size() - 1}) {
            const QString path = folder.write(QStringLiteral("cut"), packed.left(size));
            const auto file = InputFile::open(path);
            QVERIFY(file.ok());
            const auto source = (*file)->source();
            QVERIFY(source.ok());
            const auto all = readAll(**source);
            QVERIFY(!all.ok());
            QCOMPARE(all.error().code, ErrorCode::UnusableInput);
            const QString message = all.error().message;
            QVERIFY2(message.contains(QStringLiteral("byte %1").arg(size)), qPrintable(message));
            QVERIFY(message.contains(path) && message.contains(format) && message.contains(QStringLiteral("incomplete")));
        }
    }
    void decision8_damagedDataNamesTheByte()
    {
        Folder folder;
        const QByteArray text = sample();
        QByteArray flipped = gzip(text);
        flipped[flipped.size() / 2] = static_cast<char>(flipped[flipped.size() / 2] ^ 0x55);
        const QByteArray wholeZstd = zstd(text);
        for (const QByteArray &stored : {flipped, gzip(text) + "trailing text", wholeZstd + "trailing text"}) {
            const auto file = InputFile::open(folder.write(QStringLiteral("bad"), stored));
            QVERIFY(file.ok());
            const auto source = (*file)->source();
            const auto all = readAll(**source);
            QVERIFY(!all.ok());
            QCOMPARE(all.error().code, ErrorCode::UnusableInput);
            QVERIFY2(all.error().message.contains(QStringLiteral("damaged at byte ")), qPrintable(all.error().message));
        }
        const auto file = InputFile::open(folder.write(QStringLiteral("bad"), gzip(text) + "trailing text"));
        const auto source = (*file)->source();
        const auto all = readAll(**source);
        QVERIFY(all.error().message.contains(QStringLiteral("byte %1 ").arg(gzip(text).size())));
    }
    void decision8_filesThatCannotBeOpened()
    {
        Folder folder;
        const auto missing = InputFile::open(folder.path(QStringLiteral("none.csv")));
        QVERIFY(!missing.ok());
        QCOMPARE(missing.error().code, ErrorCode::NotFound);
        QVERIFY(missing.error().message.contains(folder.path(QStringLiteral("none.csv"))));
        const auto directory = InputFile::open(folder.path(QStringLiteral(".")));
        QVERIFY(!directory.ok());
        QCOMPARE(directory.error().code, ErrorCode::UnusableInput);
        QVERIFY(directory.error().message.contains(QStringLiteral("folder")));
        const QString emptyPath = folder.write(QStringLiteral("empty.csv"), {});
        const auto empty = InputFile::open(emptyPath);
        QVERIFY(!empty.ok());
        QCOMPARE(empty.error().code, ErrorCode::UnusableInput);
        QVERIFY(empty.error().message.contains(emptyPath));
        QCOMPARE(InputFile::open(QString()).error().code, ErrorCode::NotFound);
        QCOMPARE(InputFile::open(emptyPath + QStringLiteral("/x")).error().code, ErrorCode::NotFound);
    }
    void unreadableFile()
    {
        Folder folder;
        const QString path = folder.write(QStringLiteral("secret.csv"), "a,b\n");
        QCOMPARE(::chmod(QFile::encodeName(path).constData(), 0), 0);
        const auto file = InputFile::open(path);
        // The superuser may read everything.
        QCOMPARE(file.ok(), ::geteuid() == 0);
        if (!file.ok()) {
            QCOMPARE(file.error().code, ErrorCode::PermissionDenied);
            QVERIFY(file.error().message.contains(path));
        }
    }
    void aReplacedFileIsReadAsItWas()
    {
        Folder folder;
        const QString path = folder.write(QStringLiteral("f.csv"), "old,old\n");
        const auto file = InputFile::open(path);
        QVERIFY(file.ok());
        QVERIFY(QFile::remove(path));
        folder.write(QStringLiteral("f.csv"), "new,new,new\n");
        const auto source = (*file)->source();
        QCOMPARE(*readAll(**source), QByteArray("old,old\n"));
    }
    void aFileCutShortIsAnError()
    {
        Folder folder;
        const QString path = folder.write(QStringLiteral("f.csv"), QByteArray(100, 'x'));
        const auto file = InputFile::open(path);
        QVERIFY(file.ok());
        QVERIFY(QFile::resize(path, 40));
        const auto source = (*file)->source();
        const auto all = readAll(**source);
        QVERIFY(!all.ok());
        QCOMPARE(all.error().code, ErrorCode::Io);
        QVERIFY(all.error().message.contains(QStringLiteral("byte 40 of 100")));
    }
    void standardInputIsSpooledAndLeavesNothing()
    {
        const auto left = [] { return QDir(QDir::tempPath()).entryList({QStringLiteral("a360-input-*")}).size(); };
        const auto before = left();
        const QByteArray text = sample();
        for (const QByteArray &stored : {text, gzip(text)}) {
            StandardInput input;
            std::thread writer([&] {
                input.write(stored);
                input.closeWriter();
            });
            const auto file = InputFile::open(QStringLiteral("-"));
            writer.join();
            QVERIFY(file.ok());
            QCOMPARE((*file)->displayName(), QStringLiteral("standard input"));
            for (int i = 0; i < 2; ++i) {
                const auto source = (*file)->source();
                const auto all = readAll(**source);
                QVERIFY(all.ok());
                QVERIFY(*all == text);
                QCOMPARE((*source)->inputSha256(), sha256(stored));
            }
        }
        QCOMPARE(left(), before);
    }
    void emptyStandardInput()
    {
        StandardInput input;
        input.closeWriter();
        const auto file = InputFile::open(QStringLiteral("-"));
        QVERIFY(!file.ok());
        QCOMPARE(file.error().code, ErrorCode::UnusableInput);
        QVERIFY(file.error().message.contains(QStringLiteral("standard input")));
    }
    void silentStandardInputCanBeCancelled()
    {
        StandardInput input;
        input.write("a,b\n");
        CancelSource cancel;
        std::thread other([&] { cancel.cancel(); });
        QElapsedTimer timer;
        timer.start();
        const auto file = InputFile::open(QStringLiteral("-"), cancel.token());
        other.join();
        QVERIFY(!file.ok());
        QCOMPARE(file.error().code, ErrorCode::Cancelled);
        QVERIFY(timer.elapsed() < 1000);
    }
    void aNamedPipeIsRead()
    {
        Folder folder;
        const QByteArray path = QFile::encodeName(folder.path(QStringLiteral("pipe")));
        QCOMPARE(::mkfifo(path.constData(), 0600), 0);
        std::thread writer([&] {
            const int fd = ::open(path.constData(), O_WRONLY);
            if (fd < 0 || ::write(fd, "a,b\n1,2\n", 8) != 8)
                qFatal("pipe");
            ::close(fd);
        });
        const auto file = InputFile::open(QFile::decodeName(path));
        writer.join();
        QVERIFY(file.ok());
        const auto source = (*file)->source();
        QCOMPARE(*readAll(**source), QByteArray("a,b\n1,2\n"));
    }
};

QTEST_GUILESS_MAIN(TestByteSource)
#include "tst_byte_source.moc"

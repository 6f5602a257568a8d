// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/byte_sink.h"

#include "transfer/descriptor_writing.h"

#include <QFile>
#include <QFileInfo>

#include <cerrno>
#include <cstdio>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace a360::transfer {

namespace {

/// Standard output, and targets that are no files (a device, a named pipe): written as it comes, nothing to take back.
class StreamSink final : public ByteSink
{
public:
    StreamSink(int descriptor, const QString &name, const CancelToken &cancel) : m_writer(descriptor, name, cancel) {}

    Result<void> write(const QByteArray &bytes) override { return m_writer.write(bytes); }
    Result<void> finish() override { return {}; }
    void abort() override {}

private:
    WaitingWriter m_writer;
};

class FileSink final : public ByteSink
{
public:
    FileSink(int descriptor, QByteArray partPath, QByteArray path, QString name, bool fsync)
        : m_descriptor(descriptor), m_partPath(std::move(partPath)), m_path(std::move(path)), m_name(std::move(name)),
          m_fsync(fsync)
    {
    }
    ~FileSink() override { abort(); }
    FileSink(const FileSink &) = delete;
    FileSink &operator=(const FileSink &) = delete;

    Result<void> write(const QByteArray &bytes) override
    {
        if (m_descriptor < 0)
            return makeError(ErrorCode::Io, QStringLiteral("%1 is closed.").arg(m_name));
        return writeAll(m_descriptor, bytes, m_name);
    }
    Result<void> finish() override
    {
        if (m_descriptor < 0)
            return makeError(ErrorCode::Io, QStringLiteral("%1 is closed.").arg(m_name));
        if (auto published = publish(); !published.ok()) {
            abort();
            return published;
        }
        return {};
    }
    void abort() override
    {
        if (m_descriptor < 0)
            return;
        // Removed while it is still locked, so that it can only be our own.
        ::unlink(m_partPath.constData());
        ::close(std::exchange(m_descriptor, -1));
    }

private:
    Result<void> publish()
    {
        if (m_fsync && ::fsync(m_descriptor) != 0)
            return writeError(m_name, errno);
        if (::rename(m_partPath.constData(), m_path.constData()) != 0)
            return writeError(m_name, errno);
        // Network file systems report a full disk only here.
        if (::close(std::exchange(m_descriptor, -1)) != 0)
            return writeError(m_name, errno);
        return m_fsync ? syncFolder() : Result<void>();
    }
    Result<void> syncFolder() const
    {
        const QByteArray folder = QFile::encodeName(QFileInfo(QFile::decodeName(m_path)).absolutePath());
        const int descriptor = ::open(folder.constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        // Some file systems cannot sync folders; the data itself is safe by then.
        if (descriptor >= 0) {
            ::fsync(descriptor);
            ::close(descriptor);
        }
        return {};
    }

    int m_descriptor;
    QByteArray m_partPath, m_path;
    QString m_name;
    bool m_fsync;
};

/// Opens and locks the part file. One that a dead process left behind is used anew; one that is being written, by this
/// process or another, is refused.
Result<int> openPart(const QByteArray &partPath, const QString &name, mode_t mode)
{
    for (int attempt = 0; attempt < 10; ++attempt) {
        const int descriptor = ::open(partPath.constData(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, mode);
        if (descriptor < 0)
            return writeError(name, errno);
        if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
            ::close(descriptor);
            return makeError(ErrorCode::Io, QStringLiteral("%1 is being written by another export right now.").arg(name));
        }
        // Between opening and locking, the other writer may have renamed or removed it.
        struct stat opened = {}, named = {};
        const bool same = ::fstat(descriptor, &opened) == 0 && ::lstat(partPath.constData(), &named) == 0 &&
                          opened.st_ino == named.st_ino && opened.st_dev == named.st_dev;
        if (same && ::ftruncate(descriptor, 0) == 0)
            return descriptor;
        const int error = errno;
        ::close(descriptor);
        if (same)
            return writeError(name, error);
    }
    return makeError(ErrorCode::Io, QStringLiteral("%1 is being written by another export right now.").arg(name));
}

Result<int> openDevice(const QByteArray &path, const QString &name, bool isPipe, const CancelToken &cancel)
{
    if (isPipe)
        return openPipe(path, name, cancel);
    const int descriptor = ::open(path.constData(), O_WRONLY | O_CLOEXEC);
    return descriptor < 0 ? Result<int>(writeError(name, errno)) : Result<int>(descriptor);
}

} // namespace

std::optional<Compression> compressionByName(QStringView name)
{
    if (name == u"none")
        return Compression::None;
    if (name == u"gzip")
        return Compression::Gzip;
    if (name == u"zstd")
        return Compression::Zstd;
    return std::nullopt;
}

Result<std::unique_ptr<ByteSink>> openFileSink(const QString &path, bool fsync, const CancelToken &cancel)
{
    if (path.isEmpty())
        return makeError(ErrorCode::InvalidArgument, QStringLiteral("No output file is named."), QStringLiteral("output"));
    if (path == QStringLiteral("-")) {
        const int descriptor = ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0);
        if (descriptor < 0)
            return writeError(QStringLiteral("standard output"), errno);
        return std::unique_ptr<ByteSink>(new StreamSink(descriptor, QStringLiteral("standard output"), cancel));
    }
    struct stat existing = {};
    const bool exists = ::stat(QFile::encodeName(path).constData(), &existing) == 0;
    if ((exists && S_ISDIR(existing.st_mode)) || path.endsWith(u'/'))
        return makeError(ErrorCode::Io, QStringLiteral("Cannot write %1: it is a folder.").arg(path));
    if (exists && !S_ISREG(existing.st_mode)) {
        A360_TRY_ASSIGN(const int descriptor, openDevice(QFile::encodeName(path), path, S_ISFIFO(existing.st_mode), cancel));
        return std::unique_ptr<ByteSink>(new StreamSink(descriptor, path, cancel));
    }
    // A link keeps pointing at the file it points at: that one is replaced.
    const QByteArray name = QFile::encodeName(exists ? QFileInfo(path).canonicalFilePath() : path);
    if (exists && ::access(name.constData(), W_OK) != 0)
        return writeError(path, errno);
    const QByteArray partPath = name + ".part";
    A360_TRY_ASSIGN(const int descriptor, openPart(partPath, path, 0666));
    if (exists)
        ::fchmod(descriptor, existing.st_mode & 07777); // who could not read the old one shall not read the new one
    return std::unique_ptr<ByteSink>(new FileSink(descriptor, partPath, name, path, fsync));
}

} // namespace a360::transfer

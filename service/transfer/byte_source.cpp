// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/byte_source.h"

#include "transfer/decompressing_source.h"
#include "transfer/input_spool.h"

#include <QFile>
#include <QFileInfo>
#include <QTemporaryFile>

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace a360::transfer {

namespace {

/// An open descriptor, shared by an InputFile and its sources.
class OpenFile
{
public:
    explicit OpenFile(int descriptor) : m_descriptor(descriptor) {}
    explicit OpenFile(std::unique_ptr<QTemporaryFile> spool) : m_descriptor(spool->handle()), m_spool(std::move(spool)) {}
    ~OpenFile()
    {
        if (!m_spool)
            ::close(m_descriptor);
    }
    OpenFile(const OpenFile &) = delete;
    OpenFile &operator=(const OpenFile &) = delete;
    int descriptor() const { return m_descriptor; }

private:
    int m_descriptor;
    std::unique_ptr<QTemporaryFile> m_spool; // owns the descriptor when set
};

/// libcrypto's SHA-256: several times faster than Qt's.
class Sha256
{
public:
    Sha256() : m_context(::EVP_MD_CTX_new())
    {
        m_ok = m_context && ::EVP_DigestInit_ex(m_context, ::EVP_sha256(), nullptr) == 1;
    }
    ~Sha256() { ::EVP_MD_CTX_free(m_context); }
    Sha256(const Sha256 &) = delete;
    Sha256 &operator=(const Sha256 &) = delete;
    void add(const char *data, size_t size) { m_ok = m_ok && ::EVP_DigestUpdate(m_context, data, size) == 1; }
    QByteArray finish()
    {
        std::array<char, EVP_MAX_MD_SIZE> digest{};
        unsigned size = 0;
        if (!m_ok ||
            ::EVP_DigestFinal_ex(m_context, reinterpret_cast<unsigned char *>(digest.data()), &size) != 1)
            return {};
        return QByteArray(digest.data(), static_cast<qsizetype>(size)).toHex();
    }

private:
    EVP_MD_CTX *m_context;
    bool m_ok;
};

class PlainSource final : public ByteSource
{
public:
    PlainSource(std::shared_ptr<OpenFile> file, QString name, qint64 size, InputDigest digest)
        : m_file(std::move(file)), m_name(std::move(name)), m_size(size)
    {
        if (digest == InputDigest::Sha256)
            m_digest = std::make_unique<Sha256>();
    }
    Result<qint64> read(char *data, qint64 size) override
    {
        const qint64 wanted = std::min(size, m_size - m_position);
        ssize_t n = 0;
        do {
            n = wanted > 0 ? ::pread(m_file->descriptor(), data, static_cast<size_t>(wanted), m_position) : 0;
        } while (n < 0 && errno == EINTR);
        if (n < 0)
            return makeError(ErrorCode::Io, QStringLiteral("Cannot read %1 at byte %2: %3.")
                                                .arg(m_name)
                                                .arg(m_position)
                                                .arg(systemErrorText(errno)));
        if (n == 0 && wanted > 0)
            return makeError(ErrorCode::Io, QStringLiteral("%1 was cut short while it was being read: it ended at byte %2 "
                                                           "of %3.")
                                                .arg(m_name)
                                                .arg(m_position)
                                                .arg(m_size));
        m_position += n;
        if (m_digest && n > 0)
            m_digest->add(data, static_cast<size_t>(n));
        if (m_digest && m_position == m_size && m_hex.isEmpty())
            m_hex = m_digest->finish();
        return static_cast<qint64>(n);
    }
    qint64 inputPosition() const override { return m_position; }
    qint64 inputSize() const override { return m_size; }
    QByteArray inputSha256() const override { return m_hex; }

private:
    std::shared_ptr<OpenFile> m_file;
    QString m_name;
    qint64 m_size, m_position = 0;
    std::unique_ptr<Sha256> m_digest;
    QByteArray m_hex;
};

Error openError(const QString &path, int error)
{
    if (error == ENOENT || error == ENOTDIR)
        return makeError(ErrorCode::NotFound, QStringLiteral("There is no file %1.").arg(path));
    if (error == EACCES || error == EPERM)
        return makeError(ErrorCode::PermissionDenied, QStringLiteral("The file %1 may not be read.").arg(path), {},
                         systemErrorText(error));
    return makeError(ErrorCode::Io, QStringLiteral("Cannot open %1: %2.").arg(path, systemErrorText(error)));
}

} // namespace

struct InputFile::Private
{
    std::shared_ptr<OpenFile> file;
    QString path;        // for messages
    QString displayName;
    qint64 size = 0;
    Packing packing = Packing::Plain;
};

InputFile::InputFile() : d(std::make_unique<Private>()) {}
InputFile::~InputFile() = default;

Result<std::shared_ptr<InputFile>> InputFile::open(const QString &path, CancelToken cancel)
{
    std::shared_ptr<InputFile> input(new InputFile);
    Private &d = *input->d;
    const bool standardInput = path == QStringLiteral("-");
    d.path = standardInput ? QStringLiteral("standard input") : path;
    d.displayName = standardInput ? d.path : QFileInfo(path).fileName();
    if (path.isEmpty())
        return makeError(ErrorCode::NotFound, QStringLiteral("No file is named."));

    // Not blocking: a pipe without a writer is waited for below, where cancelling works.
    const int descriptor = standardInput ? ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
                                         : ::open(QFile::encodeName(path).constData(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0)
        return openError(d.path, errno);
    d.file = std::make_shared<OpenFile>(descriptor);
    struct stat info = {};
    if (::fstat(descriptor, &info) != 0)
        return openError(d.path, errno);
    if (S_ISDIR(info.st_mode))
        return makeError(ErrorCode::UnusableInput, QStringLiteral("%1 is a folder, not a file.").arg(d.path));
    // Standard input may be a file that someone has read from already: then the rest of it counts.
    const bool atStart = !standardInput || ::lseek(descriptor, 0, SEEK_CUR) == 0;
    if (!S_ISREG(info.st_mode) || !atStart) {
        A360_TRY_ASSIGN(auto spool, spoolPipe(descriptor, d.path, cancel));
        d.file = std::make_shared<OpenFile>(std::move(spool));
        if (::fstat(d.file->descriptor(), &info) != 0)
            return openError(d.path, errno);
    }
    d.size = info.st_size;
    if (d.size == 0)
        return makeError(ErrorCode::UnusableInput,
                         standardInput ? QStringLiteral("Nothing came from standard input.")
                                       : QStringLiteral("The file %1 is empty.").arg(d.path));
    std::array<char, 4> first{};
    const ssize_t n = ::pread(d.file->descriptor(), first.data(), first.size(), 0);
    if (n < 0)
        return openError(d.path, errno);
    d.packing = packingOf({first.data(), static_cast<size_t>(n)});
    return input;
}

Result<std::unique_ptr<ByteSource>> InputFile::source(InputDigest digest) const
{
    std::unique_ptr<ByteSource> source = std::make_unique<PlainSource>(d->file, d->path, d->size, digest);
    switch (d->packing) {
    case Packing::Gzip:
        return gunzipSource(std::move(source), d->path);
    case Packing::Zstd:
        return unzstdSource(std::move(source), d->path);
    case Packing::Plain:
        break;
    }
    return source;
}

QString InputFile::displayName() const
{
    return d->displayName;
}

qint64 InputFile::size() const
{
    return d->size;
}

} // namespace a360::transfer

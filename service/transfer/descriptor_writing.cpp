// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/descriptor_writing.h"

#include "transfer/input_spool.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <csignal>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

namespace a360::transfer {

namespace {

constexpr int kLookMilliseconds = 100; // how often a waiting writer looks whether it is cancelled

/// Keeps this thread from being sent SIGPIPE, which would end the process, while it writes to a pipe whose reader may
/// be gone: write() then says EPIPE. Other threads and the process's own handling are left alone.
class NoSigpipe
{
public:
    NoSigpipe()
    {
        ::sigemptyset(&m_pipe);
        ::sigaddset(&m_pipe, SIGPIPE);
        sigset_t pending;
        ::sigpending(&pending);
        m_wasPending = ::sigismember(&pending, SIGPIPE) == 1;
        ::pthread_sigmask(SIG_BLOCK, &m_pipe, &m_before);
    }
    ~NoSigpipe()
    {
        if (!m_wasPending) {
            const timespec now{};
            while (::sigtimedwait(&m_pipe, nullptr, &now) < 0 && errno == EINTR) { }
        }
        ::pthread_sigmask(SIG_SETMASK, &m_before, nullptr);
    }
    NoSigpipe(const NoSigpipe &) = delete;
    NoSigpipe &operator=(const NoSigpipe &) = delete;

private:
    sigset_t m_pipe, m_before;
    bool m_wasPending;
};

} // namespace

Error writeError(const QString &name, int error)
{
    const QString text = systemErrorText(error);
    switch (error) {
    case ENOSPC:
    case EDQUOT:
        return makeError(ErrorCode::Io, QStringLiteral("The disk is full: cannot write %1.").arg(name), {}, text);
    case EPIPE:
        return makeError(ErrorCode::Io, QStringLiteral("The reader of %1 is gone.").arg(name), {}, text);
    case EACCES:
    case EPERM:
    case EROFS:
        return makeError(ErrorCode::PermissionDenied, QStringLiteral("%1 may not be written: %2.").arg(name, text), {},
                         text);
    case ENOENT:
    case ENOTDIR:
        return makeError(ErrorCode::NotFound, QStringLiteral("Cannot write %1: the folder does not exist.").arg(name), {},
                         text);
    default:
        return makeError(ErrorCode::Io, QStringLiteral("Cannot write %1: %2.").arg(name, text), {}, text);
    }
}

Result<void> writeAll(int descriptor, const QByteArray &bytes, const QString &name)
{
    const char *data = bytes.constData();
    auto left = static_cast<size_t>(bytes.size());
    while (left > 0) {
        const ssize_t n = ::write(descriptor, data, left);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return writeError(name, errno);
        data += n;
        left -= static_cast<size_t>(n);
    }
    return {};
}

WaitingWriter::WaitingWriter(int descriptor, QString name, CancelToken cancel)
    : m_descriptor(descriptor), m_name(std::move(name)), m_cancel(std::move(cancel))
{
    struct stat about = {};
    if (::fstat(descriptor, &about) == 0 && (S_ISREG(about.st_mode) || S_ISBLK(about.st_mode))) {
        m_blocks = false; // a disk does not keep anyone waiting
        return;
    }
    // Opened anew, a pipe or a terminal can be switched to non-blocking for this writer alone (proc(5)).
    const QByteArray path = "/proc/self/fd/" + QByteArray::number(descriptor);
    const int own = ::open(path.constData(), O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
    if (own < 0)
        return;
    ::close(std::exchange(m_descriptor, own));
    m_blocks = false;
}

WaitingWriter::~WaitingWriter()
{
    ::close(m_descriptor);
}

Result<void> WaitingWriter::write(const QByteArray &bytes)
{
    const NoSigpipe noSigpipe;
    const char *data = bytes.constData();
    auto left = static_cast<size_t>(bytes.size());
    bool ready = !m_blocks;
    while (left > 0) {
        A360_TRY(m_cancel.check());
        if (!ready) {
            pollfd waiting{m_descriptor, POLLOUT, 0};
            ready = ::poll(&waiting, 1, kLookMilliseconds) > 0;
            continue;
        }
        // Where poll() says there is room, there is room for this much (pipe(7)).
        const ssize_t n = ::write(m_descriptor, data, m_blocks ? std::min<size_t>(left, PIPE_BUF) : left);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && errno != EAGAIN)
            return writeError(m_name, errno);
        ready = n > 0 && !m_blocks;
        data += std::max<ssize_t>(n, 0);
        left -= static_cast<size_t>(std::max<ssize_t>(n, 0));
    }
    return {};
}

Result<int> openPipe(const QByteArray &path, const QString &name, const CancelToken &cancel)
{
    for (;;) {
        A360_TRY(cancel.check());
        const int descriptor = ::open(path.constData(), O_WRONLY | O_NONBLOCK | O_CLOEXEC);
        if (descriptor >= 0)
            return descriptor;
        if (errno != ENXIO && errno != EINTR) // ENXIO: nobody reads yet
            return writeError(name, errno);
        ::poll(nullptr, 0, kLookMilliseconds);
    }
}

} // namespace a360::transfer

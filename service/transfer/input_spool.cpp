// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/input_spool.h"

#include <QDir>

#include <cerrno>
#include <cstring>
#include <vector>

#include <poll.h>
#include <unistd.h>

namespace a360::transfer {

namespace {

Error spoolError(const QString &what, const QString &name, int error)
{
    return makeError(ErrorCode::Io,
                     QStringLiteral("%1 %2: %3.").arg(what, name, systemErrorText(error)), {}, systemErrorText(error));
}

Result<void> writeAll(int descriptor, const char *data, size_t size, const QString &path)
{
    while (size > 0) {
        const ssize_t n = ::write(descriptor, data, size);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return spoolError(QStringLiteral("Cannot keep the input in the temporary folder"), path, errno);
        data += n;
        size -= static_cast<size_t>(n);
    }
    return {};
}

/// Waits until there is something to read (or the end); looks at the token meanwhile.
Result<void> waitReadable(int descriptor, const CancelToken &cancel)
{
    for (;;) {
        A360_TRY(cancel.check());
        pollfd waiting{descriptor, POLLIN, 0};
        const int ready = ::poll(&waiting, 1, 100);
        // An error of poll() itself will come back from read(), with a better text.
        if (ready > 0 || (ready < 0 && errno != EINTR))
            return {};
    }
}

} // namespace

QString systemErrorText(int error)
{
    char buffer[256] = {};
    // The GNU form, which may return a text of its own instead of filling the buffer.
    return QString::fromLocal8Bit(::strerror_r(error, buffer, sizeof buffer));
}

Result<std::unique_ptr<QTemporaryFile>> spoolPipe(int descriptor, const QString &name, const CancelToken &cancel)
{
    auto file = std::make_unique<QTemporaryFile>(QDir::tempPath() + QStringLiteral("/a360-input-XXXXXX"));
    if (!file->open())
        return makeError(ErrorCode::Io, QStringLiteral("Cannot keep %1 in the temporary folder %2: %3.")
                                            .arg(name, QDir::tempPath(), file->errorString()));
    std::vector<char> buffer(256 * 1024);
    for (;;) {
        A360_TRY(waitReadable(descriptor, cancel));
        const ssize_t n = ::read(descriptor, buffer.data(), buffer.size());
        if (n < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        if (n < 0)
            return spoolError(QStringLiteral("Cannot read"), name, errno);
        if (n == 0)
            return file;
        A360_TRY(writeAll(file->handle(), buffer.data(), static_cast<size_t>(n), QDir::tempPath()));
    }
}

} // namespace a360::transfer

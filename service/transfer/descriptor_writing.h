// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancel_token.h"

#include <QByteArray>
#include <QString>

namespace a360::transfer {

/// "The disk is full: cannot write out.csv." and the like, from errno.
Error writeError(const QString &name, int error);

/// Writes all of `bytes` to a file.
Result<void> writeAll(int descriptor, const QByteArray &bytes, const QString &name);

/// The writing end of a pipe, a terminal, a device or a socket: what may keep a writer waiting for as long as it likes.
/// The waiting ends within a tenth of a second after a cancellation, Error{Cancelled}; a reader that is gone is
/// Error{Io}, never SIGPIPE. One thread at a time.
class WaitingWriter
{
public:
    /// Takes over the descriptor. Its flags are left as they are: other processes may share them.
    WaitingWriter(int descriptor, QString name, CancelToken cancel);
    ~WaitingWriter();
    WaitingWriter(const WaitingWriter &) = delete;
    WaitingWriter &operator=(const WaitingWriter &) = delete;

    Result<void> write(const QByteArray &bytes);

private:
    int m_descriptor;
    const QString m_name;
    const CancelToken m_cancel;
    bool m_blocks = true; // the descriptor: write() would wait for room for all
};

/// Opens a named pipe for writing as soon as somebody reads from it.
Result<int> openPipe(const QByteArray &path, const QString &name, const CancelToken &cancel);

} // namespace a360::transfer

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancel_token.h"

#include <QString>

#include <memory>
#include <optional>

namespace a360::transfer {

enum class Compression { None, Gzip, Zstd };
std::optional<Compression> compressionByName(QStringView name); ///< "none", "gzip", "zstd"

/// Output bytes. One thread at a time. Destroying a sink that was not finished aborts it.
class ByteSink
{
public:
    virtual ~ByteSink() = default;
    /// Takes all of `bytes` or fails. May block (back-pressure); a cancelled or vanished reader is an error.
    virtual Result<void> write(const QByteArray &bytes) = 0;
    /// Everything was written: flush, and make the result visible.
    virtual Result<void> finish() = 0;
    /// Leaves nothing behind.
    virtual void abort() = 0;
};

/// A file written to `<path>.part` and renamed at the end, so that an existing one stays until then; "-" is standard
/// output, and devices and named pipes are written directly (there is nothing to take back then). Errors name the path
/// and the cause: Io (a full disk, a folder in the way, a reader that is gone, another export writing to the same path),
/// PermissionDenied, NotFound (no such folder). SIGPIPE is held off while writing, whatever the process does with it.
/// `fsync`: the data is on the disk before the rename (decision 30). `cancel` ends the waiting for a reader: Cancelled,
/// within a tenth of a second.
Result<std::unique_ptr<ByteSink>> openFileSink(const QString &path, bool fsync = false, const CancelToken &cancel = {});
/// Compresses on the way to `target`.
std::unique_ptr<ByteSink> compressingSink(std::unique_ptr<ByteSink> target, Compression compression);

} // namespace a360::transfer

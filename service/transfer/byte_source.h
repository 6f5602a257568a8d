// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancel_token.h"
#include "core/result.h"

#include <QString>

#include <memory>

namespace a360::transfer {

/// Input bytes, forward only; plain, gzip (RFC 1952, several members) or zstd (RFC 8878), told by the first bytes and
/// not by the file name. One thread at a time.
class ByteSource
{
public:
    virtual ~ByteSource() = default;
    /// Up to `size` decompressed bytes; 0 at the end. A truncated or corrupt compressed file is Error{UnusableInput}
    /// naming the byte where it stops making sense.
    virtual Result<qint64> read(char *data, qint64 size) = 0;
    /// Bytes taken from the file so far and its size (-1: unknown), for progress: these count compressed bytes.
    virtual qint64 inputPosition() const = 0;
    virtual qint64 inputSize() const = 0;
    /// SHA-256 of the file's bytes as stored, lower-case hex; valid once read() has returned 0. Empty when the source was
    /// made with InputDigest::None.
    virtual QByteArray inputSha256() const = 0;
};

enum class InputDigest { None, Sha256 };

/// A file that can be read as often as needed: it is opened once, and its sources read from the same open file, each at
/// its own place (so a file that is replaced meanwhile does no harm, and one that is cut short is an error). Standard
/// input ("-") and pipes are spooled once to a temporary file, which this object owns and removes. Thread-safe once open.
class InputFile
{
public:
    /// Errors: NotFound, PermissionDenied, UnusableInput (a directory, an empty file), Io, each naming the path; Cancelled
    /// within a tenth of a second, also while standard input keeps silent.
    static Result<std::shared_ptr<InputFile>> open(const QString &path, CancelToken cancel = {});
    ~InputFile();
    InputFile(const InputFile &) = delete;
    InputFile &operator=(const InputFile &) = delete;

    Result<std::unique_ptr<ByteSource>> source(InputDigest digest = InputDigest::Sha256) const;
    QString displayName() const; ///< "leads.csv", or "standard input"
    qint64 size() const;         ///< bytes as stored

private:
    InputFile();
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace a360::transfer

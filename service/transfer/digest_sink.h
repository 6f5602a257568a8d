// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transfer/byte_sink.h"

#include <QByteArray>

namespace a360::transfer {

/// Passes bytes on and, on a thread of its own, computes their SHA-256 with libcrypto (decision 30).
class DigestSink final : public ByteSink
{
public:
    explicit DigestSink(std::unique_ptr<ByteSink> target);
    ~DigestSink() override;

    Result<void> write(const QByteArray &bytes) override;
    Result<void> finish() override;
    void abort() override;

    qint64 byteCount() const;   ///< bytes passed on so far; safe from any thread
    QByteArray sha256() const;  ///< lower-case hex; valid after finish()

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace a360::transfer

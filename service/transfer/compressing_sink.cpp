// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/byte_sink.h"

#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <limits>

namespace a360::transfer {

namespace {

constexpr qsizetype outputBlock = 128 * 1024;

// Measured on generated contacts, on one core: gzip level 1: 102 MB/s, to 29 %; 3: 78, 27 %; 6: 29, 23 %. zstd level 1:
// 324 MB/s, 24 %; 3: 150, 20 %; 6: 46, 18 %. The compressor shares a thread with the writing and should not be what an
// export waits for.
constexpr int gzipLevel = 3;
constexpr int zstdLevel = 3;

/// What both formats share: full blocks go on to the target.
class CompressingSink : public ByteSink
{
public:
    explicit CompressingSink(std::unique_ptr<ByteSink> target)
        : m_target(std::move(target)), m_block(outputBlock, Qt::Uninitialized)
    {
    }
    void abort() override { m_target->abort(); }

protected:
    char *freeSpace() { return m_block.data() + m_used; }
    size_t freeSize() const { return static_cast<size_t>(m_block.size() - m_used); }
    Result<void> wrote(size_t n)
    {
        m_used += static_cast<qsizetype>(n);
        return m_used == m_block.size() ? pass() : Result<void>();
    }
    Result<void> pass()
    {
        if (m_used == 0)
            return {};
        QByteArray full = std::exchange(m_block, QByteArray(outputBlock, Qt::Uninitialized));
        full.truncate(std::exchange(m_used, 0));
        return m_target->write(full);
    }
    Result<void> finishTarget()
    {
        A360_TRY(pass());
        return m_target->finish();
    }

private:
    std::unique_ptr<ByteSink> m_target;
    QByteArray m_block;
    qsizetype m_used = 0;
};

Error noMemory()
{
    return makeError(ErrorCode::Internal, QStringLiteral("Not enough memory to compress."));
}

class GzipSink final : public CompressingSink
{
public:
    explicit GzipSink(std::unique_ptr<ByteSink> target) : CompressingSink(std::move(target))
    {
        constexpr int gzipFrame = 16 + MAX_WBITS, bestMemory = 9;
        m_ready = ::deflateInit2(&m_stream, gzipLevel, Z_DEFLATED, gzipFrame, bestMemory, Z_DEFAULT_STRATEGY) == Z_OK;
    }
    ~GzipSink() override
    {
        if (m_ready)
            ::deflateEnd(&m_stream);
    }
    GzipSink(const GzipSink &) = delete;
    GzipSink &operator=(const GzipSink &) = delete;

    Result<void> write(const QByteArray &bytes) override
    {
        const char *data = bytes.constData();
        for (qsizetype left = bytes.size(); left > 0;) {
            const auto piece = std::min<qsizetype>(left, std::numeric_limits<int>::max());
            A360_TRY(deflateAll(data, static_cast<uInt>(piece), Z_NO_FLUSH));
            data += piece;
            left -= piece;
        }
        return {};
    }
    Result<void> finish() override
    {
        A360_TRY(deflateAll(nullptr, 0, Z_FINISH));
        return finishTarget();
    }

private:
    Result<void> deflateAll(const char *data, uInt size, int flush)
    {
        if (!m_ready)
            return noMemory();
        m_stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(data)); // zlib only reads it
        m_stream.avail_in = size;
        for (;;) {
            const size_t room = freeSize();
            m_stream.next_out = reinterpret_cast<Bytef *>(freeSpace());
            m_stream.avail_out = static_cast<uInt>(room);
            const int status = ::deflate(&m_stream, flush);
            const bool full = m_stream.avail_out == 0;
            A360_TRY(wrote(room - m_stream.avail_out));
            if (status == Z_STREAM_END || (flush == Z_NO_FLUSH && m_stream.avail_in == 0 && !full))
                return {};
            if (status != Z_OK && status != Z_BUF_ERROR)
                return makeError(ErrorCode::Internal, QStringLiteral("Compressing failed."), {},
                                 QString::fromLatin1(m_stream.msg ? m_stream.msg : "deflate"));
        }
    }

    z_stream m_stream{};
    bool m_ready = false;
};

class ZstdSink final : public CompressingSink
{
public:
    explicit ZstdSink(std::unique_ptr<ByteSink> target) : CompressingSink(std::move(target)), m_stream(::ZSTD_createCCtx())
    {
        if (m_stream) {
            ::ZSTD_CCtx_setParameter(m_stream, ZSTD_c_compressionLevel, zstdLevel);
            ::ZSTD_CCtx_setParameter(m_stream, ZSTD_c_checksumFlag, 1);
        }
    }
    ~ZstdSink() override { ::ZSTD_freeCCtx(m_stream); }
    ZstdSink(const ZstdSink &) = delete;
    ZstdSink &operator=(const ZstdSink &) = delete;

    Result<void> write(const QByteArray &bytes) override { return compress(bytes, ZSTD_e_continue); }
    Result<void> finish() override
    {
        A360_TRY(compress({}, ZSTD_e_end));
        return finishTarget();
    }

private:
    Result<void> compress(const QByteArray &bytes, ZSTD_EndDirective mode)
    {
        if (!m_stream)
            return noMemory();
        ZSTD_inBuffer in{bytes.constData(), static_cast<size_t>(bytes.size()), 0};
        for (;;) {
            ZSTD_outBuffer out{freeSpace(), freeSize(), 0};
            const size_t status = ::ZSTD_compressStream2(m_stream, &out, &in, mode);
            if (::ZSTD_isError(status))
                return makeError(ErrorCode::Internal, QStringLiteral("Compressing failed."), {},
                                 QString::fromLatin1(::ZSTD_getErrorName(status)));
            A360_TRY(wrote(out.pos));
            if (mode == ZSTD_e_end ? status == 0 : in.pos == in.size)
                return {};
        }
    }

    ZSTD_CCtx *m_stream;
};

} // namespace

std::unique_ptr<ByteSink> compressingSink(std::unique_ptr<ByteSink> target, Compression compression)
{
    switch (compression) {
    case Compression::Gzip:
        return std::make_unique<GzipSink>(std::move(target));
    case Compression::Zstd:
        return std::make_unique<ZstdSink>(std::move(target));
    case Compression::None:
        break;
    }
    return target;
}

} // namespace a360::transfer

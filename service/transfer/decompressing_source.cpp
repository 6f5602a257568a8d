// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/decompressing_source.h"

#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <limits>
#include <string_view>
#include <vector>

namespace a360::transfer {

namespace {

constexpr size_t packedBufferSize = 256 * 1024;

/// What both formats share: a buffer of packed bytes and the place in the file.
class UnpackingSource : public ByteSource
{
public:
    UnpackingSource(std::unique_ptr<ByteSource> packed, QString name)
        : m_packed(std::move(packed)), m_name(std::move(name)), m_buffer(packedBufferSize)
    {
    }
    qint64 inputPosition() const override { return m_packed->inputPosition(); }
    qint64 inputSize() const override { return m_packed->inputSize(); }
    QByteArray inputSha256() const override { return m_packed->inputSha256(); }

protected:
    bool hasInput() const { return m_at < m_filled; }
    /// False at the end of the packed bytes.
    Result<bool> refill()
    {
        m_consumedBefore += static_cast<qint64>(m_filled);
        m_at = m_filled = 0;
        A360_TRY_ASSIGN(const qint64 n, m_packed->read(m_buffer.data(), static_cast<qint64>(m_buffer.size())));
        m_filled = static_cast<size_t>(n);
        return n > 0;
    }
    qint64 packedOffset() const { return m_consumedBefore + static_cast<qint64>(m_at); }

    Error corrupt(const char *format, const QString &detail) const
    {
        return makeError(ErrorCode::UnusableInput,
                         QStringLiteral("%1: the %2 data is damaged at byte %3 of the file.")
                             .arg(m_name, QLatin1StringView(format))
                             .arg(packedOffset()),
                         {}, detail);
    }
    Error truncated(const char *format) const
    {
        return makeError(ErrorCode::UnusableInput,
                         QStringLiteral("%1: the %2 data is incomplete: the file ends at byte %3, in the middle of it.")
                             .arg(m_name, QLatin1StringView(format))
                             .arg(packedOffset()));
    }

    std::unique_ptr<ByteSource> m_packed;
    QString m_name;
    std::vector<char> m_buffer;
    size_t m_at = 0, m_filled = 0;

private:
    qint64 m_consumedBefore = 0;
};

class GunzipSource final : public UnpackingSource
{
public:
    GunzipSource(std::unique_ptr<ByteSource> packed, QString name) : UnpackingSource(std::move(packed), std::move(name))
    {
        constexpr int gzipOnly = 16 + MAX_WBITS;
        m_ready = ::inflateInit2(&m_stream, gzipOnly) == Z_OK;
    }
    ~GunzipSource() override
    {
        if (m_ready)
            ::inflateEnd(&m_stream);
    }
    GunzipSource(const GunzipSource &) = delete;
    GunzipSource &operator=(const GunzipSource &) = delete;

    Result<qint64> read(char *data, qint64 size) override
    {
        if (!m_ready)
            return makeError(ErrorCode::Internal, QStringLiteral("Not enough memory to unpack %1.").arg(m_name));
        while (!m_done) {
            if (!hasInput()) {
                A360_TRY_ASSIGN(const bool more, refill());
                if (!more && m_betweenMembers) {
                    m_done = true;
                    break;
                }
                if (!more)
                    return truncated("gzip");
            }
            if (m_betweenMembers) {
                A360_TRY(startMember());
                continue;
            }
            A360_TRY_ASSIGN(const qint64 n, inflateSome(data, size));
            if (n > 0)
                return n;
        }
        return qint64{0};
    }

private:
    /// Some writers fill the file up with zeros behind the last member.
    Result<void> startMember()
    {
        if (m_buffer[m_at] == '\0') {
            m_padded = true;
            ++m_at;
            return {};
        }
        if (m_padded || static_cast<unsigned char>(m_buffer[m_at]) != 0x1F)
            return corrupt("gzip", QStringLiteral("Something else follows the compressed data."));
        ::inflateReset(&m_stream);
        m_betweenMembers = false;
        return {};
    }
    Result<qint64> inflateSome(char *data, qint64 size)
    {
        m_stream.next_in = reinterpret_cast<Bytef *>(m_buffer.data() + m_at);
        m_stream.avail_in = static_cast<uInt>(m_filled - m_at);
        m_stream.next_out = reinterpret_cast<Bytef *>(data);
        const auto room = static_cast<uInt>(std::min<qint64>(size, std::numeric_limits<int>::max()));
        m_stream.avail_out = room;
        const int status = ::inflate(&m_stream, Z_NO_FLUSH);
        m_at = m_filled - m_stream.avail_in;
        if (status == Z_STREAM_END)
            m_betweenMembers = true;
        else if (status != Z_OK && status != Z_BUF_ERROR)
            return corrupt("gzip", QString::fromLatin1(m_stream.msg ? m_stream.msg : "unknown"));
        return static_cast<qint64>(room - m_stream.avail_out);
    }

    z_stream m_stream{};
    bool m_ready = false, m_done = false, m_betweenMembers = false, m_padded = false;
};

class UnzstdSource final : public UnpackingSource
{
public:
    UnzstdSource(std::unique_ptr<ByteSource> packed, QString name)
        : UnpackingSource(std::move(packed), std::move(name)), m_stream(::ZSTD_createDStream())
    {
    }
    ~UnzstdSource() override { ::ZSTD_freeDStream(m_stream); }
    UnzstdSource(const UnzstdSource &) = delete;
    UnzstdSource &operator=(const UnzstdSource &) = delete;

    Result<qint64> read(char *data, qint64 size) override
    {
        if (!m_stream)
            return makeError(ErrorCode::Internal, QStringLiteral("Not enough memory to unpack %1.").arg(m_name));
        while (!m_done) {
            // More unpacked bytes may be waiting in the stream, so ask it before reading on.
            ZSTD_outBuffer out{data, static_cast<size_t>(size), 0};
            ZSTD_inBuffer in{m_buffer.data(), m_filled, m_at};
            if (in.pos < in.size || m_flushing) {
                const size_t status = ::ZSTD_decompressStream(m_stream, &out, &in);
                m_at = in.pos;
                if (::ZSTD_isError(status))
                    return unpackError(status);
                m_inFrame = status != 0;
                m_flushing = out.pos == out.size && m_inFrame;
                if (out.pos > 0)
                    return static_cast<qint64>(out.pos);
                continue;
            }
            A360_TRY_ASSIGN(const bool more, refill());
            if (!more && m_inFrame)
                return truncated("zstd");
            m_done = !more;
        }
        return qint64{0};
    }

private:
    Error unpackError(size_t status) const
    {
        const QString detail = QString::fromLatin1(::ZSTD_getErrorName(status));
        if (::ZSTD_getErrorCode(status) == ZSTD_error_frameParameter_windowTooLarge)
            return makeError(ErrorCode::Unsupported,
                             QStringLiteral("%1 was compressed with a window of more than 128 MiB (zstd --long). Compress it "
                                            "again without that option.")
                                 .arg(m_name),
                             {}, detail);
        return corrupt("zstd", detail);
    }

    ZSTD_DStream *m_stream;
    bool m_done = false, m_inFrame = true, m_flushing = false;
};

} // namespace

Packing packingOf(std::string_view firstBytes)
{
    using namespace std::string_view_literals;
    if (firstBytes.starts_with("\x1F\x8B"sv))
        return Packing::Gzip;
    if (firstBytes.starts_with("\x28\xB5\x2F\xFD"sv))
        return Packing::Zstd;
    // A skippable frame, as some writers put one in front.
    if (firstBytes.size() >= 4 && (static_cast<unsigned char>(firstBytes[0]) & 0xF0u) == 0x50u &&
        firstBytes.substr(1, 3) == "\x2A\x4D\x18"sv)
        return Packing::Zstd;
    return Packing::Plain;
}

std::unique_ptr<ByteSource> gunzipSource(std::unique_ptr<ByteSource> packed, QString name)
{
    return std::make_unique<GunzipSource>(std::move(packed), std::move(name));
}

std::unique_ptr<ByteSource> unzstdSource(std::unique_ptr<ByteSource> packed, QString name)
{
    return std::make_unique<UnzstdSource>(std::move(packed), std::move(name));
}

} // namespace a360::transfer

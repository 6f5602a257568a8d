// SPDX-License-Identifier: GPL-3.0-or-later
#include "compression.h"

#include <zlib.h>

namespace a360::rest {

namespace {

constexpr int kGzipWindow = 15 + 16; // 32 KiB window, gzip frame

QByteArray gzip(const QByteArray &plain)
{
    z_stream stream{};
    if (deflateInit2(&stream, 5, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return {};
    QByteArray out(static_cast<qsizetype>(deflateBound(&stream, static_cast<uLong>(plain.size()))),
                   Qt::Uninitialized);
    // zlib's interface takes non-const input but does not write to it.
    stream.next_in = const_cast<Bytef *>(reinterpret_cast<const Bytef *>(plain.constData()));
    stream.avail_in = static_cast<uInt>(plain.size());
    stream.next_out = reinterpret_cast<Bytef *>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    const bool done = deflate(&stream, Z_FINISH) == Z_STREAM_END;
    out.truncate(done ? static_cast<qsizetype>(stream.total_out) : 0);
    deflateEnd(&stream);
    return out;
}

} // namespace

bool acceptsGzip(const HttpRequest &request)
{
    for (const QByteArray &part : headerValue(request.headers, "Accept-Encoding").split(',')) {
        const QByteArrayList pieces = part.split(';');
        const QByteArray coding = pieces.first().trimmed().toLower();
        if (coding != "gzip" && coding != "*")
            continue;
        double quality = 1;
        for (qsizetype i = 1; i < pieces.size(); ++i) {
            const QByteArray parameter = pieces[i].trimmed().toLower();
            if (parameter.startsWith("q="))
                quality = parameter.mid(2).toDouble();
        }
        return quality > 0;
    }
    return false;
}

void compressAnswer(Answer &answer, const HttpRequest &request, qsizetype minimumSize)
{
    if (answer.body.size() < minimumSize || answer.body.isEmpty())
        return;
    answer.headers.push_back({"Vary", "Accept-Encoding"});
    if (!acceptsGzip(request))
        return;
    QByteArray packed = gzip(answer.body);
    if (packed.isEmpty())
        return;
    answer.body = std::move(packed);
    answer.headers.push_back({"Content-Encoding", "gzip"});
}

} // namespace a360::rest

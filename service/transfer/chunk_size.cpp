// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/chunk_size.h"

#include <algorithm>

namespace a360::transfer {

namespace {

struct Kind
{
    qint64 rowBytes; ///< when nothing is known
    qint64 mostRows;
};

Kind kindOf(Format format)
{
    switch (format) {
    case Format::Csv: return {200, 10'000};
    case Format::JsonLines: return {500, 5'000};
    case Format::Json: break;
    }
    return {1'000, 1'000};
}

} // namespace

qint64 optimizeChunkSize(Format format, std::optional<qint64> averageRowBytes, qint64 targetBytes)
{
    const Kind kind = kindOf(format);
    const qint64 given = averageRowBytes.value_or(kind.rowBytes);
    return std::clamp<qint64>(targetBytes / (given > 0 ? given : 1'000), 1, kind.mostRows);
}

} // namespace a360::transfer

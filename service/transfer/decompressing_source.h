// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transfer/byte_source.h"

namespace a360::transfer {

/// What the first bytes of a file say about its packing.
enum class Packing { Plain, Gzip, Zstd };
Packing packingOf(std::string_view firstBytes);

/// Unpacks what `packed` delivers; position, size and digest are those of `packed`. `name` is for messages. After the
/// end of the unpacked data the rest of `packed` has been read too.
std::unique_ptr<ByteSource> gunzipSource(std::unique_ptr<ByteSource> packed, QString name);
std::unique_ptr<ByteSource> unzstdSource(std::unique_ptr<ByteSource> packed, QString name);

} // namespace a360::transfer

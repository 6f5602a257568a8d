// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "http_message.h"

namespace a360::rest {

/// True when the client's Accept-Encoding takes gzip (q=0 refuses it).
bool acceptsGzip(const HttpRequest &request);
/// Compresses the body in place when it is at least `minimumSize` and the client takes gzip; marks the answer as varying.
/// Slow for big bodies: call it on a worker thread.
void compressAnswer(Answer &answer, const HttpRequest &request, qsizetype minimumSize);

} // namespace a360::rest

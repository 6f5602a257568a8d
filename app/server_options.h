// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/settings.h"
#include "rest/api_options.h"

namespace a360::app {

/// "127.0.0.1:8000", "[::1]:8000", "localhost:8000", ":8000" (all addresses); Error{InvalidArgument} names `field`.
Result<void> parseListenAddress(const QString &text, const QString &field, rest::HttpOptions &http);

/// The server's part of the settings. `listen` overrides LISTEN_ADDRESS when it is not empty.
Result<rest::ApiOptions> serverOptions(const Settings &settings, const QString &listen);

} // namespace a360::app

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

namespace a360::rest {

/// The API's description as it is served: resources/openapi.yaml, with the filters of the catalogue put where that file
/// says `# filters of contacts` or `# filters of companies`. Empty when the resource is missing.
QByteArray openApiDocument();

} // namespace a360::rest

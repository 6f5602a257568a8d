// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <QString>

namespace a360::ui {

/// Who can reach a server that listens there.
enum class Reach { ThisComputer, Network };

/// Error{InvalidArgument} when the text is no address: it wants a number, not a name, or "localhost".
Result<Reach> reachOf(const QString &host);

} // namespace a360::ui

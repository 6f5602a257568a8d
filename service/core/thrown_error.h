// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

namespace a360 {

/// Inside a `catch` block: what was thrown as Error{Internal}. `detail` is the type ("std::runtime_error"), `message` says
/// that `what` (for people: "A parallel function") threw, and the exception's own text. For the places that run functions of
/// others: nothing of ours reports an expected failure this way.
Error errorFromException(const QString &what);

} // namespace a360

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancel_token.h"
#include "core/result.h"

#include <QTemporaryFile>

#include <memory>

namespace a360::transfer {

/// Copies all that comes out of a pipe (`descriptor`, called `name` in messages) to a temporary file, which is gone when
/// the returned object is destroyed. Looks at the token every tenth of a second. Errors: Io (a full disk, a broken
/// pipe), Cancelled.
Result<std::unique_ptr<QTemporaryFile>> spoolPipe(int descriptor, const QString &name, const CancelToken &cancel);

/// The text of an errno value, for Error::detail and messages.
QString systemErrorText(int error);

} // namespace a360::transfer

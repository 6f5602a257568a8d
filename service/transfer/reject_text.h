// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transfer/importer.h"

namespace a360::transfer {

// Rejects and warnings as people read them, on every face alike; the files keep the codes.

/// "invalid_email" -> "invalid e-mail", to be counted.
QString reasonWords(const QString &reason);
/// What is wrong: "e-mail 'anna@' has no domain". Long values are shortened.
QString rejectSentence(const Reject &reject);
/// Where and what: "row 17,204, line 17,205, column Email: e-mail 'anna@' has no domain".
QString rejectLine(const Reject &reject);

} // namespace a360::transfer

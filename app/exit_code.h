// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

namespace a360::app {

/// What a process ends with (decision 8).
enum ExitCode : int {
    ExitDone = 0,
    ExitUsage = 2,      ///< wrong usage, unusable input, or an output that cannot be written
    ExitRejects = 3,    ///< more rejects than --max-rejects
    ExitDatabase = 4,
    ExitCancelled = 5,
};

/// Where an error came from, as a missing input file and a missing table are both NotFound.
enum class ErrorOrigin { Usage, Files, Database };

/// The one place where error codes become exit codes.
ExitCode exitCode(const Error &error, ErrorOrigin origin);

} // namespace a360::app

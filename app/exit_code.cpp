// SPDX-License-Identifier: GPL-3.0-or-later
#include "exit_code.h"

namespace a360::app {

ExitCode exitCode(const Error &error, ErrorOrigin origin)
{
    switch (error.code) {
    case ErrorCode::Cancelled: return ExitCancelled;
    case ErrorCode::LimitExceeded: return ExitRejects;
    case ErrorCode::InvalidArgument: return ExitUsage;
    case ErrorCode::Io:
    case ErrorCode::UnusableInput:
    case ErrorCode::NotFound:
    case ErrorCode::PermissionDenied:
    case ErrorCode::Unsupported: return origin == ErrorOrigin::Database ? ExitDatabase : ExitUsage;
    case ErrorCode::Timeout:
    case ErrorCode::Unavailable:
    case ErrorCode::Conflict:
    case ErrorCode::Database:
    case ErrorCode::Internal: break;
    }
    return origin == ErrorOrigin::Usage ? ExitUsage : ExitDatabase;
}

} // namespace a360::app

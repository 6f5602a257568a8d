// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <optional>
#include <utility>
#include <variant>

namespace a360 {

/// The closed set of reasons an operation can fail for. Faces map it once: the command line to exit codes, REST to
/// HTTP status codes, the window to words.
enum class ErrorCode {
    InvalidArgument,  ///< a parameter, filter, cursor or option is wrong; `field` names it
    UnusableInput,    ///< a file or stream cannot be used at all (not text, no data row, no mappable column)
    NotFound,
    PermissionDenied, ///< the database, file system or token does not allow it
    LimitExceeded,    ///< a limit the caller set was passed (for example --max-rejects)
    Timeout,
    Cancelled,
    Unavailable,      ///< the database or a peer cannot be reached, or the link broke; trying again may help
    Conflict,         ///< deadlock, serialization failure, busy lock; trying again may help
    Io,               ///< a file or pipe failed (full disk, read-only target, vanished reader)
    Database,         ///< the database refused a statement, or cannot read or write its own files (full disk)
    Unsupported,
    Internal,
};

/// A failure as a value. `message` is for people: what happened, why, what next; it never holds a secret.
struct Error
{
    ErrorCode code = ErrorCode::Internal;
    QString message;
    QString field;    ///< the parameter, option, column or setting at fault; empty when there is none
    QString detail;   ///< technical detail (SQLSTATE, errno text); may be empty

    /// True when the same call may succeed on a fresh connection (see decision 27 on resuming exports).
    bool isTransient() const { return code == ErrorCode::Unavailable || code == ErrorCode::Conflict; }
};

/// Either a T or an Error. Expected failures never throw; `value()` on an error is a programming mistake.
template <typename T>
class [[nodiscard]] Result
{
public:
    Result(T value) : m_state(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : m_state(std::in_place_index<1>, std::move(error)) {}

    bool ok() const { return m_state.index() == 0; }
    explicit operator bool() const { return ok(); }

    T &value() & { return std::get<0>(m_state); }
    const T &value() const & { return std::get<0>(m_state); }
    T &&value() && { return std::get<0>(std::move(m_state)); }
    T &operator*() & { return value(); }
    const T &operator*() const & { return value(); }
    T *operator->() { return &value(); }
    const T *operator->() const { return &value(); }

    const Error &error() const & { return std::get<1>(m_state); }
    Error &&error() && { return std::get<1>(std::move(m_state)); }

private:
    std::variant<T, Error> m_state;
};

template <>
class [[nodiscard]] Result<void>
{
public:
    Result() = default;
    Result(Error error) : m_error(std::move(error)) {}

    bool ok() const { return !m_error.has_value(); }
    explicit operator bool() const { return ok(); }
    const Error &error() const & { return *m_error; }
    Error &&error() && { return *std::move(m_error); }

private:
    std::optional<Error> m_error;
};

inline Error makeError(ErrorCode code, QString message, QString field = {}, QString detail = {})
{
    return Error{code, std::move(message), std::move(field), std::move(detail)};
}

} // namespace a360

#define A360_CONCAT_INNER(a, b) a##b
#define A360_CONCAT(a, b) A360_CONCAT_INNER(a, b)

/// Leaves the current function with the error of `expression`, if it has one.
#define A360_TRY(expression)                                                                                           \
    do {                                                                                                               \
        if (auto a360TryResult = (expression); !a360TryResult.ok())                                                    \
            return std::move(a360TryResult).error();                                                                   \
    } while (false)

/// `A360_TRY_ASSIGN(auto rows, lease.query(sql));` declares `rows` or leaves with the error.
#define A360_TRY_ASSIGN(declaration, expression)                                                                       \
    auto A360_CONCAT(a360Result, __LINE__) = (expression);                                                             \
    if (!A360_CONCAT(a360Result, __LINE__).ok())                                                                       \
        return std::move(A360_CONCAT(a360Result, __LINE__)).error();                                                   \
    declaration = std::move(A360_CONCAT(a360Result, __LINE__)).value()

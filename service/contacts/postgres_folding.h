// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <string_view>
#include <vector>

namespace a360::contacts {

// How simple case folding (decision 14) is said to a PostgreSQL server, which only has lower(). The two differ: İ lowers
// to i; ſ, ς, µ, ϐ and others fold but do not lower; a database of locale C lowers ASCII only. So a substring is found in
// two steps: ILIKE patterns, which trigram indexes serve and which find at least every match, and an exact recheck. A
// test compares both with our folding for every code point on a real server.

/// What the server's lower() knows in the database's own collation.
enum class ServerLower {
    Unicode,
    AsciiOnly, ///< locale C or POSIX
};

/// What it proves about a text that it matches the pattern of a needle.
enum class PatternProof {
    Nothing,
    UnlessDottedI, ///< the text holds the needle, unless it has an İ, which lower() takes for an i
    All,           ///< the text holds the needle
};

struct PostgresNeedle
{
    QByteArray pattern;                   ///< "%…%", the folded needle, wildcards escaped; it may miss forms of the needle
    PatternProof proof = PatternProof::All; ///< of `ILIKE pattern`
    std::vector<QByteArray> candidates;   ///< ILIKE patterns; each match of the needle matches one of them
    QByteArray wideCandidate;             ///< one ILIKE pattern for all of them, less selective
    bool exact = false;                   ///< the candidate alone decides, no recheck is needed
};

/// `text` as the user wrote it, valid UTF-8.
PostgresNeedle postgresNeedle(std::string_view text, ServerLower lower);
/// `text` with `%`, `_` and `\` escaped for LIKE.
QByteArray likeEscaped(std::string_view text);

/// İ, as an SQL literal.
QByteArray dottedILiteral();

/// An expression that is equal for two texts exactly when their simple case foldings are equal. `collation` names one
/// whose lower() knows Unicode, already quoted, or is empty where the database's own does.
QByteArray postgresFoldExpression(const QByteArray &textExpression, const QByteArray &collation);

} // namespace a360::contacts

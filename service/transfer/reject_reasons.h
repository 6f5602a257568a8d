// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace a360::transfer {

// Why rows are rejected (decision 7), as the files name it.
inline constexpr char kWrongColumnCount[] = "wrong_column_count";
inline constexpr char kInvalidEncoding[] = "invalid_encoding";
inline constexpr char kInvalidEmail[] = "invalid_email";
inline constexpr char kInvalidNumber[] = "invalid_number";
inline constexpr char kInvalidDate[] = "invalid_date";
inline constexpr char kTextTooLong[] = "text_too_long"; // for an index, see contacts/text_limits.h
inline constexpr char kUnterminatedQuote[] = "unterminated_quote";
inline constexpr char kNoValues[] = "no_values";
inline constexpr char kNoIdentity[] = "no_identity";

} // namespace a360::transfer

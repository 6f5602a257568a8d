// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "contacts/text_limits.h"

#include <string_view>

namespace a360::transfer {

/// The limit, in bytes, that a text breaks; 0: none.
int brokenTextLimit(const contacts::TextLimit &limit, std::string_view text);
/// The same for a cell that becomes a list, or for one of its elements.
int brokenListLimit(const contacts::TextLimit &limit, std::string_view cell);

} // namespace a360::transfer

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <string_view>

namespace a360::contacts {

/// Text that FTS5 stores: as it is, or as the JSON text of a list.
enum class FtsContent { Plain, Json };

/// An FTS5 trigram query whose matches hold at least every row that contains `needle` by our folding (decision 15):
/// quoted phrases, all of which must occur. Empty when no part of the needle is long enough, which means: scan.
///
/// FTS5 folds by an older Unicode than we do. Letters it would not find in their other form are left out, and the needle
/// is cut there. In the JSON text of a list, quotes, backslashes and control characters are written differently and cut
/// the needle as well.
QByteArray ftsPhrases(std::string_view needle, FtsContent content);

} // namespace a360::contacts

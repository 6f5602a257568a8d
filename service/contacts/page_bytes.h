// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "contacts/repository.h"

namespace a360::contacts {

/// A page as bytes, for caches; its columns are not in them.
QByteArray encodePage(const Page &page);
/// Nothing when these are no bytes of a page of these columns and this query.
std::optional<Page> decodePage(const QByteArray &bytes, const std::vector<OutputColumn> &columns);

} // namespace a360::contacts

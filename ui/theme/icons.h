// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QIcon>

namespace a360::ui {

/// The icons the window uses, by meaning; from the icon theme (Breeze as the declared fallback), verdicts drawn.
enum class Icon {
    Contacts, Companies, Import, Export, Search, Filter, Columns, Details, Refresh, Database, Success,
    Warning, Error, Information, Theme, Dashboard, Server, Pool, Copy, Keys,
};
/// Follows later changes of the icon theme by itself.
QIcon icon(Icon which);

} // namespace a360::ui

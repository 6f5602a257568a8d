// SPDX-License-Identifier: GPL-3.0-or-later
#include "theme/icons.h"

#include "theme/sign_icon.h"

namespace a360::ui {

namespace {

const char *themeName(Icon which)
{
    switch (which) {
    case Icon::Contacts: return "view-pim-contacts";
    case Icon::Companies: return "view-bank";
    case Icon::Import: return "document-import";
    case Icon::Export: return "document-export";
    case Icon::Search: return "edit-find";
    case Icon::Filter: return "view-filter";
    case Icon::Columns: return "view-table-of-contents-ltr";
    case Icon::Details: return "sidebar-expand-right";
    case Icon::Refresh: return "view-refresh";
    case Icon::Database: return "server-database";
    case Icon::Theme: return "contrast";
    case Icon::Dashboard: return "dashboard-show";
    case Icon::Server: return "network-connect";
    case Icon::Pool: return "speedometer";
    case Icon::Copy: return "edit-copy";
    case Icon::Keys: return "help-keybord-shortcuts";
    case Icon::Success:
    case Icon::Warning:
    case Icon::Error:
    case Icon::Information: break; // drawn
    }
    return "";
}

} // namespace

QIcon icon(Icon which)
{
    switch (which) {
    case Icon::Success: return signIcon(Sign::Done);
    case Icon::Warning: return signIcon(Sign::Warning);
    case Icon::Error: return signIcon(Sign::Failed);
    case Icon::Information: return signIcon(Sign::Note);
    default: return QIcon::fromTheme(QLatin1String(themeName(which)));
    }
}

} // namespace a360::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#include "theme/icons.h"

namespace a360::ui {

namespace {

const char *themeName(Icon which)
{
    switch (which) {
    case Icon::Contacts: return "view-pim-contacts";
    case Icon::Companies: return "view-institution";
    case Icon::Import: return "document-import";
    case Icon::Export: return "document-export";
    case Icon::Search: return "edit-find";
    case Icon::Filter: return "view-filter";
    case Icon::Columns: return "view-table-of-contents-ltr";
    case Icon::Details: return "sidebar-expand-right";
    case Icon::Refresh: return "view-refresh";
    case Icon::Database: return "server-database";
    case Icon::Success: return "emblem-success";
    case Icon::Warning: return "dialog-warning";
    case Icon::Error: return "dialog-error";
    case Icon::Information: return "dialog-information";
    case Icon::Theme: return "contrast";
    case Icon::Dashboard: return "dashboard-show";
    case Icon::Server: return "network-connect";
    case Icon::Pool: return "network-server-database";
    case Icon::Copy: return "edit-copy";
    }
    return "";
}

} // namespace

QIcon icon(Icon which)
{
    return QIcon::fromTheme(QLatin1String(themeName(which)));
}

} // namespace a360::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

#include <limits>
#include <string_view>

namespace a360 {

enum class SettingType { Integer, Decimal, Boolean, Text, Choice, List };

/// What a number counts. Bytes and seconds may be written with a suffix ("1MiB", "5m"); plain numbers always work.
enum class SettingUnit { None, Bytes, Seconds, Minutes, Days, Rows, Entries, Connections, Workers, Tasks, Files };

enum class SettingSecret {
    No,
    Value,       ///< shown as ***
    UrlPassword, ///< a URL: only its password is shown as ***
};

/// One variable of the configuration: a line of the settings table (settings_table.h).
struct SettingSpec
{
    static constexpr double kNone = std::numeric_limits<double>::infinity();

    std::string_view group = {};
    std::string_view name = {};
    SettingType type = SettingType::Text;
    std::string_view standard = {};          ///< default value as text; empty with `optional`: unset
    bool optional = false;              ///< may be unset (also written as "none")
    SettingUnit unit = SettingUnit::None;
    double minimum = -kNone;            ///< of the number; for texts the least number of bytes
    double maximum = kNone;
    std::string_view ceiling = {};           ///< another setting whose value this one may not exceed
    std::string_view choices = {};           ///< "commit|rollback|none"
    SettingSecret secret = SettingSecret::No;
    std::string_view usedSince = {};         ///< version that reads it; empty: accepted and checked, its feature is not here yet
    std::string_view meaning = {};
};

} // namespace a360

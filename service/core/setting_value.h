// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/setting_spec.h"

#include <QStringList>

#include <optional>
#include <variant>

namespace a360 {

/// monostate: unset
using SettingValue = std::variant<std::monostate, qint64, double, bool, QString, QStringList>;

/// Reads a value as the settings table describes it, bounds included (but not its ceiling, which needs another setting).
/// nullopt: not allowed; allowedValues() says what is.
std::optional<SettingValue> parseSettingValue(const SettingSpec &spec, const QString &text);

} // namespace a360

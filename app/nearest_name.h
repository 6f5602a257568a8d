// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

namespace a360::app {

/// The name that a mistyped one was probably meant to be; empty when none is near.
QString nearestName(const QStringList &names, const QString &typed);

} // namespace a360::app

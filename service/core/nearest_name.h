// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

namespace a360 {

/// The name that a mistyped one was probably meant to be, at most three changes and half its letters away; empty when none
/// is near. Names are in lower case. Thread-safe.
QString nearestName(const QStringList &names, const QString &typed);

} // namespace a360

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transfer/importer.h"

namespace a360::app {

/// What a person wants to know after an import: the numbers, which add up, why rows were rejected and where they went.
QString importSummary(const transfer::ImportReport &report, const QString &rejectsPath);

} // namespace a360::app

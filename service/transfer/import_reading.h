// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transfer/import_staging.h"
#include "transfer/rejects_file.h"

namespace a360::transfer {

/// Phase 1 of an import (decision 3): reads the file, parses its chunks on several threads, and in file order fills the
/// staging table and the rejects file. Counts into `report`. More rejects than allowed: Error{LimitExceeded}.
Result<void> readIntoStaging(const ImportRequest &request, const ImportPlan &plan, const CsvFormat &format,
                             ImportStaging &staging, RejectsFile &rejects, ImportReport &report,
                             ProgressCounter &progress, const CancelToken &cancel);

} // namespace a360::transfer

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "metrics/registry.h"
#include "tasks/task_runner.h"

namespace a360 {

/// The background tasks' numbers as metrics `a360_tasks_…`, overall and by function, asked for at each scrape. The runner
/// must outlive the registration.
metrics::Registry::Registration addTaskMetrics(metrics::Registry &registry, const tasks::TaskRunner &runner);

} // namespace a360

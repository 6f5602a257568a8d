// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/progress.h"
#include "db/lease.h"

namespace a360::transfer {

/// Decides whether a load goes faster with the secondary indexes taken down (decision 22), and brings them back.
class LoadIndexes
{
public:
    enum Mode {
        Never,
        WhenEmpty, ///< only on our own schema, with all four data tables empty and enough rows to be worth it
        Always,    ///< --rebuild-indexes
    };
    LoadIndexes(db::Lease &lease, Mode mode) : m_lease(lease), m_mode(mode) {}

    Result<void> dropIfWorthwhile(qint64 rows, bool ownSchema);
    /// Does nothing when nothing was dropped. Not cancellable: what was there before has to come back.
    Result<void> rebuild(ProgressCounter &progress);
    /// Brings the planner's statistics up to date after a load of `rows`; a failure (not our table) is no error.
    void analyze(qint64 rows);

    bool dropped() const { return m_dropped; }

private:
    Result<bool> tablesAreEmpty();

    db::Lease &m_lease;
    const Mode m_mode;
    bool m_dropped = false;
};

} // namespace a360::transfer

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "db/index_claim.h"

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
    LoadIndexes(db::Lease &lease, Mode mode) : m_lease(lease), m_mode(mode), m_claim(lease) {}

    Result<void> dropIfWorthwhile(qint64 rows, bool ownSchema, const CancelToken &cancel);
    /// Does nothing when nothing was dropped. Cancelling ends it within a second, with some of them still down.
    Result<void> rebuild(ProgressCounter &progress, const CancelToken &cancel);
    /// Brings the planner's statistics up to date after a load of `rows`; a failure (not our table) is no error.
    void analyze(qint64 rows, const CancelToken &cancel);

    /// How many are down. From the end of this object on others may bring them back (db::rebuildLeftBehind).
    qint64 down() const { return m_claim.held(); }

private:
    Result<bool> tablesAreEmpty();

    db::Lease &m_lease;
    const Mode m_mode;
    db::IndexClaim m_claim;
};

} // namespace a360::transfer

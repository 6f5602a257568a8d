// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/progress.h"
#include "db/index_maintenance.h"

#include <QByteArrayList>

namespace a360::db {

/// An index that could not be made, and why.
struct IndexFailure
{
    QByteArray name;
    Error error;
};

/// The right to take secondary indexes down around a load, and to bring them back (decision 22). What is down is listed in
/// a360_deferred_indexes; what a claim holds of it others leave alone, until the claim goes or who made it has died (the
/// server process; with SQLite the process). Works on its lease, outside of transactions, in the thread that has it.
class IndexClaim
{
public:
    explicit IndexClaim(Lease &lease) : m_lease(lease) {}
    /// What is still down may from here on be brought back by anyone. Takes a third of a second at most.
    ~IndexClaim();
    IndexClaim(const IndexClaim &) = delete;
    IndexClaim &operator=(const IndexClaim &) = delete;

    /// Takes the secondary indexes of some tables down, their definitions to the list in the same transaction, so that a
    /// crash loses none. False, and nothing changed: the tables are in use and the locks were not to be had within 2 s;
    /// load in place. Whether it is wise (empty tables, --rebuild-indexes, own schema) is the caller's decision.
    Result<bool> drop(const std::vector<QByteArray> &tables, const CancelToken &cancel = {});
    /// Takes over what a load that was cancelled, failed or died has left; of two programs only one gets a piece.
    Result<void> takeOver(const CancelToken &cancel = {});
    /// Makes all it holds but for those named in `later`, each piece in its own transaction, and gives how many. One that
    /// cannot be made keeps no other down: it stays held and is among failed(). Cancelling ends the running piece within a
    /// second, as does a database that is gone or busy end it all; what is missing stays held. `progress` counts indexes.
    Result<qint64> rebuild(ProgressCounter &progress, const CancelToken &cancel = {}, const QByteArrayList &later = {});
    /// What rebuild() could not make.
    const std::vector<IndexFailure> &failed() const { return m_failed; }

    /// How many it holds.
    qint64 held() const { return m_held; }
    /// Which ones, by name. Reads only.
    Result<QByteArrayList> heldNames();

private:
    Result<void> dropOne(const IndexDefinition &definition, const CancelToken &cancel);
    Result<void> rebuildOne(const IndexDefinition &definition, const CancelToken &cancel);
    Result<void> ensureMark();

    Lease &m_lease;
    QByteArray m_mark; ///< in the column owner; made with the first use
    qint64 m_held = 0;
    std::vector<IndexFailure> m_failed;
};

/// The names of what is down, whoever holds it. Reads only.
Result<QByteArrayList> indexesDown(Lease &lease);
/// Whether anything is. Reads only.
Result<bool> anyIndexDown(Lease &lease);

/// IndexClaim::rebuild(), then the statistics of the tables: those of an expression exist only once its index does.
Result<qint64> rebuildAndAnalyze(Lease &lease, IndexClaim &claim, ProgressCounter &progress, const CancelToken &cancel,
                                 const QByteArrayList &later = {});

/// The first of them as an error that names it, and how many more there are; success without any.
Result<void> firstFailure(const std::vector<IndexFailure> &failures);

/// Brings back what a load that was cancelled, failed or died has left; gives how many. Nothing is done, and it is no
/// error, where another program is at it or a load still runs. An error as well when some could not be made; the others
/// are back then.
Result<qint64> rebuildLeftBehind(Lease &lease, const CancelToken &cancel = {});

} // namespace a360::db

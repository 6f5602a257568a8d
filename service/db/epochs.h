// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/registration.h"
#include "core/result.h"
#include "db/lease.h"

#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <shared_mutex>

namespace a360::db {

/// What a write has changed, or a cached page was made of.
enum class DataTables { Contacts = 1, Companies = 2, Both = 3 };

/// The counters of a360_table_epochs (decision 26), and those of writes that this process alone knows of because the
/// table is missing or may not be written.
struct TableEpochs
{
    QByteArray identity; ///< of the database; a word of letters and digits
    qint64 contacts = 0, companies = 0;
    qint64 localContacts = 0, localCompanies = 0;

    /// A word for cache keys: it differs whenever one of `tables` has changed.
    QByteArray word(DataTables tables) const;
    bool operator==(const TableEpochs &) const = default;
};

/// Something has changed: one of the counters has moved.
struct EpochChange
{
    DataTables tables = DataTables::Both;
    bool here = false; ///< committed by this process; otherwise found in the database
};

/// The counters of a database as this process knows them. Thread-safe; owned by the pool.
class EpochBoard final : private Registrar
{
public:
    using Time = std::chrono::steady_clock::time_point;
    /// Runs in the thread that committed or looked, outside the board's lock; short, changes no data.
    using Observer = std::function<void(const EpochChange &)>;
    /// Tells an observer of every change from now on, for the registration's lifetime; its end waits for a call that runs.
    Registration observe(Observer observer);
    struct Known
    {
        TableEpochs epochs;
        Time asOf; ///< no change committed before this moment is missing
    };

    /// Nothing before the first learn().
    std::optional<Known> known() const;
    /// Read from the database by a statement that began at `asOf`.
    void learn(const TableEpochs &epochs, Time asOf);
    /// Committed by this process: from now on known() has it.
    void publish(const TableEpochs &epochs, DataTables changed);
    /// Changed by this process without a counter in the database.
    void publishLocally(DataTables changed);
    /// Something may have happened: known() is of no use until the next learn().
    void expire();

private:
    void endRegistration(quint64 id) override;
    void tell(const EpochChange &change) const;

    mutable std::shared_mutex m_observersMutex; // held shared while they run
    std::map<quint64, Observer> m_observers;
    quint64 m_lastObserver = 0;
    mutable std::mutex m_mutex;
    std::optional<Known> m_known; // guarded by m_mutex, as all below
    std::optional<TableEpochs> m_told; // what the observers know of
    TableEpochs m_published;      // highest of ours; its local counters are the ones that count
    std::optional<Time> m_publishedAt;
};

/// The counters, or nothing when there is no such table or the role may not read it.
Result<std::optional<TableEpochs>> readEpochs(Lease &lease, const CancelToken &cancel = {});

/// Ends a transaction that has changed `changed`: raises the counters as its last statement, commits, and publishes them
/// in this process. Every writer of contacts or companies ends with it. On an error before the commit the transaction is
/// still open; after a failed commit the board is expired, as nobody knows.
Result<void> commitChange(Lease &lease, EpochBoard &board, DataTables changed);

/// The channel that commitChange() notifies on PostgreSQL.
inline constexpr char epochChannel[] = "a360_epochs";

} // namespace a360::db

// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/epochs.h"

#include "db/schema_facts.h"

#include <algorithm>

namespace a360::db {

namespace {

bool has(DataTables tables, DataTables one)
{
    return (int(tables) & int(one)) != 0;
}

TableEpochs fromRow(const RowBatch &row)
{
    const std::string_view identity = row.cell(0, 0).text();
    TableEpochs epochs;
    epochs.identity = QByteArray(identity.data(), static_cast<qsizetype>(identity.size()));
    epochs.contacts = row.cell(0, 1).integer();
    epochs.companies = row.cell(0, 2).integer();
    return epochs;
}

void raiseTo(TableEpochs &epochs, const TableEpochs &other)
{
    if (epochs.identity == other.identity) {
        epochs.contacts = std::max(epochs.contacts, other.contacts);
        epochs.companies = std::max(epochs.companies, other.companies);
    }
}

/// What others have changed between two looks; nothing when the counters are the same.
std::optional<EpochChange> changeBetween(const TableEpochs &before, const TableEpochs &now)
{
    const bool contacts = before.word(DataTables::Contacts) != now.word(DataTables::Contacts);
    const bool companies = before.word(DataTables::Companies) != now.word(DataTables::Companies);
    if (!contacts && !companies)
        return std::nullopt;
    return EpochChange{contacts && companies ? DataTables::Both : contacts ? DataTables::Contacts : DataTables::Companies, false};
}

Result<bool> mayRead(Lease &lease, const QueryOptions &options)
{
    if (lease.dialect() == Dialect::Sqlite)
        return tableExists(lease, "a360_table_epochs");
    const Sql look(Dialect::PostgreSql,
                   "SELECT CASE WHEN has_table_privilege(to_regclass('a360_table_epochs')::oid, 'SELECT') THEN 1 ELSE 0 END");
    A360_TRY_ASSIGN(const qint64 may, lease.queryInteger(look, options));
    return may == 1;
}

/// Whether the counters are there and this role may raise them; on PostgreSQL also sends the hint, which goes out with
/// the commit.
Result<bool> mayRaise(Lease &lease)
{
    if (lease.dialect() == Dialect::Sqlite)
        return tableExists(lease, "a360_table_epochs");
    const Sql look(Dialect::PostgreSql,
                   "SELECT CASE WHEN has_table_privilege(to_regclass('a360_table_epochs')::oid, 'UPDATE') AND "
                   "has_table_privilege(to_regclass('a360_table_epochs')::oid, 'SELECT') THEN 1 ELSE 0 END "
                   "FROM pg_notify('" + QByteArray(epochChannel) + "', '')");
    A360_TRY_ASSIGN(const qint64 may, lease.queryInteger(look));
    return may == 1;
}

Result<std::optional<TableEpochs>> raise(Lease &lease, DataTables changed)
{
    A360_TRY_ASSIGN(const bool may, mayRaise(lease));
    if (!may)
        return std::optional<TableEpochs>();
    QByteArray sets;
    if (has(changed, DataTables::Contacts))
        sets += "contacts = contacts + 1";
    if (has(changed, DataTables::Companies))
        sets += (sets.isEmpty() ? "" : ", ") + QByteArray("companies = companies + 1");
    const Sql update(lease.dialect(), "UPDATE a360_table_epochs SET " + sets + " WHERE id = 1 RETURNING identity, contacts, companies");
    using enum ColumnType;
    A360_TRY_ASSIGN(const RowBatch row, lease.query(update, {Text, Integer, Integer}));
    return row.rowCount() == 1 ? std::optional(fromRow(row)) : std::nullopt;
}

} // namespace

QByteArray TableEpochs::word(DataTables tables) const
{
    QByteArray word = identity;
    const auto add = [&word](char letter, qint64 counter, qint64 local) {
        word += '.' + (letter + QByteArray::number(counter));
        if (local > 0)
            word += 'l' + QByteArray::number(local);
    };
    if (has(tables, DataTables::Contacts))
        add('c', contacts, localContacts);
    if (has(tables, DataTables::Companies))
        add('o', companies, localCompanies);
    return word;
}

std::optional<EpochBoard::Known> EpochBoard::known() const
{
    const std::lock_guard lock(m_mutex);
    return m_known;
}

void EpochBoard::learn(const TableEpochs &epochs, Time asOf)
{
    std::optional<EpochChange> change;
    {
        const std::lock_guard lock(m_mutex);
        if (m_known && m_known->asOf >= asOf)
            return; // an older look that took longer
        m_known = Known{epochs, asOf};
        m_known->epochs.localContacts = m_published.localContacts;
        m_known->epochs.localCompanies = m_published.localCompanies;
        // A statement that began before our commit may not have seen it. One that began later is the truth even if it is
        // lower: then the database was restored.
        if (m_publishedAt && asOf <= *m_publishedAt)
            raiseTo(m_known->epochs, m_published);
        else
            m_published = m_known->epochs;
        if (m_told)
            change = changeBetween(*m_told, m_known->epochs);
        m_told = m_known->epochs;
    }
    if (change)
        tell(*change);
}

void EpochBoard::publish(const TableEpochs &epochs, DataTables changed)
{
    {
        const std::lock_guard lock(m_mutex);
        const qint64 contacts = m_published.localContacts;
        const qint64 companies = m_published.localCompanies;
        if (m_published.identity != epochs.identity)
            m_published = epochs;
        raiseTo(m_published, epochs);
        m_published.localContacts = contacts;
        m_published.localCompanies = companies;
        m_publishedAt = std::chrono::steady_clock::now();
        if (m_known)
            raiseTo(m_known->epochs, m_published);
        if (m_told) {
            const TableEpochs before = *m_told;
            raiseTo(*m_told, m_published);
            // Others may have changed more since the latest look.
            if (const std::optional<EpochChange> all = changeBetween(before, *m_told))
                changed = DataTables(int(changed) | int(all->tables));
        }
    }
    tell({changed, true});
}

void EpochBoard::publishLocally(DataTables changed)
{
    {
        const std::lock_guard lock(m_mutex);
        m_published.localContacts += has(changed, DataTables::Contacts) ? 1 : 0;
        m_published.localCompanies += has(changed, DataTables::Companies) ? 1 : 0;
        for (TableEpochs *known : {m_known ? &m_known->epochs : nullptr, m_told ? &*m_told : nullptr}) {
            if (!known)
                continue;
            known->localContacts = m_published.localContacts;
            known->localCompanies = m_published.localCompanies;
        }
    }
    tell({changed, true});
}

Registration EpochBoard::observe(Observer observer)
{
    const std::unique_lock lock(m_observersMutex);
    const quint64 id = ++m_lastObserver;
    m_observers.emplace(id, std::move(observer));
    return {*this, id};
}

void EpochBoard::endRegistration(quint64 id)
{
    const std::unique_lock lock(m_observersMutex);
    m_observers.erase(id);
}

void EpochBoard::tell(const EpochChange &change) const
{
    const std::shared_lock lock(m_observersMutex);
    for (const auto &[id, observer] : m_observers)
        observer(change);
}

void EpochBoard::expire()
{
    const std::lock_guard lock(m_mutex);
    m_known.reset();
}

Result<std::optional<TableEpochs>> readEpochs(Lease &lease, const CancelToken &cancel)
{
    const QueryOptions options{{}, cancel};
    // Asked first: a refused statement every few hundred milliseconds would fill the server's log.
    A360_TRY_ASSIGN(const bool may, mayRead(lease, options));
    if (!may)
        return std::optional<TableEpochs>();
    const Sql select(lease.dialect(), "SELECT identity, contacts, companies FROM a360_table_epochs WHERE id = 1");
    using enum ColumnType;
    A360_TRY_ASSIGN(const RowBatch row, lease.query(select, {Text, Integer, Integer}, options));
    return row.rowCount() == 1 ? std::optional(fromRow(row)) : std::nullopt;
}

Result<void> commitChange(Lease &lease, EpochBoard &board, DataTables changed)
{
    A360_TRY_ASSIGN(const std::optional<TableEpochs> raised, raise(lease, changed));
    const Result<void> committed = lease.commit();
    if (!committed.ok()) {
        board.expire();
        return committed;
    }
    if (raised)
        board.publish(*raised, changed);
    else
        board.publishLocally(changed);
    return {};
}

} // namespace a360::db

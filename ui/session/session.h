// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "records/record_source.h"
#include "service.h"
#include "session/service_closer.h"

#include <QObject>
#include <QThreadPool>

#include <functional>

namespace a360::ui {

/// The database the window works on. Opens it on worker threads and owns those threads: `interactive` for what a person
/// waits for, `bulk` for imports and exports, so that neither holds up the other. A database is closed behind the window's
/// back once nobody uses it any more, whoever was the last.
class Session : public QObject
{
    Q_OBJECT

public:
    enum class State { Closed, Opening, Open, Failed };

    /// `options`: everything but the database.
    explicit Session(ServiceOptions options, QObject *parent = nullptr);
    /// Cancels what is under way and waits for it; operations end within a second. For databases that are being closed it
    /// waits some seconds at most.
    ~Session() override;

    /// Starts opening; the database before stays in use by operations that already run on it.
    void open(const db::DatabaseUrl &wanted);
    void retry() { open(m_url); }
    /// Opens another database while the one in use goes on. When that has worked it takes its place, as with open();
    /// otherwise nothing has changed, and `done` (in the window's thread) gets the reason: Cancelled after cancelChange() or
    /// when something else was opened meanwhile.
    void change(const db::DatabaseUrl &wanted, std::function<void(const Result<void> &)> done);
    void cancelChange();

    State state() const { return m_state; }
    /// An SQLite path in it is absolute.
    const db::DatabaseUrl &url() const { return m_url; }
    /// Why opening failed.
    const Error &error() const { return m_error; }
    /// Opened without the right to change its schema: browsing and exporting work, importing may not.
    bool isReadOnly() const { return m_readOnly; }
    QStringList notes() const;
    std::shared_ptr<Service> service() const { return m_service; }
    /// nullptr unless open.
    std::shared_ptr<RecordSource> source() const { return m_source; }

    QThreadPool &interactive() { return m_interactive; }
    QThreadPool &bulk() { return m_bulk; }
    /// Closes what this session has opened; outlives it while others still hold such a database.
    std::shared_ptr<ServiceCloser> closer() const { return m_closer; }
    /// Operations cancel themselves on this token when the window goes.
    CancelToken closing() const { return m_closing.token(); }
    /// How many indexes the window can offer to make: what a database of somebody else lacks and this login may add.
    qsizetype missingIndexes() const { return m_missingIndexes; }
    /// After an attempt to make them: looks again, then indexesChanged().
    void recheckIndexes();
    /// After an import: lists read again.
    void announceDataChange() { Q_EMIT dataChanged(); }

Q_SIGNALS:
    void urlChanged(); ///< before the first stateChanged() of another database
    void stateChanged();
    void dataChanged();
    void indexesChanged();

private:
    struct Opened
    {
        std::shared_ptr<Service> service;
        bool readOnly = false;
        qsizetype missingIndexes = 0;
    };
    static Result<Opened> openDatabase(ServiceOptions options, const std::shared_ptr<ServiceCloser> &closer, const CancelToken &cancel);
    ServiceOptions optionsFor(const db::DatabaseUrl &url) const;
    void leaveFor(const db::DatabaseUrl &url);
    void take(Opened opened);
    void setState(State state);

    const ServiceOptions m_options;
    const std::shared_ptr<ServiceCloser> m_closer = ServiceCloser::make();
    db::DatabaseUrl m_url;
    State m_state = State::Closed;
    Error m_error;
    bool m_readOnly = false;
    qsizetype m_missingIndexes = 0;
    CancelSource m_closing, m_opening, m_changing;
    quint64 m_attempt = 0;
    std::shared_ptr<Service> m_service;
    std::shared_ptr<RecordSource> m_source;
    QThreadPool m_interactive, m_bulk; // last: waits for its threads before the rest goes
};

/// Opens the database for a moment, leaves nothing behind, and says in a sentence what is there; for a new file, whether it
/// can be made (session/database_file.h). Blocks.
Result<QString> testConnection(const db::DatabaseUrl &url, const CancelToken &cancel);

} // namespace a360::ui

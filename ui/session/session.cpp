// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/session.h"

#include "db/index_advice.h"
#include "records/cell_text.h"
#include "records/service_record_source.h"
#include "session/database_file.h"
#include "session/database_name.h"
#include "work/run_async.h"

#include <QDir>
#include <QFileInfo>

namespace a360::ui {

namespace {
constexpr int interactiveThreads = 4;
constexpr int bulkThreads = 4;
constexpr std::chrono::seconds testTimeout{10};
constexpr std::chrono::seconds closingLimit{5}; // at the end of the window

/// Nothing is offered when the look fails: the database opens all the same.
qsizetype addableIndexes(Service &service, const CancelToken &cancel)
{
    if (!service.migrationReport().adopted)
        return 0;
    Result<db::Lease> lease = service.pool().lease(db::Lane::Interactive, cancel, "index advice");
    if (!lease.ok())
        return 0;
    const Result<std::vector<db::IndexAdvice>> advice = db::adviseIndexes(*lease);
    if (!advice.ok())
        return 0;
    const Result<QString> obstacle = db::indexObstacle(*lease, *advice);
    return obstacle.ok() && obstacle->isEmpty() ? db::missingIndexCount(*advice) : 0;
}

/// A relative path means the folder of now: the next start may be in another one.
ServiceOptions withAbsolutePath(ServiceOptions options)
{
    options.database = options.database.absolute();
    return options;
}
} // namespace

Session::Session(ServiceOptions options, QObject *parent)
    : QObject(parent), m_options(withAbsolutePath(std::move(options)))
{
    m_interactive.setMaxThreadCount(interactiveThreads);
    m_bulk.setMaxThreadCount(bulkThreads);
}

Session::~Session()
{
    m_closing.cancel();
    m_opening.cancel();
    m_changing.cancel();
    m_interactive.waitForDone();
    m_bulk.waitForDone();
    // What was opened or read at the last moment and nobody takes any more holds databases, too.
    qDeleteAll(findChildren<QFutureWatcherBase *>(QString(), Qt::FindDirectChildrenOnly));
    m_source.reset();
    m_service.reset();
    m_closer->waitForDone(closingLimit);
}

ServiceOptions Session::optionsFor(const db::DatabaseUrl &url) const
{
    ServiceOptions options = m_options;
    // The configured replica is one of the configured database; any other's rows are not there.
    if (!isSameDatabase(url, m_options.database))
        options.replica.reset();
    options.database = url;
    options.migrate = true;
    return options;
}

void Session::open(const db::DatabaseUrl &wanted)
{
    const db::DatabaseUrl url = wanted.absolute();
    cancelChange();
    leaveFor(url);
    runAsync(
        m_interactive, this,
        [options = optionsFor(url), closer = m_closer, token = m_opening.token()] { return openDatabase(options, closer, token); },
        [this, attempt = m_attempt](Result<Opened> result) {
            if (attempt != m_attempt)
                return;
            if (result.ok()) {
                take(std::move(*result));
                return;
            }
            m_error = result.error();
            setState(State::Failed);
        });
}

void Session::change(const db::DatabaseUrl &wanted, std::function<void(const Result<void> &)> done)
{
    const db::DatabaseUrl url = wanted.absolute();
    cancelChange();
    m_changing = CancelSource{};
    runAsync(
        m_interactive, this,
        [options = optionsFor(url), closer = m_closer, token = m_changing.token()] { return openDatabase(options, closer, token); },
        [this, url, token = m_changing.token(), finish = std::move(done)](Result<Opened> result) {
            if (token.isCancelled()) {
                finish(makeError(ErrorCode::Cancelled, QStringLiteral("Cancelled.")));
                return;
            }
            if (!result.ok()) {
                finish(result.error());
                return;
            }
            leaveFor(url);
            take(std::move(*result));
            finish(Result<void>());
        });
}

void Session::cancelChange()
{
    m_changing.cancel();
}

/// The database before is let go; what is on its way to be opened counts no more.
void Session::leaveFor(const db::DatabaseUrl &url)
{
    m_opening.cancel();
    m_opening = CancelSource{};
    ++m_attempt;
    m_source.reset();
    m_service.reset();
    m_url = url;
    m_readOnly = false;
    m_missingIndexes = 0;
    Q_EMIT urlChanged();
    setState(State::Opening);
}

void Session::take(Opened opened)
{
    m_service = std::move(opened.service);
    m_readOnly = opened.readOnly;
    m_missingIndexes = opened.missingIndexes;
    m_source = std::make_shared<ServiceRecordSource>(m_service);
    setState(State::Open);
}

Result<Session::Opened> Session::openDatabase(ServiceOptions options, const std::shared_ptr<ServiceCloser> &closer,
                                               const CancelToken &cancel)
{
    const db::DatabaseUrl &url = options.database;
    if (url.dialect == db::Dialect::Sqlite) {
        A360_TRY(examineDatabaseFile(url.path));
        const QString folder = QFileInfo(url.path).absolutePath();
        if (!QDir().mkpath(folder))
            return makeError(ErrorCode::PermissionDenied, QStringLiteral("The folder %1 cannot be created.").arg(folder));
    }
    Result<std::unique_ptr<Service>> service = Service::open(options, cancel);
    if (service.ok()) {
        const qsizetype missing = addableIndexes(**service, cancel);
        return Opened{closer->keep(std::move(*service)), false, missing};
    }
    if (service.error().code != ErrorCode::PermissionDenied || url.dialect == db::Dialect::Sqlite)
        return service.error();
    // A role that may only read still sees its data.
    const Error refused = service.error();
    options.migrate = false;
    service = Service::open(options, cancel);
    if (!service.ok())
        return refused;
    return Opened{closer->keep(std::move(*service)), true, 0};
}

void Session::recheckIndexes()
{
    if (!m_service)
        return;
    runAsync(
        m_interactive, this,
        [service = m_service, token = m_closing.token()] { return addableIndexes(*service, token); },
        [this, attempt = m_attempt](qsizetype missing) {
            if (attempt != m_attempt)
                return;
            m_missingIndexes = missing;
            Q_EMIT indexesChanged();
        });
}

void Session::setState(State state)
{
    m_state = state;
    Q_EMIT stateChanged();
}

QStringList Session::notes() const
{
    QStringList notes;
    if (m_readOnly)
        notes.append(tr("This login may only read: importing is off."));
    if (m_service)
        notes += m_service->migrationReport().notes;
    return notes;
}

Result<QString> testConnection(const db::DatabaseUrl &url, const CancelToken &cancel)
{
    if (url.dialect == db::Dialect::Sqlite) {
        A360_TRY_ASSIGN(const DatabaseFile file, examineDatabaseFile(url.path));
        if (file == DatabaseFile::NewInNewFolder)
            return QStringLiteral("Neither the file nor its folder %1 exists yet. Both are made when you open it.")
                .arg(QFileInfo(url.path).absolutePath());
        if (file == DatabaseFile::New)
            return QStringLiteral("The file does not exist yet. It is made when you open it.");
    }
    A360_TRY(cancel.check());
    db::PoolSettings settings;
    settings.size = 1;
    settings.maxOverflow = 0;
    settings.timeout = testTimeout;
    settings.readOnly = true;
    db::ConnectionPool pool(url, settings);
    A360_TRY_ASSIGN(db::Lease lease, pool.lease(db::Lane::Interactive, cancel, "connection test"));
    const Result<contacts::SchemaInfo> schema = contacts::SchemaInfo::probe(lease);
    if (!schema.ok()) {
        if (schema.error().code == ErrorCode::NotFound)
            return QStringLiteral("Connected. There are no contacts yet: the tables are made when you open it.");
        return schema.error();
    }
    if (schema->approximateContacts < 0)
        return QStringLiteral("Connected. The contacts and companies tables are there.");
    return QStringLiteral("Connected. About %1 contacts and %2 companies.")
        .arg(QLocale().toString(schema->approximateContacts),
             QLocale().toString(std::max<qint64>(0, schema->approximateCompanies)));
}

} // namespace a360::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/private_postgres.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QTcpServer>
#include <QThread>

#include <libpq-fe.h>

#include <csignal>
#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <unistd.h>

namespace a360::test {

namespace {

constexpr const char *superuser = "a360test";

Error supportError(ErrorCode code, const QString &text)
{
    return makeError(code, QStringLiteral("Private PostgreSQL: %1").arg(text));
}

QString findBinaries()
{
    QStringList candidates{qEnvironmentVariable("A360_PG_BINDIR")};
    const QDir debian(QStringLiteral("/usr/lib/postgresql"));
    QStringList versions = debian.entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    std::sort(versions.begin(), versions.end(), [](const QString &a, const QString &b) { return a.toInt() > b.toInt(); });
    for (const QString &version : std::as_const(versions))
        candidates += debian.filePath(version + QStringLiteral("/bin"));
    QProcess config;
    config.start(QStringLiteral("pg_config"), {QStringLiteral("--bindir")});
    if (config.waitForFinished(5000))
        candidates += QString::fromLocal8Bit(config.readAllStandardOutput()).trimmed();
    for (const QString &candidate : std::as_const(candidates)) {
        if (!candidate.isEmpty() && QFile::exists(candidate + QStringLiteral("/postgres")) &&
            QFile::exists(candidate + QStringLiteral("/initdb")))
            return candidate;
    }
    return {};
}

/// In the child, before exec: PostgreSQL refuses to run as root; and it must not outlive the test.
void becomeServer(uid_t user, gid_t group)
{
    if (user != 0) {
        if (::setgroups(0, nullptr) != 0 || ::setgid(group) != 0 || ::setuid(user) != 0)
            ::_exit(126);
    }
    ::prctl(PR_SET_PDEATHSIG, SIGQUIT); // after setuid, which clears it
}

struct Account
{
    uid_t user = 0; ///< 0: stay who we are
    gid_t group = 0;
};

Result<Account> serverAccount()
{
    if (::geteuid() != 0)
        return Account{};
    const passwd *entry = ::getpwnam("postgres");
    if (!entry)
        return supportError(ErrorCode::Unsupported, QStringLiteral("running as root, and there is no user postgres"));
    return Account{entry->pw_uid, entry->pw_gid};
}

int freePort()
{
    QTcpServer probe;
    return probe.listen(QHostAddress::LocalHost) ? probe.serverPort() : 0;
}

using Connection = std::unique_ptr<PGconn, decltype(&PQfinish)>;

Connection connectTo(int port, const QByteArray &database)
{
    const QByteArray text = "host=127.0.0.1 port=" + QByteArray::number(port) + " user=" + superuser +
                            " dbname=" + database + " connect_timeout=5";
    return Connection(PQconnectdb(text.constData()), &PQfinish);
}

} // namespace

Result<std::unique_ptr<PrivatePostgres>> PrivatePostgres::start()
{
    return startAs(nullptr);
}

Result<std::unique_ptr<PrivatePostgres>> PrivatePostgres::startStandby(const PrivatePostgres &primary)
{
    return startAs(&primary);
}

Result<std::unique_ptr<PrivatePostgres>> PrivatePostgres::startAs(const PrivatePostgres *primary)
{
    std::unique_ptr<PrivatePostgres> server(new PrivatePostgres);
    server->m_binaries = findBinaries();
    if (server->m_binaries.isEmpty())
        return supportError(ErrorCode::Unsupported, QStringLiteral("no server binaries found (package postgresql)"));
    if (!server->m_folder.isValid())
        return supportError(ErrorCode::Io, server->m_folder.errorString());
    A360_TRY(primary ? server->copyFrom(*primary) : server->initialise());
    for (int attempt = 0; attempt < 3; ++attempt) { // somebody else may take the port in between
        server->m_port = freePort();
        const Result<void> launched = server->launch();
        if (launched.ok())
            return server;
        if (attempt == 2)
            return launched.error();
    }
    return supportError(ErrorCode::Io, QStringLiteral("no free port"));
}

PrivatePostgres::~PrivatePostgres()
{
    static_cast<void>(stop());
}

/// Runs one of the server's programs in the folder, as the server's user.
Result<void> PrivatePostgres::runProgram(const QString &name, const QStringList &arguments)
{
    A360_TRY_ASSIGN(const Account account, serverAccount());
    const QByteArray folder = QFile::encodeName(m_folder.path());
    if (account.user != 0 && ::chown(folder.constData(), account.user, account.group) != 0)
        return supportError(ErrorCode::Io, QStringLiteral("cannot hand over the folder %1").arg(m_folder.path()));
    QProcess program;
    program.setProcessChannelMode(QProcess::MergedChannels);
    program.setWorkingDirectory(m_folder.path());
    program.setChildProcessModifier([account] { becomeServer(account.user, account.group); });
    program.start(m_binaries + QLatin1Char('/') + name, arguments);
    if (!program.waitForFinished(120'000) || program.exitCode() != 0)
        return supportError(ErrorCode::Io, QString::fromLocal8Bit(program.readAll()));
    return {};
}

Result<void> PrivatePostgres::copyFrom(const PrivatePostgres &primary)
{
    return runProgram(QStringLiteral("pg_basebackup"),
                      {QStringLiteral("-D"), m_folder.filePath(QStringLiteral("data")), QStringLiteral("-h"),
                       QStringLiteral("127.0.0.1"), QStringLiteral("-p"), QString::number(primary.m_port), QStringLiteral("-U"),
                       QString::fromLatin1(superuser), QStringLiteral("--write-recovery-conf"),
                       QStringLiteral("--checkpoint=fast"), QStringLiteral("--no-sync")});
}

Result<void> PrivatePostgres::initialise()
{
    A360_TRY(runProgram(QStringLiteral("initdb"),
                        {QStringLiteral("-D"), m_folder.filePath(QStringLiteral("data")), QStringLiteral("-U"),
                         QString::fromLatin1(superuser), QStringLiteral("--encoding=UTF8"), QStringLiteral("--locale=C.UTF-8"),
                         QStringLiteral("--auth=trust"), QStringLiteral("--no-sync"), QStringLiteral("--no-instructions")}));
    QFile rules(m_folder.filePath(QStringLiteral("data/pg_hba.conf")));
    if (!rules.open(QIODevice::WriteOnly | QIODevice::Truncate))
        return supportError(ErrorCode::Io, rules.errorString());
    rules.write("host all pw_login 127.0.0.1/32 scram-sha-256\n"
                "host all all 127.0.0.1/32 trust\n"
                "host replication all 127.0.0.1/32 trust\n"
                "local all all trust\n");
    return {};
}

Result<void> PrivatePostgres::launch()
{
    A360_TRY_ASSIGN(const Account account, serverAccount());
    m_server.setProcessChannelMode(QProcess::MergedChannels);
    m_server.setStandardOutputFile(m_folder.filePath(QStringLiteral("server.log")), QIODevice::Append);
    m_server.setWorkingDirectory(m_folder.path());
    m_server.setChildProcessModifier([account] { becomeServer(account.user, account.group); });
    QStringList arguments{QStringLiteral("-D"), m_folder.filePath(QStringLiteral("data")), QStringLiteral("-p"),
                          QString::number(m_port), QStringLiteral("-k"), m_folder.path()};
    for (const char *setting : {"listen_addresses=127.0.0.1", "fsync=off", "synchronous_commit=off", "full_page_writes=off",
                                "max_connections=100", "shared_buffers=64MB", "max_wal_size=512MB", "autovacuum=off",
                                "log_min_messages=warning"})
        arguments << QStringLiteral("-c") << QString::fromLatin1(setting);
    m_server.start(m_binaries + QStringLiteral("/postgres"), arguments);
    if (!m_server.waitForStarted(10'000))
        return supportError(ErrorCode::Io, m_server.errorString());
    QElapsedTimer timer;
    timer.start();
    while (timer.elapsed() < 60'000) {
        const Connection connection = connectTo(m_port, "postgres");
        if (PQstatus(connection.get()) == CONNECTION_OK)
            return {};
        if (m_server.waitForFinished(50)) { // ended at once: the port was taken, or worse
            QFile log(m_folder.filePath(QStringLiteral("server.log")));
            static_cast<void>(log.open(QIODevice::ReadOnly));
            return supportError(ErrorCode::Io, QString::fromLocal8Bit(log.readAll()));
        }
    }
    return supportError(ErrorCode::Timeout, QStringLiteral("the server does not come up"));
}

Result<void> PrivatePostgres::stop()
{
    if (m_server.state() == QProcess::NotRunning)
        return {};
    ::kill(static_cast<pid_t>(m_server.processId()), SIGINT); // fast shutdown: open sessions are ended
    if (!m_server.waitForFinished(20'000)) {
        ::kill(static_cast<pid_t>(m_server.processId()), SIGQUIT);
        if (!m_server.waitForFinished(10'000))
            return supportError(ErrorCode::Timeout, QStringLiteral("the server does not stop"));
    }
    return {};
}

Result<void> PrivatePostgres::startAgain()
{
    return launch();
}

Result<db::DatabaseUrl> PrivatePostgres::createDatabase()
{
    db::DatabaseUrl url;
    url.dialect = db::Dialect::PostgreSql;
    url.host = QStringLiteral("127.0.0.1");
    url.port = m_port;
    url.user = QString::fromLatin1(superuser);
    url.name = QStringLiteral("postgres");
    const QString name = QStringLiteral("test_%1").arg(++m_databases);
    A360_TRY(run(url, "CREATE DATABASE " + name.toLatin1()));
    url.name = name;
    return url;
}

Result<void> PrivatePostgres::run(const db::DatabaseUrl &url, const QByteArray &sql)
{
    A360_TRY(ask(url, sql));
    return {};
}

Result<QByteArray> PrivatePostgres::ask(const db::DatabaseUrl &url, const QByteArray &sql)
{
    const Connection connection = connectTo(m_port, url.name.toUtf8());
    if (PQstatus(connection.get()) != CONNECTION_OK)
        return supportError(ErrorCode::Unavailable, QString::fromUtf8(PQerrorMessage(connection.get())));
    PQsetNoticeProcessor(connection.get(), [](void *, const char *) {}, nullptr);
    const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQexec(connection.get(), sql.constData()), &PQclear);
    const ExecStatusType status = PQresultStatus(result.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        return supportError(ErrorCode::Database, QString::fromUtf8(PQresultErrorMessage(result.get())));
    QByteArray rows;
    for (int row = 0; row < PQntuples(result.get()); ++row) {
        for (int column = 0; column < PQnfields(result.get()); ++column) {
            if (column > 0)
                rows += '|';
            rows += PQgetvalue(result.get(), row, column);
        }
        rows += '\n';
    }
    return rows;
}

} // namespace a360::test

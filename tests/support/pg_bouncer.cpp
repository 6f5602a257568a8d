// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/pg_bouncer.h"

#include <QElapsedTimer>
#include <QFile>
#include <QTcpServer>
#include <QTcpSocket>

#include <grp.h>
#include <pwd.h>
#include <unistd.h>

namespace a360::test {

Result<std::unique_ptr<PgBouncer>> PgBouncer::start(const db::DatabaseUrl &server, int poolSize)
{
    std::unique_ptr<PgBouncer> bouncer(new PgBouncer);
    QTcpServer probe;
    probe.listen(QHostAddress::LocalHost);
    const quint16 port = probe.serverPort();
    probe.close();
    QFile config(bouncer->m_folder.filePath(QStringLiteral("pgbouncer.ini")));
    if (!config.open(QIODevice::WriteOnly))
        return makeError(ErrorCode::Io, config.errorString());
    config.write(QStringLiteral("[databases]\n* = host=%1 port=%2\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = %3\n"
                                "unix_socket_dir =\nauth_type = any\npool_mode = transaction\ndefault_pool_size = %4\n"
                                "max_client_conn = 200\nserver_reset_query =\n")
                     .arg(server.host).arg(server.port).arg(port).arg(poolSize)
                     .replace(QStringLiteral("* = "), QStringLiteral("* = user=%1 ").arg(server.user))
                     .toUtf8());
    config.close();
    // It refuses to run as root; the file is no secret.
    const passwd *account = ::geteuid() == 0 ? ::getpwnam("postgres") : nullptr;
    if (account) {
        if (::chown(QFile::encodeName(bouncer->m_folder.path()).constData(), account->pw_uid, account->pw_gid) != 0
            || ::chown(QFile::encodeName(config.fileName()).constData(), account->pw_uid, account->pw_gid) != 0)
            return makeError(ErrorCode::Io, QStringLiteral("cannot hand over PgBouncer's folder"));
        bouncer->m_process.setChildProcessModifier([user = account->pw_uid, group = account->pw_gid] {
            if (::setgroups(0, nullptr) != 0 || ::setgid(group) != 0 || ::setuid(user) != 0)
                ::_exit(126);
        });
    }
    bouncer->m_process.setProcessChannelMode(QProcess::MergedChannels);
    const QString program = QFile::exists(QStringLiteral("/usr/sbin/pgbouncer")) ? QStringLiteral("/usr/sbin/pgbouncer")
                                                                                 : QStringLiteral("pgbouncer");
    bouncer->m_process.start(program, {config.fileName()});
    if (!bouncer->m_process.waitForStarted(5000))
        return makeError(ErrorCode::Unsupported, QStringLiteral("pgbouncer does not start (package pgbouncer)"));
    QElapsedTimer timer;
    timer.start();
    for (;;) {
        QTcpSocket socket;
        socket.connectToHost(QStringLiteral("127.0.0.1"), port);
        if (socket.waitForConnected(200))
            break;
        if (timer.elapsed() > 10'000 || bouncer->m_process.waitForFinished(20))
            return makeError(ErrorCode::Io, QString::fromUtf8(bouncer->m_process.readAll()));
    }
    bouncer->m_url = server;
    bouncer->m_url.port = port;
    return bouncer;
}

PgBouncer::~PgBouncer()
{
    m_process.terminate(); // at once: clients are dropped
    if (!m_process.waitForFinished(5000)) {
        m_process.kill();
        m_process.waitForFinished(5000);
    }
}

} // namespace a360::test

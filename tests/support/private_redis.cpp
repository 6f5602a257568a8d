// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/private_redis.h"

#include <QElapsedTimer>
#include <QFile>
#include <QStandardPaths>
#include <QTcpServer>
#include <QUrl>

#include <csignal>
#include <sys/prctl.h>

namespace a360::test {

namespace {

Error supportError(ErrorCode code, const QString &text)
{
    return makeError(code, QStringLiteral("Private Redis: %1").arg(text));
}

int freePort()
{
    QTcpServer probe;
    return probe.listen(QHostAddress::LocalHost) ? probe.serverPort() : 0;
}

Result<QByteArray> runProgram(const QString &program, const QStringList &arguments, const QString &folder)
{
    QProcess process;
    process.setWorkingDirectory(folder);
    process.start(program, arguments);
    if (!process.waitForFinished(30'000) || process.exitStatus() != QProcess::NormalExit || process.exitCode() != 0)
        return supportError(ErrorCode::Io, program + QStringLiteral(": ") + process.errorString() +
                                               QString::fromLocal8Bit(process.readAllStandardError()));
    return process.readAllStandardOutput();
}

} // namespace

Result<std::unique_ptr<PrivateRedis>> PrivateRedis::start(PrivateRedisOptions options)
{
    if (QStandardPaths::findExecutable(QStringLiteral("redis-server")).isEmpty())
        return supportError(ErrorCode::Unsupported, QStringLiteral("there is no redis-server (package redis-server)"));
    std::unique_ptr<PrivateRedis> server(new PrivateRedis(std::move(options)));
    if (!server->m_folder.isValid())
        return supportError(ErrorCode::Io, server->m_folder.errorString());
    if (server->m_options.tls)
        A360_TRY(server->makeCertificates());
    Result<void> launched;
    for (int attempt = 0; attempt < 3; ++attempt) { // somebody else may take the port in between
        server->m_port = freePort();
        launched = server->launch();
        if (launched.ok())
            return server;
    }
    return launched.error();
}

PrivateRedis::~PrivateRedis()
{
    static_cast<void>(stop());
}

Result<void> PrivateRedis::makeCertificates()
{
    const QStringList key{QStringLiteral("req"), QStringLiteral("-x509"), QStringLiteral("-newkey"), QStringLiteral("ec"),
                          QStringLiteral("-pkeyopt"), QStringLiteral("ec_paramgen_curve:P-256"), QStringLiteral("-nodes"),
                          QStringLiteral("-days"), QStringLiteral("2")};
    const auto make = [&](const QString &name, const QStringList &more) {
        return runProgram(QStringLiteral("openssl"),
                          key + QStringList{QStringLiteral("-keyout"), name + QStringLiteral(".key"), QStringLiteral("-out"),
                                            name + QStringLiteral(".pem")} + more, m_folder.path());
    };
    A360_TRY(make(QStringLiteral("ca"), {QStringLiteral("-subj"), QStringLiteral("/CN=test authority")}));
    A360_TRY(make(QStringLiteral("wrong-ca"), {QStringLiteral("-subj"), QStringLiteral("/CN=another authority")}));
    A360_TRY(make(QStringLiteral("server"),
                  {QStringLiteral("-subj"), QStringLiteral("/CN=redis"), QStringLiteral("-CA"), QStringLiteral("ca.pem"),
                   QStringLiteral("-CAkey"), QStringLiteral("ca.key"), QStringLiteral("-addext"),
                   QStringLiteral("subjectAltName=IP:127.0.0.1,DNS:localhost"), QStringLiteral("-addext"),
                   QStringLiteral("basicConstraints=critical,CA:FALSE")}));
    return {};
}

Result<void> PrivateRedis::launch()
{
    const QString port = QString::number(m_port);
    QStringList arguments{QStringLiteral("--bind"), QStringLiteral("127.0.0.1"), QStringLiteral("--save"), QString(),
                          QStringLiteral("--appendonly"), QStringLiteral("no"), QStringLiteral("--dir"), m_folder.path(),
                          QStringLiteral("--unixsocket"), socketPath()};
    if (m_options.tls)
        arguments << QStringLiteral("--port") << QStringLiteral("0") << QStringLiteral("--tls-port") << port
                  << QStringLiteral("--tls-cert-file") << QStringLiteral("server.pem") << QStringLiteral("--tls-key-file")
                  << QStringLiteral("server.key") << QStringLiteral("--tls-ca-cert-file") << QStringLiteral("ca.pem")
                  << QStringLiteral("--tls-auth-clients") << QStringLiteral("no");
    else
        arguments << QStringLiteral("--port") << port;
    if (!m_options.password.isEmpty())
        arguments << QStringLiteral("--requirepass") << m_options.password;
    m_server.setProcessChannelMode(QProcess::MergedChannels);
    m_server.setStandardOutputFile(m_folder.filePath(QStringLiteral("server.log")), QIODevice::Append);
    m_server.setWorkingDirectory(m_folder.path());
    m_server.setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGKILL); });
    m_server.start(QStringLiteral("redis-server"), arguments + m_options.arguments);
    QElapsedTimer timer;
    timer.start();
    while (timer.elapsed() < 20'000) {
        if (const Result<QByteArray> pong = ask({"PING"}); pong.ok() && pong.value() == "PONG")
            return {};
        if (m_server.waitForFinished(20)) { // ended at once: the port was taken, or worse
            QFile log(m_folder.filePath(QStringLiteral("server.log")));
            static_cast<void>(log.open(QIODevice::ReadOnly));
            return supportError(ErrorCode::Io, QString::fromLocal8Bit(log.readAll()));
        }
    }
    return supportError(ErrorCode::Timeout, QStringLiteral("the server does not come up"));
}

QString PrivateRedis::url() const
{
    QString text = m_options.tls ? QStringLiteral("rediss://") : QStringLiteral("redis://");
    if (!m_options.password.isEmpty())
        text += u':' + QString::fromLatin1(QUrl::toPercentEncoding(m_options.password)) + u'@';
    text += QStringLiteral("127.0.0.1:%1/0").arg(m_port);
    return m_options.tls ? text + QStringLiteral("?ssl_ca_certs=") + authority() : text;
}

Result<void> PrivateRedis::stop()
{
    if (m_server.state() == QProcess::NotRunning)
        return {};
    resume();
    m_server.terminate();
    if (m_server.waitForFinished(10'000))
        return {};
    m_server.kill();
    return m_server.waitForFinished(10'000) ? Result<void>() : supportError(ErrorCode::Timeout, QStringLiteral("it does not stop"));
}

Result<void> PrivateRedis::startAgain()
{
    return launch();
}

void PrivateRedis::pause()
{
    ::kill(static_cast<pid_t>(m_server.processId()), SIGSTOP);
}

void PrivateRedis::resume()
{
    ::kill(static_cast<pid_t>(m_server.processId()), SIGCONT);
}

Result<QByteArray> PrivateRedis::ask(const QByteArrayList &command) const
{
    QStringList arguments{QStringLiteral("-s"), socketPath()};
    if (!m_options.password.isEmpty())
        arguments << QStringLiteral("--no-auth-warning") << QStringLiteral("-a") << m_options.password;
    for (const QByteArray &word : command)
        arguments << QString::fromUtf8(word);
    A360_TRY_ASSIGN(const QByteArray printed, runProgram(QStringLiteral("redis-cli"), arguments, m_folder.path()));
    return printed.endsWith('\n') ? printed.chopped(1) : printed;
}

} // namespace a360::test

// SPDX-License-Identifier: GPL-3.0-or-later
#include "commands.h"

#include "opener.h"
#include "server_options.h"

#include "rest/api_server.h"

#include <QCoreApplication>

namespace a360::app {

namespace {

QString shownAddress(const rest::HttpOptions &http, quint16 port)
{
    QString host = http.address.toString();
    if (http.address == QHostAddress(QHostAddress::Any))
        host = QStringLiteral("0.0.0.0");
    if (host.contains(QLatin1Char(':')))
        host = QLatin1Char('[') + host + QLatin1Char(']');
    return QStringLiteral("http://%1:%2").arg(host).arg(port);
}

/// Runs until a signal comes; stops gracefully.
int serve(Opener &opener, const rest::ApiOptions &options)
{
    Console &console = opener.console();
    rest::ApiServer server;
    const Result<quint16> port = server.start(options, opener.service());
    if (!port)
        return console.fail(port.error(), ErrorOrigin::Usage);
    console.note(QStringLiteral("Serving %1 on %2 (Ctrl+C stops). `a360 token create --role admin` makes a token.")
                     .arg(opener.service().pool().url().display(), shownAddress(options.http, *port)));
    // The callback runs in the signal's thread; the event loop is left in its own.
    const auto registration = opener.cancel().onCancel([] {
        QMetaObject::invokeMethod(QCoreApplication::instance(), &QCoreApplication::quit, Qt::QueuedConnection);
    });
    QCoreApplication::exec();
    console.note(QStringLiteral("Stopping; running answers may end."));
    const auto drain = std::chrono::duration<double>(opener.settings().decimal("BACKGROUND_TASK_TIMEOUT"));
    server.stop(std::chrono::duration_cast<std::chrono::milliseconds>(drain));
    return ExitDone;
}

} // namespace

int runServeCommand(const QStringList &arguments)
{
    CommandLine line({QStringLiteral("serve"), {},
                      QStringLiteral("Serves contacts and companies over HTTP until it is stopped with Ctrl+C or SIGTERM. Requests "
                                     "need a token (`a360 token create`), but for /health."),
                      {QStringLiteral("a360 serve"), QStringLiteral("a360 serve --listen 0.0.0.0:8080"),
                       QStringLiteral("a360 serve --database postgresql://desk@db.example/desk --set MAX_PAGE_SIZE=500")}});
    line.addOption({QStringLiteral("listen")}, QStringLiteral("HOST:PORT"),
                   QStringLiteral("Where to listen; default is LISTEN_ADDRESS, 127.0.0.1:8000. Port 0 takes any free one."));
    if (!line.parse(arguments, 0, 0))
        return line.exitCode();
    Opener opener(line);
    if (!opener.begin())
        return opener.exitCode();
    const Result<rest::ApiOptions> options = serverOptions(opener.settings(), line.value("listen"));
    if (!options)
        return opener.console().fail(options.error(), ErrorOrigin::Usage);
    if (!opener.open(Access::Serve))
        return opener.exitCode();
    return serve(opener, *options);
}

} // namespace a360::app

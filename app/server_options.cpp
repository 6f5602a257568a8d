// SPDX-License-Identifier: GPL-3.0-or-later
#include "server_options.h"

namespace a360::app {

Result<void> parseListenAddress(const QString &text, const QString &field, rest::HttpOptions &http)
{
    const qsizetype colon = text.lastIndexOf(QLatin1Char(':'));
    QString host = text.left(qMax<qsizetype>(colon, 0));
    bool portOk = false;
    const int port = text.mid(colon + 1).toInt(&portOk);
    if (host.startsWith(QLatin1Char('[')) && host.endsWith(QLatin1Char(']')))
        host = host.mid(1, host.size() - 2);
    QHostAddress address;
    bool hostOk = true;
    if (host.isEmpty() || host == QLatin1String("*"))
        address = QHostAddress(QHostAddress::Any);
    else if (host == QLatin1String("localhost"))
        address = QHostAddress(QHostAddress::LocalHost);
    else
        hostOk = address.setAddress(host);
    if (colon < 0 || !portOk || port < 0 || port > 65535 || !hostOk) {
        return makeError(ErrorCode::InvalidArgument,
                         QStringLiteral("%1 is '%2'; allowed: an address and a port, such as 127.0.0.1:8000, [::1]:8000 or :8000.")
                             .arg(field, text), field);
    }
    http.address = address;
    http.port = static_cast<quint16>(port);
    return {};
}

Result<rest::ApiOptions> serverOptions(const Settings &settings, const QString &listen)
{
    rest::ApiOptions options;
    A360_TRY(listen.isEmpty()
                 ? parseListenAddress(settings.text("LISTEN_ADDRESS"), QStringLiteral("LISTEN_ADDRESS"), options.http)
                 : parseListenAddress(listen, QStringLiteral("--listen"), options.http));
    options.http.allowedOrigins = settings.list("ALLOWED_ORIGINS");
    options.http.trustedHosts = settings.list("TRUSTED_HOSTS");
    // The default list knows this machine only; who listens beyond it has other names, which only its owner knows.
    constexpr SettingKey<SettingType::List> hosts("TRUSTED_HOSTS");
    if (settings.source(hosts) == SettingSource::Default && !options.http.address.isLoopback())
        options.http.trustedHosts.clear();
    options.http.compress = settings.flag("ENABLE_RESPONSE_COMPRESSION");
    options.http.compressionMinSize = settings.integer("COMPRESSION_MIN_SIZE");
    options.pages.standard = settings.integer("DEFAULT_PAGE_SIZE");
    options.pages.most = settings.integer("MAX_PAGE_SIZE");
    options.streamingEnabled = settings.flag("ENABLE_STREAMING_QUERIES");
    options.http.streamChunk = settings.integer("STREAMING_CHUNK_SIZE");
    options.approximateCounts = settings.flag("USE_APPROXIMATE_COUNTS");
    options.maxStreamingResults = settings.optionalInteger("MAX_STREAMING_RESULTS");
    if (settings.flag("ENABLE_CACHE_WARMING"))
        options.warming = settings.list("CACHE_WARMING_QUERIES");
    options.debug = settings.flag("DEBUG");
    options.metricsPublic = settings.flag("METRICS_PUBLIC");
    options.environment = settings.text("ENVIRONMENT");
    options.projectName = settings.text("PROJECT_NAME");
    options.version = settings.text("VERSION");
    return options;
}

} // namespace a360::app

// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/address_words.h"

#include <QUrl>

#include <algorithm>

namespace a360::ui {

Result<Reach> reachOf(const QString &host)
{
    const QString text = host.trimmed();
    if (text == QLatin1String("localhost"))
        return Reach::ThisComputer;
    const QHostAddress address(text);
    if (address.isNull()) {
        return makeError(ErrorCode::InvalidArgument,
                         QStringLiteral("'%1' is no address of this computer. Use 127.0.0.1, 0.0.0.0 for all, or one of its own "
                                        "numeric addresses.").arg(text));
    }
    return address.isLoopback() ? Reach::ThisComputer : Reach::Network;
}

QString clientUrl(const QString &url, const QList<QHostAddress> &own)
{
    QUrl client(url);
    const QHostAddress listening(client.host());
    const bool everyIPv4 = listening == QHostAddress(QHostAddress::AnyIPv4);
    if (!everyIPv4 && listening != QHostAddress(QHostAddress::AnyIPv6))
        return url;
    const auto protocol = everyIPv4 ? QAbstractSocket::IPv4Protocol : QAbstractSocket::IPv6Protocol;
    const auto usable = std::find_if(own.begin(), own.end(), [&](const QHostAddress &address) {
        return address.protocol() == protocol && !address.isLoopback() && !address.isLinkLocal();
    });
    const QHostAddress loopback(everyIPv4 ? QHostAddress::LocalHost : QHostAddress::LocalHostIPv6);
    client.setHost((usable == own.end() ? loopback : *usable).toString());
    return client.toString();
}

} // namespace a360::ui

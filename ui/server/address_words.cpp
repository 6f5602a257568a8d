// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/address_words.h"

#include <QHostAddress>

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

} // namespace a360::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <QHostAddress>
#include <QString>

namespace a360::ui {

/// Who can reach a server that listens there.
enum class Reach { ThisComputer, Network };

/// Error{InvalidArgument} when the text is no address: it wants a number, not a name, or "localhost".
Result<Reach> reachOf(const QString &host);

/// Where a client finds a server that listens at `url`. Mostly that is `url`; of one that listens on every address it is
/// one of this computer's `own` that other computers can use, and without such a one its loopback address.
QString clientUrl(const QString &url, const QList<QHostAddress> &own);

} // namespace a360::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <QByteArrayList>
#include <QDateTime>
#include <QVariantMap>

#include <functional>
#include <map>
#include <mutex>
#include <vector>

namespace a360::cache {

/// Something became untrue (contract §7.2).
struct InvalidationEvent
{
    QByteArray prefix;
    QByteArray pattern;   ///< the glob that was flushed; empty: one key
    QString reason = QStringLiteral("manual");
    QVariantMap metadata;
    QDateTime timestamp;  ///< UTC; filled in when the event is sent
};
/// An error is counted and changes nothing else. Runs in the invalidating thread.
using InvalidationHandler = std::function<Result<void>(const InvalidationEvent &)>;

/// Who wants to know about which prefix. Thread-safe; handlers run without a lock, so they may register others.
class InvalidationHandlers
{
public:
    void add(const QByteArray &prefix, InvalidationHandler handler);
    /// Calls the prefix's handlers in order of registration; gives how many failed.
    qint64 call(const InvalidationEvent &event) const;

private:
    mutable std::mutex m_mutex;
    std::map<QByteArray, std::vector<InvalidationHandler>> m_handlers; // guarded by m_mutex
};

} // namespace a360::cache

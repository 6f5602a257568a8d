// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArrayList>
#include <QString>

#include <chrono>
#include <map>

namespace a360 {

/// When to try again what has failed: after a first pause, then after one twice as long each time, 64 of the first at most.
/// And what of it is news: a cause is, the first time. Of one thread.
class FailureBackoff
{
public:
    using Time = std::chrono::steady_clock::time_point;
    explicit FailureBackoff(std::chrono::milliseconds first) : m_first(first) {}

    /// `name` failed for this reason. True: that is news; the pauses begin anew with it.
    bool failed(const QByteArray &name, const QString &cause, Time now);
    bool isKnown(const QByteArray &name) const { return m_failures.contains(name); }
    /// It failed, and it is too early to try again.
    bool isResting(const QByteArray &name, Time now) const;
    /// It went well.
    void forget(const QByteArray &name) { m_failures.erase(name); }
    /// Forgets all that is not among these.
    void keepOnly(const QByteArrayList &names);
    /// Nothing rests any more; what was told stays known.
    void endRests();

private:
    struct Failure
    {
        QString cause;
        std::chrono::milliseconds pause;
        Time next;
    };
    const std::chrono::milliseconds m_first;
    std::map<QByteArray, Failure> m_failures;
};

} // namespace a360

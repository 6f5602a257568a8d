// SPDX-License-Identifier: GPL-3.0-or-later
#include "failure_backoff.h"

#include <algorithm>

namespace a360 {

namespace {
constexpr int longestPause = 64; // of the first
}

bool FailureBackoff::failed(const QByteArray &name, const QString &cause, Time now)
{
    const auto [it, isNew] = m_failures.try_emplace(name, Failure{cause, m_first, now + m_first});
    Failure &failure = it->second;
    if (isNew)
        return true;
    const bool isNews = failure.cause != cause;
    failure.cause = cause;
    failure.pause = isNews ? m_first : std::min(2 * failure.pause, longestPause * m_first);
    failure.next = now + failure.pause;
    return isNews;
}

bool FailureBackoff::isResting(const QByteArray &name, Time now) const
{
    const auto it = m_failures.find(name);
    return it != m_failures.end() && now < it->second.next;
}

void FailureBackoff::keepOnly(const QByteArrayList &names)
{
    std::erase_if(m_failures, [&](const auto &one) { return !names.contains(one.first); });
}

void FailureBackoff::endRests()
{
    for (auto &[name, failure] : m_failures) {
        failure.pause = m_first;
        failure.next = Time();
    }
}

} // namespace a360

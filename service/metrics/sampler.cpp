// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/sampler.h"

#include "core/logging.h"
#include "core/thrown_error.h"

#include <QDateTime>

#include <utility>

namespace a360::metrics {

Sampler::Sampler(const Registry &registry, std::chrono::milliseconds step)
    : m_registry(registry), m_step(std::max(step, std::chrono::milliseconds(1))), m_thread([this] { run(); })
{
}

Sampler::~Sampler()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stopping = true;
    }
    m_wake.notify_all();
    m_thread.join();
}

void Sampler::run()
{
    QString told;
    auto next = std::chrono::steady_clock::now();
    for (;;) {
        try {
            m_history.append(QDateTime::currentMSecsSinceEpoch(), m_registry.gather());
        } catch (...) { // a collector's: this sample is missing, the next may not be
            const Error error = errorFromException(QStringLiteral("A sample of the metrics"));
            if (std::exchange(told, error.message) != error.message)
                qCWarning(lcCore).noquote() << error.message;
        }
        next += m_step;
        // After a pause of the machine the missed points stay missing, instead of coming all at once.
        next = std::max(next, std::chrono::steady_clock::now());
        std::unique_lock lock(m_mutex);
        if (m_wake.wait_until(lock, next, [this] { return m_stopping; }))
            return;
    }
}

} // namespace a360::metrics

// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/pool_watch.h"

#include "dashboard/pool_card.h"
#include "dashboard/service_parts.h"

#include <QLocale>

namespace a360::ui {

namespace {
constexpr int lookMilliseconds = 2000;
}

PoolWatch::PoolWatch(Session &session, QObject *parent) : QObject(parent), m_session(session)
{
    m_timer.setInterval(lookMilliseconds);
    connect(&m_timer, &QTimer::timeout, this, &PoolWatch::look);
    connect(&m_session, &Session::stateChanged, this, &PoolWatch::look);
    m_timer.start();
}

void PoolWatch::look()
{
    QString text, tip;
    VerdictLabel::Kind kind = VerdictLabel::Kind::Neutral;
    if (m_session.state() == Session::State::Open && m_session.service()) {
        const QLocale locale;
        const PoolPart pool = poolPartOf(*m_session.service());
        kind = healthKind(pool.health);
        text = pool.health == PoolPart::Health::Healthy ? tr("pool ok") : tr("pool %1").arg(healthWord(pool.health).toLower());
        const QString reason = healthReason(pool, locale);
        tip = tr("%1 of %2 connections in use").arg(pool.inUse).arg(pool.size) + (reason.isEmpty() ? QString() : QStringLiteral("; ") + reason)
              + tr("\nClick for the dashboard.");
    }
    if (kind == m_kind && text == m_text && tip == m_tip)
        return;
    m_kind = kind;
    m_text = text;
    m_tip = tip;
    Q_EMIT changed();
}

} // namespace a360::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/pool_card.h"

#include "charts/meter.h"
#include "charts/time_chart.h"
#include "figures/figure_strip.h"
#include "records/cell_text.h"
#include "theme/theme.h"

#include <QVBoxLayout>

namespace a360::ui {

namespace {

enum Figure { InUse, Overflow, Waiting, AverageWait, LongestWait };

// The guide's levels (contract §8).
constexpr double busyPercent = 80;
constexpr double criticalPercent = 95;
constexpr double noticeableWait = 0.1;
constexpr double significantWait = 0.5;
constexpr int leastChartHeight = 176; // its two levels lie close together

ChartModel chartModel()
{
    ChartModel model;
    model.title = PoolCard::tr("Use of the connection pool");
    model.unit = Unit::Percent;
    model.leastTop = 100;
    model.lines = {{PoolCard::tr("in use"), Ink::Accent, Qt::SolidLine, {}}};
    model.thresholds = {{busyPercent, PoolCard::tr("80 % busy"), Ink::Warning},
                        {criticalPercent, PoolCard::tr("95 % critical"), Ink::Bad}};
    model.emptyText = PoolCard::tr("The first minute is being measured");
    return model;
}

const char *waitRole(double seconds)
{
    if (seconds >= significantWait)
        return role::figureBad;
    return seconds > noticeableWait ? role::figureWarning : nullptr;
}

QString poolNote(const PoolPart &pool, const QLocale &locale)
{
    QStringList parts;
    if (pool.recommendedSize > 0) {
        parts.append(pool.recommendedSize == pool.size
                         ? PoolCard::tr("The size fits the measured load")
                         : PoolCard::tr("The measured load asks for a size of %1").arg(locale.toString(pool.recommendedSize)));
    }
    parts.append(PoolCard::tr("%1 checkouts").arg(valueText(static_cast<double>(pool.checkouts), Unit::Count, locale)));
    if (pool.timeouts > 0)
        parts.append(PoolCard::tr("%1 gave up waiting").arg(locale.toString(pool.timeouts)));
    if (pool.invalidated > 0)
        parts.append(PoolCard::tr("%1 connections replaced").arg(locale.toString(pool.invalidated)));
    if (pool.leaks.empty()) {
        parts.append(PoolCard::tr("no leaks"));
        return parts.join(QStringLiteral(" · "));
    }
    QStringList leaks;
    for (const LeakPart &leak : pool.leaks)
        leaks.append(PoolCard::tr("%1 for %2").arg(leak.owner, durationText(leak.seconds)));
    return parts.join(QStringLiteral(" · ")) + QLatin1Char('\n') + PoolCard::tr("Held for long: %1").arg(leaks.join(QStringLiteral(", ")));
}

} // namespace

QString healthWord(PoolPart::Health health)
{
    switch (health) {
    case PoolPart::Health::Degraded:
        return PoolCard::tr("Degraded");
    case PoolPart::Health::Critical:
        return PoolCard::tr("Critical");
    case PoolPart::Health::Healthy:
        break;
    }
    return PoolCard::tr("Healthy");
}

VerdictLabel::Kind healthKind(PoolPart::Health health)
{
    switch (health) {
    case PoolPart::Health::Degraded:
        return VerdictLabel::Kind::Warning;
    case PoolPart::Health::Critical:
        return VerdictLabel::Kind::Bad;
    case PoolPart::Health::Healthy:
        break;
    }
    return VerdictLabel::Kind::Good;
}

QString healthReason(const PoolPart &pool, const QLocale &locale)
{
    const double percent = pool.size > 0 ? 100.0 * pool.inUse / pool.size : 0;
    QStringList reasons;
    if (percent >= busyPercent)
        reasons.append(PoolCard::tr("%1 of the connections are in use").arg(valueText(percent, Unit::Percent, locale)));
    if (pool.overflow > 0)
        reasons.append(PoolCard::tr("%1 more than the pool's size are open").arg(pool.overflow));
    if (pool.averageWait > noticeableWait)
        reasons.append(PoolCard::tr("callers wait %1 on average").arg(valueText(pool.averageWait, Unit::Seconds, locale)));
    return reasons.join(QStringLiteral("; "));
}

PoolCard::PoolCard(QWidget *parent)
    : DashboardCard(tr("Connection pool"), parent),
      m_figures(new FigureStrip({tr("In use"), tr("Overflow"), tr("Waiting"), tr("Average wait"), tr("Longest wait")}, this)),
      m_meter(new Meter(tr("Connections in use"), this)), m_chart(new TimeChart(chartModel(), this))
{
    m_meter->setMarks({{busyPercent / 100, tr("80 %")}, {criticalPercent / 100, tr("95 %")}});
    m_chart->setMinimumHeight(leastChartHeight);
    body()->addWidget(m_figures);
    body()->addWidget(m_meter);
    body()->addWidget(m_chart, 1);
}

void PoolCard::setMinutes(int minutes)
{
    m_chart->setMinutes(minutes);
}

void PoolCard::show(const PoolPart &pool, qint64 now)
{
    const QLocale locale;
    m_figures->setFigure(InUse, tr("%1 of %2").arg(pool.inUse).arg(pool.size), tr("%1 more are open and idle").arg(pool.idle));
    m_figures->setFigure(Overflow, pool.mostOverflow > 0 ? tr("%1 of %2").arg(pool.overflow).arg(pool.mostOverflow)
                                                         : locale.toString(pool.overflow),
                         tr("Connections beyond the pool's size; closed when they are given back"),
                         pool.overflow > 0 ? role::figureWarning : nullptr);
    m_figures->setFigure(Waiting, locale.toString(pool.waiting), tr("Callers waiting for a connection now"),
                         pool.waiting > 0 ? role::figureWarning : nullptr);
    m_figures->setFigure(AverageWait, valueText(pool.averageWait, Unit::Seconds, locale), tr("Over the last 1,000 checkouts, but no longer than a minute back"),
                         waitRole(pool.averageWait));
    m_figures->setFigure(LongestWait, valueText(pool.longestWait, Unit::Seconds, locale), tr("Since the start"));
    const double share = pool.size > 0 ? static_cast<double>(pool.inUse) / pool.size : 0;
    const Ink ink = share >= criticalPercent / 100 ? Ink::Bad : share >= busyPercent / 100 ? Ink::Warning : Ink::Accent;
    m_meter->setShare(share, ink, tr("%1 of %2 in use").arg(pool.inUse).arg(pool.size));
    m_chart->setSamples({pool.usePercent}, now);
    verdict()->setVerdict(healthKind(pool.health), healthWord(pool.health), healthReason(pool, locale));
    setNote(poolNote(pool, locale));
}

} // namespace a360::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dashboard/dashboard_card.h"
#include "dashboard/dashboard_snapshot.h"

namespace a360::ui {

class FigureStrip;
class Meter;
class TimeChart;

/// The verdict in words and why: "Degraded" because "88 % of the connections are in use".
QString healthWord(PoolPart::Health health);
QString healthReason(const PoolPart &pool, const QLocale &locale);
VerdictLabel::Kind healthKind(PoolPart::Health health);

/// The connection pool: use with the levels at which it becomes busy, waiting, and what size the load asks for.
class PoolCard : public DashboardCard
{
    Q_OBJECT

public:
    explicit PoolCard(QWidget *parent = nullptr);
    void show(const PoolPart &pool, qint64 now);
    void setMinutes(int minutes);
    TimeChart *chart() const { return m_chart; }
    FigureStrip *figures() const { return m_figures; }

private:
    FigureStrip *m_figures;
    Meter *m_meter;
    TimeChart *m_chart;
};

} // namespace a360::ui

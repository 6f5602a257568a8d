// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dashboard/dashboard_card.h"
#include "dashboard/dashboard_snapshot.h"

namespace a360::ui {

class FigureStrip;
class FigureTable;
class TimeChart;

/// The query cache: how many reads it saves, over all, and for each prefix in each tier.
class CacheCard : public DashboardCard
{
    Q_OBJECT

public:
    explicit CacheCard(QWidget *parent = nullptr);
    void show(const CachePart &cache, qint64 now);
    void setMinutes(int minutes);
    TimeChart *chart() const { return m_chart; }
    FigureTable *table() const { return m_table; }
    FigureStrip *figures() const { return m_figures; }

private:
    FigureStrip *m_figures;
    TimeChart *m_chart;
    FigureTable *m_table;
};

} // namespace a360::ui

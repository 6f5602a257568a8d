// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dashboard/dashboard_card.h"
#include "dashboard/dashboard_snapshot.h"

class QPlainTextEdit;
class QPushButton;
class QSplitter;

namespace a360::ui {

class FigureTable;

/// Statements that took long; the chosen one with its whole text and its plan.
class QueriesCard : public DashboardCard
{
    Q_OBJECT

public:
    explicit QueriesCard(QWidget *parent = nullptr);
    void show(const QueriesPart &queries, qint64 now);
    FigureTable *table() const { return m_table; }
    /// Statement and plan of the chosen row.
    QString detail() const;

Q_SIGNALS:
    void message(const QString &text);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void showDetail(const QString &key);
    FigureTable *m_table;
    QPlainTextEdit *m_detail;
    QPushButton *m_copy;
    QSplitter *m_splitter;
    std::vector<SlowQueryPart> m_queries;
};

} // namespace a360::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "figures/figure_model.h"

#include <QTableView>

namespace a360::ui {

/// A quiet table of figures, with bars and sparklines in its cells. As high as its rows when asked to be.
class FigureTable : public QTableView
{
    Q_OBJECT

public:
    FigureTable(const QString &name, std::vector<FigureColumn> columns, QWidget *parent = nullptr);

    /// `now`: right edge of the sparklines, milliseconds since 1970 UTC.
    void setRows(std::vector<FigureRow> rows, qint64 now = 0);
    /// The height follows the number of rows, up to `most`; more scroll.
    void setVisibleRows(int least, int most);
    FigureModel *figures() const { return m_model; }
    /// Key of the current row; empty when there is none.
    QString currentKey() const;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void currentKeyChanged(const QString &key);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void shareWidth();
    FigureModel *m_model;
    int m_leastRows = 3, m_mostRows = 8;
    int m_heightRows = -1;
};

} // namespace a360::ui

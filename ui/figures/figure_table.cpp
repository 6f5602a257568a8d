// SPDX-License-Identifier: GPL-3.0-or-later
#include "figures/figure_table.h"

#include "figures/figure_delegate.h"
#include "theme/theme.h"

#include <QHeaderView>

#include <algorithm>

namespace a360::ui {

namespace {
constexpr int leastFlexible = 88;
}

FigureTable::FigureTable(const QString &name, std::vector<FigureColumn> columns, QWidget *parent)
    : QTableView(parent), m_model(new FigureModel(std::move(columns), this))
{
    setModel(m_model);
    setItemDelegate(new FigureDelegate(this));
    setAccessibleName(name);
    setRole(this, role::plain);
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setSelectionMode(QAbstractItemView::SingleSelection);
    setAlternatingRowColors(true);
    setShowGrid(false);
    setWordWrap(false);
    setTabKeyNavigation(false);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAsNeeded);
    verticalHeader()->hide();
    verticalHeader()->setDefaultSectionSize(metrics::rowHeight);
    horizontalHeader()->setFixedHeight(metrics::rowHeight);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setMinimumSectionSize(32);
    connect(selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex &current) { Q_EMIT currentKeyChanged(m_model->keyAt(current.row())); });
    shareWidth();
}

void FigureTable::setRows(std::vector<FigureRow> rows, qint64 now)
{
    static_cast<FigureDelegate *>(itemDelegate())->setNow(now);
    const QString chosen = currentKey();
    m_model->setRows(std::move(rows));
    const int again = m_model->rowOf(chosen);
    if (again >= 0 && currentIndex().row() != again) // the model was told anew
        setCurrentIndex(m_model->index(again, 0));
    if (m_model->rowCount() != m_heightRows) {
        m_heightRows = m_model->rowCount();
        updateGeometry();
    }
}

void FigureTable::setVisibleRows(int least, int most)
{
    m_leastRows = least;
    m_mostRows = most;
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Minimum);
    updateGeometry();
}

QString FigureTable::currentKey() const
{
    return m_model->keyAt(currentIndex().row());
}

QSize FigureTable::sizeHint() const
{
    const int rows = std::clamp(m_model->rowCount(), m_leastRows, m_mostRows);
    return {320, (rows + 1) * metrics::rowHeight + 2 * frameWidth()};
}

QSize FigureTable::minimumSizeHint() const
{
    return {200, sizeHint().height()};
}

void FigureTable::resizeEvent(QResizeEvent *event)
{
    QTableView::resizeEvent(event);
    shareWidth();
}

/// Columns with a width of their own keep it; the others share the rest.
void FigureTable::shareWidth()
{
    int fixed = 0, flexible = 0;
    for (const FigureColumn &column : m_model->columns()) {
        fixed += column.width;
        flexible += column.width == 0 ? 1 : 0;
    }
    const int each = flexible > 0 ? std::max(leastFlexible, (viewport()->width() - fixed) / flexible) : 0;
    for (int i = 0; i < m_model->columnCount(); ++i) {
        const int width = m_model->columns()[static_cast<size_t>(i)].width;
        setColumnWidth(i, width > 0 ? width : each);
    }
}

} // namespace a360::ui

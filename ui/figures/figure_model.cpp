// SPDX-License-Identifier: GPL-3.0-or-later
#include "figures/figure_model.h"

#include <QSet>

#include <algorithm>

namespace a360::ui {

FigureModel::FigureModel(std::vector<FigureColumn> columns, QObject *parent)
    : QAbstractTableModel(parent), m_columns(std::move(columns))
{
}

void FigureModel::setRows(std::vector<FigureRow> rows)
{
    removeMissing(rows);
    if (!insertNew(rows)) { // the rows that stayed have changed their order
        beginResetModel();
        m_rows = std::move(rows);
        endResetModel();
        return;
    }
    m_rows = std::move(rows);
    if (!m_rows.empty())
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
}

void FigureModel::removeMissing(const std::vector<FigureRow> &rows)
{
    QSet<QString> wanted;
    for (const FigureRow &row : rows)
        wanted.insert(row.key);
    for (int i = rowCount() - 1; i >= 0; --i) {
        if (wanted.contains(m_rows[static_cast<size_t>(i)].key))
            continue;
        beginRemoveRows({}, i, i);
        m_rows.erase(m_rows.begin() + i);
        endRemoveRows();
    }
}

/// False when the rows that are there already do not stand in the order of `rows`.
bool FigureModel::insertNew(const std::vector<FigureRow> &rows)
{
    QSet<QString> known;
    for (const FigureRow &row : m_rows)
        known.insert(row.key);
    for (size_t i = 0; i < rows.size(); ++i) {
        if (known.contains(rows[i].key)) {
            if (i >= m_rows.size() || m_rows[i].key != rows[i].key)
                return false;
            continue;
        }
        beginInsertRows({}, static_cast<int>(i), static_cast<int>(i));
        m_rows.insert(m_rows.begin() + static_cast<qsizetype>(i), rows[i]);
        endInsertRows();
    }
    return true;
}

const FigureCell *FigureModel::cellAt(const QModelIndex &index) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return nullptr;
    const std::vector<FigureCell> &cells = m_rows[static_cast<size_t>(index.row())].cells;
    const auto column = static_cast<size_t>(index.column());
    return column < cells.size() ? &cells[column] : nullptr;
}

QString FigureModel::keyAt(int row) const
{
    return row >= 0 && row < rowCount() ? m_rows[static_cast<size_t>(row)].key : QString();
}

int FigureModel::rowOf(const QString &key) const
{
    const auto found = std::find_if(m_rows.begin(), m_rows.end(), [&](const FigureRow &row) { return row.key == key; });
    return found == m_rows.end() ? -1 : static_cast<int>(found - m_rows.begin());
}

int FigureModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int FigureModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_columns.size());
}

QVariant FigureModel::data(const QModelIndex &index, int role) const
{
    const FigureCell *cell = cellAt(index);
    if (!cell)
        return {};
    const bool number = m_columns[static_cast<size_t>(index.column())].number;
    switch (role) {
    case Qt::DisplayRole:
        return cell->text;
    case Qt::ToolTipRole:
        return cell->tip.isEmpty() ? cell->text : cell->tip;
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(Qt::Alignment((number ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter));
    default:
        return {};
    }
}

QVariant FigureModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    const FigureColumn &column = m_columns[static_cast<size_t>(section)];
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(Qt::Alignment((column.number ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter));
    return role == Qt::DisplayRole ? QVariant(column.title) : QVariant();
}

} // namespace a360::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/ink.h"
#include "charts/sample.h"

#include <QAbstractTableModel>
#include <QStringList>

#include <vector>

namespace a360::ui {

/// One cell of a table of figures: words, and, where they help, a bar or a small line beside them.
struct FigureCell
{
    QString text{};
    QString tip{};        ///< the exact value, where `text` is short for it
    double share = -1;    ///< 0 to 1: a bar; negative: none
    Series line{};        ///< a sparkline; empty: none
    Ink ink = Ink::Muted; ///< of bar and line
    bool bad = false;     ///< the words are in the colour of trouble
};

struct FigureRow
{
    QString key; ///< what stays the same while the numbers change; unique in a table
    std::vector<FigureCell> cells;
};

struct FigureColumn
{
    QString title;
    bool number = false; ///< right-aligned
    int width = 0;       ///< 0: takes what is left
};

/// Rows that are told anew every second. Rows keep their place, selection and scroll position by their keys.
class FigureModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    explicit FigureModel(std::vector<FigureColumn> columns, QObject *parent = nullptr);

    void setRows(std::vector<FigureRow> rows);
    const std::vector<FigureColumn> &columns() const { return m_columns; }
    const FigureCell *cellAt(const QModelIndex &index) const;
    QString keyAt(int row) const;
    int rowOf(const QString &key) const; ///< -1 when there is none

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    void removeMissing(const std::vector<FigureRow> &rows);
    bool insertNew(const std::vector<FigureRow> &rows);
    const std::vector<FigureColumn> m_columns;
    std::vector<FigureRow> m_rows;
};

} // namespace a360::ui

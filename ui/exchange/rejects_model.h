// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transfer/importer.h"

#include <QAbstractTableModel>

namespace a360::ui {

/// Rejected rows and values that were left out of rows: where they are, what was wrong.
class RejectsModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Row, Line, ColumnName, Value, Reason, ColumnCount };
    using QAbstractTableModel::QAbstractTableModel;

    /// `dryRun`: the values only would be left out.
    void setRejects(std::vector<transfer::Reject> rejects, std::vector<transfer::Reject> warnings = {}, bool dryRun = false);
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QString sentence(size_t row) const;
    std::vector<transfer::Reject> m_rejects; // the warnings at the end
    size_t m_rejected = 0;
    bool m_dryRun = false;
};

} // namespace a360::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transfer/importer.h"

#include <QAbstractTableModel>

namespace a360::ui {

/// "invalid_email" as people read it: "Invalid e-mail".
QString reasonText(const QString &reason);

/// Rejected rows: where they are, what was wrong.
class RejectsModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Row, Line, ColumnName, Value, Reason, ColumnCount };
    using QAbstractTableModel::QAbstractTableModel;

    void setRejects(std::vector<transfer::Reject> rejects);
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<transfer::Reject> m_rejects;
};

} // namespace a360::ui

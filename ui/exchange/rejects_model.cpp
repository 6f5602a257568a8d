// SPDX-License-Identifier: GPL-3.0-or-later
#include "exchange/rejects_model.h"

#include "transfer/reject_text.h"

#include <QLocale>

namespace a360::ui {

void RejectsModel::setRejects(std::vector<transfer::Reject> rejects, std::vector<transfer::Reject> warnings, bool dryRun)
{
    beginResetModel();
    m_rejects = std::move(rejects);
    m_rejected = m_rejects.size();
    m_dryRun = dryRun;
    m_rejects.insert(m_rejects.end(), std::make_move_iterator(warnings.begin()), std::make_move_iterator(warnings.end()));
    endResetModel();
}

/// "E-mail 'anna@' has no domain"
QString RejectsModel::sentence(size_t row) const
{
    QString text = transfer::rejectSentence(m_rejects[row]);
    text[0] = text[0].toUpper();
    if (row < m_rejected)
        return text;
    return (m_dryRun ? tr("%1; the value would be left out") : tr("%1; the value was left out")).arg(text);
}

int RejectsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rejects.size());
}

int RejectsModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(ColumnCount);
}

QVariant RejectsModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const bool number = index.column() == Row || index.column() == Line;
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(Qt::Alignment((number ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter));
    const transfer::Reject &reject = m_rejects[static_cast<size_t>(index.row())];
    if (role == Qt::ToolTipRole)
        return transfer::rejectLine(reject);
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
    case Row:
        return QLocale().toString(reject.row);
    case Line:
        return QLocale().toString(reject.line);
    case ColumnName:
        return reject.column;
    case Value: // of a whole row, the reason says it
        return reject.column.isEmpty() ? QString() : reject.value;
    default:
        return sentence(static_cast<size_t>(index.row()));
    }
}

QVariant RejectsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(Qt::Alignment((section <= Line ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter));
    if (role != Qt::DisplayRole)
        return {};
    const QString names[] = {tr("Row"), tr("Line"), tr("Column"), tr("Value"), tr("Reason")};
    return section >= 0 && section < ColumnCount ? QVariant(names[section]) : QVariant();
}

} // namespace a360::ui

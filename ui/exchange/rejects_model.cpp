// SPDX-License-Identifier: GPL-3.0-or-later
#include "exchange/rejects_model.h"

#include <QLocale>

namespace a360::ui {

QString reasonText(const QString &reason)
{
    QString text = reason;
    text.replace(QLatin1Char('_'), QLatin1Char(' '));
    text.replace(QLatin1String("email"), QLatin1String("e-mail"));
    if (!text.isEmpty())
        text[0] = text[0].toUpper();
    return text;
}

void RejectsModel::setRejects(std::vector<transfer::Reject> rejects)
{
    beginResetModel();
    m_rejects = std::move(rejects);
    endResetModel();
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
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole)
        return {};
    const transfer::Reject &reject = m_rejects[static_cast<size_t>(index.row())];
    switch (index.column()) {
    case Row:
        return QLocale().toString(reject.row);
    case Line:
        return QLocale().toString(reject.line);
    case ColumnName:
        return reject.column;
    case Value:
        return reject.value;
    default:
        return reasonText(reject.reason);
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

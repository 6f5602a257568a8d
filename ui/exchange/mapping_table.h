// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transfer/importer.h"

#include <QTableWidget>

class QComboBox;

namespace a360::ui {

/// One line per column of the file: its header, an example, and a combo box with where it goes. Columns that want the
/// same target are marked.
class MappingTable : public QTableWidget
{
    Q_OBJECT

public:
    explicit MappingTable(QWidget *parent = nullptr);

    void show(contacts::Entity entity, const transfer::ImportPreview &preview);
    /// What the user chose differently from the proposal: header -> field, empty for "not imported".
    const QMap<QString, QString> &chosen() const { return m_chosen; }
    void forgetChoices() { m_chosen.clear(); }
    QList<QWidget *> boxes() const; ///< from above to below
    QComboBox *boxFor(const QString &header) const;
    int mappedCount() const { return m_mapped; }
    int conflictCount() const { return m_conflicts; }

Q_SIGNALS:
    void choiceChanged();

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    QComboBox *makeBox(contacts::Entity entity, const QStringList &fields, const transfer::ColumnTarget &target);
    QMap<QString, QString> m_chosen;
    QMap<QString, QComboBox *> m_boxes;
    int m_mapped = 0, m_conflicts = 0;
};

} // namespace a360::ui

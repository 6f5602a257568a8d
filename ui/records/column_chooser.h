// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "contacts/field_catalogue.h"

#include <QFrame>

class QListWidget;

namespace a360::ui {

/// The columns a grid begins with.
QStringList defaultColumns(contacts::Entity entity);

/// The popup that chooses columns (ticks) and their order (drag). At least one stays ticked.
class ColumnChooser : public QFrame
{
    Q_OBJECT

public:
    explicit ColumnChooser(contacts::Entity entity, QWidget *parent = nullptr);
    void openFor(QWidget *anchor, const QStringList &chosen);
    QListWidget *list() const { return m_list; }

Q_SIGNALS:
    void chosen(const QStringList &fields);

private:
    void fill(const QStringList &chosen);
    void report();
    const contacts::Entity m_entity;
    QListWidget *m_list;
    Qt::CheckState m_tickWhenPressed = Qt::Unchecked; ///< of the item under the mouse
};

} // namespace a360::ui

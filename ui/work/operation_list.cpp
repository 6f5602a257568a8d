// SPDX-License-Identifier: GPL-3.0-or-later
#include "work/operation_list.h"

#include <algorithm>

namespace a360::ui {

void OperationList::add(Operation *operation)
{
    operation->setParent(this);
    m_operations.append(operation);
    connect(operation, &Operation::finished, this, &OperationList::changed);
    Q_EMIT added(operation);
    Q_EMIT changed();
}

void OperationList::dismiss(Operation *operation)
{
    if (operation->isRunning() || !m_operations.removeOne(operation))
        return;
    Q_EMIT dismissed(operation);
    operation->deleteLater();
    Q_EMIT changed();
}

void OperationList::follow(const db::DatabaseUrl &open)
{
    for (Operation *operation : std::as_const(m_operations))
        operation->follow(open);
}

int OperationList::runningCount() const
{
    return static_cast<int>(
        std::count_if(m_operations.begin(), m_operations.end(), [](const Operation *o) { return o->isRunning(); }));
}

} // namespace a360::ui

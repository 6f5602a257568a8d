// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "work/operation.h"

#include <QList>

namespace a360::ui {

/// The operations of this window, oldest first; owns them until they are dismissed.
class OperationList : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;
    void add(Operation *operation); ///< takes ownership
    void dismiss(Operation *operation);
    const QList<Operation *> &all() const { return m_operations; }
    int runningCount() const;
    /// Operations of another database than this one name theirs from here on.
    void follow(const db::DatabaseUrl &open);

Q_SIGNALS:
    void added(a360::ui::Operation *operation);
    void dismissed(a360::ui::Operation *operation);
    void changed(); ///< one started, ended or was dismissed

private:
    QList<Operation *> m_operations;
};

} // namespace a360::ui

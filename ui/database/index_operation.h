// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "session/session.h"
#include "work/operation.h"

namespace a360::ui {

/// Makes the indexes a database of somebody else lacks, on a bulk thread. Lists use them once it has ended.
class IndexOperation : public Operation
{
    Q_OBJECT

public:
    explicit IndexOperation(Session &session, QObject *parent = nullptr);

    QString summary() const override;

private:
    db::IndexCreation m_done;
};

} // namespace a360::ui

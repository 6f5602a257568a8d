// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "session/session.h"
#include "transfer/exporter.h"
#include "work/operation.h"

namespace a360::ui {

/// Writes a query's rows to a file on a bulk thread.
class ExportOperation : public Operation
{
    Q_OBJECT

public:
    ExportOperation(QString title, Session &session, const transfer::ExportRequest &request, const QString &path,
                    QObject *parent = nullptr);

    QString summary() const override;
    const transfer::Receipt &receipt() const { return m_receipt; }
    QString path() const { return m_path; }

private:
    const QString m_path;
    transfer::Receipt m_receipt;
};

} // namespace a360::ui

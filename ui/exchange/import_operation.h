// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "session/session.h"
#include "transfer/importer.h"
#include "work/operation.h"

#include <QTemporaryDir>

#include <functional>

namespace a360::ui {

/// Reads a file into the database on a bulk thread. The rejects of the run are kept in a temporary file for as long as
/// the operation lives, so that they can be saved afterwards.
class ImportOperation : public Operation
{
    Q_OBJECT

public:
    /// `prepare` runs on the worker first and makes the request (opens the file, makes the sample data …).
    using Prepare = std::function<Result<transfer::ImportRequest>(const CancelToken &cancel)>;

    ImportOperation(QString title, Session &session, Prepare prepare, QObject *parent = nullptr);

    QString summary() const override;
    const transfer::ImportReport &report() const { return m_report; }
    bool hasRejectsFile() const;
    /// Copies all rejects to `path` on a worker; `done` gets an empty text or what went wrong. A file that is there stays
    /// until the copy is complete; the database of the import is never overwritten, nor that of the session.
    void saveRejects(Session &session, const QString &path, std::function<void(const QString &)> done);

private:
    std::shared_ptr<QTemporaryDir> m_folder;
    transfer::ImportReport m_report;
};

} // namespace a360::ui

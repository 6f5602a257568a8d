// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "records/records_page.h"
#include "session/remembered.h"
#include "transfer/exporter.h"

#include <QDialog>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QRadioButton;

namespace a360::ui {

class ColumnChooser;

/// Asks what to export, how and where to. Not modal; the work itself is an operation of its own.
class ExportDialog : public QDialog
{
    Q_OBJECT

public:
    ExportDialog(contacts::Entity entity, ExportScope scope, Session &session, Remembered &remembered,
                 QWidget *parent = nullptr);

    /// What accept() asks for; an error names what is missing.
    Result<transfer::ExportRequest> request() const;
    QString path() const;

    QComboBox *formatBox() const { return m_format; }
    QComboBox *columnsBox() const { return m_columns; }
    QComboBox *compressionBox() const { return m_compression; }
    QLineEdit *pathEdit() const { return m_path; }
    QCheckBox *guardBox() const { return m_guard; }
    QRadioButton *selectedButton() const { return m_selected; }
    QPushButton *exportButton() const { return m_export; }
    QLabel *hintLabel() const { return m_hint; }

Q_SIGNALS:
    void exportRequested(const a360::transfer::ExportRequest &request, const QString &path);

private:
    enum ColumnChoice { AsOnScreen, Listed, Full, Chosen };
    void layOut();
    void offerPath();
    void fixExtension();
    void browse();
    void submit();
    void updateHint();
    void chooseColumns();
    transfer::Format format() const;
    transfer::Compression compression() const;
    QString extension() const;
    Result<std::vector<contacts::OutputColumn>> columns() const;

    const contacts::Entity m_entity;
    const ExportScope m_scope;
    Session &m_session;
    Remembered &m_remembered;
    QRadioButton *m_all, *m_selected;
    QComboBox *m_format, *m_compression, *m_columns;
    QCheckBox *m_guard;
    QLineEdit *m_path;
    QPushButton *m_browse, *m_export;
    QLabel *m_hint;
    ColumnChooser *m_chooser;
    QStringList m_chosen;
    quint64 m_hintTicket = 0;
    bool m_refused = false; ///< the hint says why this file cannot be
};

} // namespace a360::ui

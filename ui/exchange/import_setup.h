// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "session/session.h"
#include "transfer/importer.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QLabel;
class QPushButton;
class QTableWidget;
class QTabWidget;

namespace a360::ui {

class MappingTable;

/// The middle step of the import: how the file was read, where its columns go, what happens to rows that are already
/// there. Reads the preview again, on a worker, whenever a choice changes it.
class ImportSetup : public QWidget
{
    Q_OBJECT

public:
    explicit ImportSetup(Session &session, QWidget *parent = nullptr);

    /// Starts reading the file; ready() or failed() follows.
    void open(const QString &path);
    QString path() const { return m_path; }
    bool isReady() const { return m_ready; }
    const transfer::ImportPreview &preview() const { return m_preview; }
    transfer::ImportRequest request(bool dryRun) const;

    MappingTable *mapping() const { return m_mapping; }
    QComboBox *entityBox() const { return m_entity; }
    QComboBox *policyBox() const { return m_policy; }
    QComboBox *delimiterBox() const { return m_delimiter; }
    QCheckBox *lenientBox() const { return m_lenient; }
    QPushButton *importButton() const { return m_import; }
    QPushButton *dryRunButton() const { return m_dryRun; }

Q_SIGNALS:
    void ready();
    void failed(const a360::Error &error);
    void changeFileRequested();
    void runRequested(bool dryRun);

private:
    void layOut();
    void chainTabs();
    QWidget *makeOptions();
    void readAgain();
    void present();
    void setReady(bool ready);
    contacts::Entity entity() const;
    transfer::CsvOverrides overrides() const;

    Session &m_session;
    QString m_path;
    std::shared_ptr<transfer::InputFile> m_file;
    transfer::ImportPreview m_preview;
    CancelSource m_cancel;
    quint64 m_ticket = 0;
    bool m_ready = false;

    QLabel *m_fileName, *m_fileFacts, *m_mappingFacts;
    QComboBox *m_entity, *m_encoding, *m_delimiter, *m_policy, *m_match;
    QCheckBox *m_lenient;
    QPushButton *m_change, *m_dryRun, *m_import;
    MappingTable *m_mapping;
    QTableWidget *m_rows;
    QTabWidget *m_tabs;
};

} // namespace a360::ui

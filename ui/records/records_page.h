// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "records/record_model.h"
#include "session/remembered.h"
#include "session/session.h"

#include <QWidget>

class QFrame;
class QLabel;
class QLineEdit;
class QPushButton;
class QSplitter;
class QStackedWidget;
class QToolButton;

namespace a360::ui {

class ColumnChooser;
class DetailPanel;
class FilterBar;
class RecordView;
class StatePanel;

/// What is to be exported: the page's query, or the chosen rows of it.
struct ExportScope
{
    contacts::Query query;
    std::vector<QByteArray> selected; ///< uuids
    bool selectionIsComplete = true;  ///< false: chosen rows that are not at hand are missing from `selected`
    int selectedCount = 0;
    qint64 total = -1;                ///< -1: unknown
    bool totalIsEstimate = false;
    QStringList columns;              ///< as on screen
};

/// Contacts or companies: header with search and actions, filter chips, the grid with its detail panel, or the state that
/// stands in for it. Remembers columns, filters, order and search per database.
class RecordsPage : public QWidget
{
    Q_OBJECT

public:
    RecordsPage(contacts::Entity entity, Session &session, Remembered &remembered, QWidget *parent = nullptr);

    contacts::Entity entity() const { return m_entity; }
    RecordModel *model() const { return m_model; }
    RecordView *view() const { return m_view; }
    FilterBar *filterBar() const { return m_filterBar; }
    QLineEdit *searchEdit() const { return m_search; }
    StatePanel *statePanel() const { return m_state; }
    DetailPanel *detailPanel() const { return m_detail; }
    bool showsState() const;

    void focusSearch();
    void openFilterPopup();
    void openColumnPopup();
    void clearFilters();
    void toggleDetails();
    void refresh();
    /// Esc: leaves the search, or clears it when it has nothing to leave.
    void escape();
    ExportScope exportScope() const;
    /// A filter that cannot be used: there is nothing that could be exported by it.
    bool hasWrongFilter() const { return m_queryIsWrong; }
    void setFilters(const contacts::Parameters &filters);
    /// Writes down columns, filters and order now; happens by itself a moment after each change.
    void remember();
    QString countLine() const; ///< "~1,204,311 contacts"
    QString timeLine() const;  ///< "40 ms"
    QString selectionLine() const;

Q_SIGNALS:
    void exportRequested();
    void importRequested();
    void sampleRequested();
    void databaseRequested();
    void statusChanged();
    void message(const QString &text);

private:
    QWidget *makeHeader();
    void layOut();
    void connectParts();
    void connectSurroundings();
    QToolButton *makeTool(int icon, const QString &text, const QString &shortcut);
    void followSession();
    void restore();
    void applyQuery();
    void applyColumns(const QStringList &names);
    void sortBy(int section);
    void showPlace();
    void showEmpty();
    void showFailure();
    void updateBanner();
    contacts::Parameters parameters() const;
    bool isFiltered() const;

    const contacts::Entity m_entity;
    Session &m_session;
    Remembered &m_remembered;
    RecordModel *m_model;
    RecordView *m_view;
    DetailPanel *m_detail;
    FilterBar *m_filterBar;
    ColumnChooser *m_columnChooser;
    StatePanel *m_state;
    QStackedWidget *m_stack;
    QSplitter *m_splitter;
    QLineEdit *m_search;
    QToolButton *m_filterButton, *m_columnsButton, *m_detailButton, *m_refreshButton;
    QPushButton *m_export;
    QFrame *m_banner;
    QLabel *m_bannerText;
    QTimer m_searchRest, m_rememberRest;
    QString m_order;
    Error m_queryError;
    bool m_queryIsWrong = false;
};

} // namespace a360::ui

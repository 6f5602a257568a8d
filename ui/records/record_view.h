// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "records/record_model.h"

#include <QTableView>

class QScrollBar;

namespace a360::ui {

class RecordDelegate;
class RecordSelection;

/// The table part of the grid: rows only, keys as lists have them (Home and End are the first and last row).
class GridTable : public QTableView
{
    Q_OBJECT

public:
    using QTableView::QTableView;

Q_SIGNALS:
    void copyRequested();
    void jumpRequested(bool toEnd);
    void viewportResized();

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void currentChanged(const QModelIndex &current, const QModelIndex &previous) override;
};

/// A grid over a RecordModel: tells the model what is visible and, when the model is windowed, puts a scroll bar over
/// all of its rows beside the table.
class RecordView : public QWidget
{
    Q_OBJECT

public:
    RecordView(RecordModel *model, QThreadPool &pool, QWidget *parent = nullptr);
    ~RecordView() override;

    static constexpr int maxCopiedRows = 10'000;

    GridTable *table() const { return m_table; }
    QScrollBar *overallScrollBar() const { return m_bar; }
    RecordSelection *selection() const { return m_selection; }
    /// Puts the selected records on the clipboard as tab-separated text, as they are in the database now. They are read by
    /// their uuids; while some of these are not known, by their places. Nothing is put there when none of them exists any
    /// more. Ends with the view, or with the next copy.
    void copySelection();
    void scrollToRow(qint64 absoluteRow);
    /// Shows these columns; scroll place and selection stay. A width of 0 is the usual one. `mayFit`: nobody chose these
    /// widths; when they are shown first and are only a little too wide, they are narrowed to fit.
    void showFields(std::vector<const contacts::Field *> fields, const QList<int> &widths, bool mayFit);
    /// How wide the column must be for its label with the arrow of its order.
    int labelWidth(int column) const;
    /// Field names and widths in visual order, for remembering.
    QStringList columnLayout() const;
    /// Such widths that were not shown yet.
    bool awaitsFit() const { return m_mayFit; }

Q_SIGNALS:
    void sortRequested(int section);
    void columnsMoved();
    void headerMenuRequested(const QPoint &globalPosition);
    void message(const QString &text);

protected:
    void showEvent(QShowEvent *event) override;

private:
    void configureTable();
    void configureHeader();
    int contentWidth(int column) const;
    void applyWidths(const QList<int> &widths, bool mayFit);
    void fitWidths();
    void reportVisible();
    void syncBar();
    void moveWindow(qint64 absoluteRow);
    void keepScrollPlace();
    int visibleRowCount() const;
    void takeCopy(const Result<QString> &text);

    RecordModel *m_model;
    QThreadPool &m_pool;
    GridTable *m_table;
    RecordDelegate *m_delegate;
    RecordSelection *m_selection;
    QScrollBar *m_bar;
    CancelSource m_copying;
    bool m_moving = false;
    quint64 m_readingBefore = 0; ///< the model's, before it was reset
    qint64 m_topBefore = 0;      ///< first visible row then, absolute
    bool m_mayFit = false;
};

} // namespace a360::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "records/record_model.h"
#include "records/row_ranges.h"

#include <QItemSelectionModel>
#include <QSet>

#include <map>

namespace a360::ui {

/// The selected rows of a RecordModel, and its current one, as records: known by their uuid they stay selected when rows
/// are read again, sorted, moved or shown with other columns, also while their row is not at hand. What the query no
/// longer has is let go; a worker thread asks for it. Rows that were selected before they came get their uuid from a worker
/// too, up to mostLearned of them. With more than that nobody could tell afterwards who was selected: when rows are read
/// again, all of them stay all, and any other such selection is let go as a whole. In a list that is longer than its model's
/// window rows stay selected beyond the window, and "select all" means all of the list. Lives in the window's thread.
class RecordSelection : public QItemSelectionModel
{
    Q_OBJECT

public:
    static constexpr int mostLearned = 10'000;

    RecordSelection(RecordModel *model, QThreadPool &pool, QObject *parent = nullptr);
    ~RecordSelection() override;

    /// Selected records, those without a row included.
    int count() const;
    /// Of the selected records; `complete` tells whether that is all of them.
    std::vector<QByteArray> uuids(bool *complete = nullptr) const;
    /// Selected rows of the whole list, ascending, whether their uuid is known or not. One number a row: ask count() first.
    std::vector<qint64> rows() const;
    /// Selected records whose row is not known.
    std::vector<QByteArray> uuidsWithoutRow() const { return {m_adrift.begin(), m_adrift.end()}; }
    /// Empty: none, or its row has not come yet.
    QByteArray currentUuid() const { return m_current; }
    /// True while rows get back what they had: nothing that a person did.
    bool isRestoring() const { return m_restoring; }

    using QItemSelectionModel::select;
    void select(const QItemSelection &selection, SelectionFlags command) override;
    void setCurrentIndex(const QModelIndex &index, SelectionFlags command) override;
    void reset() override;

Q_SIGNALS:
    void changed();                                    ///< count() or uuids()
    void currentRecordChanged(const QByteArray &uuid); ///< empty: none
    void lost();                                       ///< it could not be kept, see above

private:
    class Restoring;
    void forget();
    void rememberPlaces();
    void restorePlaces();
    void place(const RowRanges &rows);
    void takeTotal();
    void takeReading(bool samePlaces);
    bool everyPlaceHolds() const;
    void takeRows(qint64 first, qint64 count);
    enum class Turn { Stays, Selected, Deselected };
    Turn takeRow(int row, const QByteArray &uuid);
    QItemSelection stretchesOf(const std::vector<int> &rows) const;
    void learnSelected(const QItemSelection &selection);
    void learnOthers();
    void dropDeselected();
    void selectRows(int first, int last);
    void noteUnnamed();
    void endEverything();
    RowRanges chosen() const;
    RowRanges outside() const;
    QByteArray filters() const;
    void castOff(qint64 fromRow, qint64 toRow);
    void takeCurrent(int row, const QByteArray &uuid);
    void setCurrentUuid(const QByteArray &uuid);
    void askForMissing();
    void letGo(const QSet<QByteArray> &asked, const QSet<QByteArray> &present);
    qint64 absolute(int row) const { return m_records.windowStart() + row; }
    qint64 rowsWithoutUuid() const;

    RecordModel &m_records;
    QThreadPool &m_pool;
    std::map<qint64, QByteArray> m_placed; ///< selected records by absolute row of the present reading; these rows are selected
    QSet<QByteArray> m_adrift;             ///< selected records whose row is not known
    QByteArray m_current;
    qint64 m_currentRow = -1; ///< absolute; -1: none, or not known
    bool m_restoring = false;
    quint64 m_reading = 0;     ///< the model's, when m_placed was made
    qint64 m_unnamed = 0;      ///< selected rows of it without a uuid
    bool m_everything = false; ///< all rows are selected, some of them unnamed
    QByteArray m_filters;      ///< what "all" was said of

    RowRanges m_outside;   ///< selected rows outside of the model's window, absolute; with m_everything ask outside()
    RowRanges m_kept;      ///< selected rows over a reset of the model, absolute
    bool m_isTorn = false; ///< they are still to be restored
    int m_keptColumn = 0;
    CancelSource m_asking, m_learning;
    quint64 m_ticket = 0;
    quint64 m_lesson = 0; ///< moves on with the reading and the selection
};

} // namespace a360::ui

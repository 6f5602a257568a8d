// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "records/page_cache.h"
#include "records/page_fetcher.h"

#include <QAbstractTableModel>
#include <QTimer>

namespace a360::ui {

/// The rows of a query as a table that never holds more than a few pages of them. Rows that are not at hand are fetched
/// once they were made visible (setVisibleRows) and show as loading until then. Up to `directRows` rows the table has
/// them all; beyond, it is a window of `windowRows` that moveWindow() shifts (a view header costs 12 bytes a row and
/// overflows near 97 million). Totals start unknown, become estimated, then exact where that is cheap.
class RecordModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Role { UuidRole = Qt::UserRole + 1, LoadedRole, NumericRole };
    enum class State {
        NoSource, ///< no database is open
        Loading,  ///< nothing to show yet; rowCount() rows of skeleton
        Ready,
        Empty,    ///< the query has no rows
        Failed,   ///< nothing to show, see error()
    };
    struct Limits
    {
        qint64 directRows = 1'000'000;
        qint64 windowRows = 200'000;
        qint64 exactCountUpTo = 250'000; ///< estimates below are replaced by an exact count at once
    };

    RecordModel(contacts::Entity entity, QThreadPool &pool, QObject *parent = nullptr);
    RecordModel(contacts::Entity entity, QThreadPool &pool, const Limits &limits, QObject *parent);

    contacts::Entity entity() const { return m_entity; }
    void setSource(std::shared_ptr<RecordSource> source);
    /// Shows skeleton rows: a source is on its way.
    void expectSource();
    /// Keeps showing the old rows, marked stale, until the first new ones are there.
    void setQuery(const contacts::Query &query);
    const contacts::Query &query() const { return m_query; }
    void setFields(std::vector<const contacts::Field *> fields);
    const std::vector<const contacts::Field *> &visibleFields() const { return m_fields; }
    /// Reads again; scroll place and selection stay.
    void refresh();
    /// Counts exactly, however long it takes.
    void countExactly();

    State state() const { return m_state; }
    const Error &error() const { return m_error; }
    bool hasError() const { return m_hasError; }
    bool isStale() const { return m_stale; }
    bool totalIsKnown() const { return m_totalKnown; }
    bool totalIsEstimate() const { return m_totalIsEstimate; }
    bool isCounting() const { return m_counting; }
    qint64 total() const { return m_total; }
    /// Moves on when rows of a later reading take the place of those before.
    quint64 reading() const { return m_reading; }
    int lastFetchMilliseconds() const { return m_lastFetch; }
    bool scannedWithoutIndex() const { return m_scanned; }

    bool isWindowed() const { return m_total > m_limits.directRows; }
    qint64 windowStart() const { return m_windowStart; }
    /// Shifts the window so that the absolute row lies well inside; resets the model when it has to move, as a new total does
    /// that takes the window elsewhere.
    void moveWindow(qint64 absoluteRow);
    /// Model rows on screen; fetching follows them after a short rest.
    void setVisibleRows(int first, int last);

    /// What the header of a column says when the rows are ordered by it.
    QString orderedLabel(int column, bool descending) const;
    QByteArray uuidAt(int row) const;
    /// The exact text of a loaded cell, for copying.
    QString exactTextAt(int row, int column) const;
    bool isLoaded(int row) const;
    /// Rows of the model from `first` to `last` that are at hand, in their order.
    std::vector<int> loadedRows(int first, int last) const;
    /// Which pages hold these rows (absolute, ascending), for reading them again elsewhere.
    struct PlannedPage
    {
        qint64 number;
        contacts::Slice slice;
        std::vector<qint64> rows; ///< places in the page
    };
    std::vector<PlannedPage> plan(const std::vector<qint64> &rows) const;
    std::shared_ptr<RecordSource> source() const { return m_fetcher.source(); }

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;

Q_SIGNALS:
    void stateChanged();
    void totalChanged();
    void sourceChanged(); ///< the rows before have nothing to do with those to come
    /// From here on the rows are those of a later reading, and its first page is there. `samePlaces`: it was made for other
    /// columns only, so that the rows should be where they were.
    void readAnew(bool samePlaces);
    /// Rows of the present reading that have come; absolute.
    void rowsArrived(qint64 first, qint64 count);

private:
    enum class Restart { NewQuery, Refresh, Columns };
    void restart(Restart kind);
    void setState(State state);
    void takePage(qint64 number, contacts::Page &page, int milliseconds);
    void replaceContent();
    void takeTotalFrom(qint64 number, const contacts::Page &page);
    void takeCount(const contacts::Count &count);
    void setTotal(qint64 total, bool estimate);
    void takeFailure(const Error &error);
    void showRows(qint64 rows);
    void resetWindow(qint64 start, qint64 rows);
    qint64 lastWindowStart() const;
    qint64 windowStartFor(qint64 absoluteRow) const;
    void fetchVisible();
    void mapColumns();
    std::vector<contacts::OutputColumn> outputColumns() const;
    const db::RowBatch *batchFor(int row, int column, qsizetype &batchRow, int &batchColumn) const;

    const contacts::Entity m_entity;
    const Limits m_limits;
    PageFetcher m_fetcher;
    PageCache m_cache;
    QTimer m_fetchTimer;
    contacts::Query m_query;
    std::vector<const contacts::Field *> m_fields;
    std::vector<contacts::OutputColumn> m_requested; ///< what running fetches bring
    std::vector<contacts::OutputColumn> m_cached;    ///< what the cached pages hold
    std::vector<int> m_batchColumn;                  ///< visible column -> cached column, -1 when not cached
    int m_uuidColumn = -1;

    State m_state = State::NoSource;
    Error m_error;
    bool m_hasError = false;
    bool m_stale = false;         ///< the cache belongs to the query or reading before
    bool m_resetOnArrival = false;
    bool m_samePlaces = false;    ///< what is read was asked for because of its columns only
    quint64 m_reading = 0;
    qint64 m_total = 0;
    bool m_totalKnown = false, m_totalIsEstimate = false, m_counting = false, m_scanned = false;
    qint64 m_windowStart = 0;
    int m_rows = 0;
    int m_firstVisible = 0, m_lastVisible = 0;
    int m_lastFetch = -1;
};

} // namespace a360::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#include "records/record_selection.h"

#include "records/present_records.h"
#include "work/run_async.h"

#include <algorithm>
#include <limits>

namespace a360::ui {

/// What happens to the selection meanwhile is not the person's doing.
class RecordSelection::Restoring
{
public:
    explicit Restoring(RecordSelection &selection) : m_selection(selection), m_before(std::exchange(selection.m_restoring, true)) {}
    ~Restoring() { m_selection.m_restoring = m_before; }
    Restoring(const Restoring &) = delete;
    Restoring &operator=(const Restoring &) = delete;

private:
    RecordSelection &m_selection;
    const bool m_before;
};

RecordSelection::RecordSelection(RecordModel *model, QThreadPool &pool, QObject *parent)
    : QItemSelectionModel(model, parent), m_records(*model), m_pool(pool)
{
    connect(model, &RecordModel::sourceChanged, this, &RecordSelection::forget);
    connect(model, &RecordModel::readAnew, this, &RecordSelection::takeReading);
    connect(model, &RecordModel::rowsArrived, this, &RecordSelection::takeRows);
    connect(model, &QAbstractItemModel::modelAboutToBeReset, this, &RecordSelection::rememberPlaces);
    connect(model, &QAbstractItemModel::modelReset, this, &RecordSelection::restorePlaces);
    connect(model, &QAbstractItemModel::rowsAboutToBeRemoved, this, [this](const QModelIndex &, int first, int last) {
        castOff(absolute(first), absolute(last));
    });
    connect(model, &QAbstractItemModel::rowsRemoved, this, [this] {
        if (m_currentRow < 0 && currentIndex().isValid()) {
            const Restoring restoring(*this); // Qt has moved it to a neighbour
            clearCurrentIndex();
        }
        noteUnnamed();
        Q_EMIT changed();
    });
    connect(model, &QAbstractItemModel::rowsInserted, this, [this](const QModelIndex &, int first, int last) {
        if (m_reading != m_records.reading())
            return; // takeReading() is about to look at all of them
        if (m_everything)
            selectRows(first, last);
        place(std::exchange(m_outside, {}));
        takeRows(absolute(first), last - first + 1);
    });
    connect(model, &RecordModel::totalChanged, this, &RecordSelection::takeTotal);
}

RecordSelection::~RecordSelection()
{
    m_asking.cancel();
    m_learning.cancel();
}

int RecordSelection::count() const
{
    const qint64 records = static_cast<qint64>(m_placed.size()) + m_adrift.size() + rowsWithoutUuid();
    return static_cast<int>(std::min<qint64>(records, std::numeric_limits<int>::max()));
}

/// All of them, absolute.
RowRanges RecordSelection::chosen() const
{
    std::vector<RowRanges::Range> ranges;
    const QItemSelection selected = selection();
    for (const QItemSelectionRange &range : selected)
        ranges.push_back({absolute(range.top()), absolute(range.bottom())});
    return RowRanges(std::move(ranges)).with(outside());
}

/// Those that are not in the model's window.
RowRanges RecordSelection::outside() const
{
    if (!m_everything || !m_records.isWindowed())
        return m_outside;
    return RowRanges({{0, m_records.total() - 1}}).without(absolute(0), absolute(m_records.rowCount() - 1));
}

std::vector<qint64> RecordSelection::rows() const
{
    std::vector<qint64> rows;
    const RowRanges all = chosen();
    for (const RowRanges::Range &range : all.ranges()) {
        for (qint64 row = range.first; row <= range.last; ++row)
            rows.push_back(row);
    }
    return rows;
}

qint64 RecordSelection::rowsWithoutUuid() const
{
    // Whoever is in m_placed has a row that is chosen.
    return std::max<qint64>(0, chosen().count() - static_cast<qint64>(m_placed.size()));
}

std::vector<QByteArray> RecordSelection::uuids(bool *complete) const
{
    std::vector<QByteArray> uuids;
    uuids.reserve(m_placed.size() + static_cast<size_t>(m_adrift.size()));
    for (const auto &[row, uuid] : m_placed)
        uuids.push_back(uuid);
    uuids.insert(uuids.end(), m_adrift.begin(), m_adrift.end());
    if (complete)
        *complete = rowsWithoutUuid() == 0;
    return uuids;
}

void RecordSelection::select(const QItemSelection &selection, SelectionFlags command)
{
    const bool isNew = command.testFlag(Clear);
    const bool wasEverything = m_everything;
    if (!m_restoring && command != NoUpdate)
        endEverything();
    QItemSelectionModel::select(selection, command);
    if (m_restoring || command == NoUpdate)
        return;
    if (isNew) {
        m_adrift.clear();
        m_placed.clear();
        m_outside = {};
    } else {
        dropDeselected();
    }
    learnSelected(this->selection());
    const QItemSelection now = this->selection();
    // The whole window of a long list was either chosen at once, which means the list, or bit by bit.
    m_everything = now.size() == 1 && now.first().height() == m_records.rowCount()
                   && (!m_records.isWindowed() || isNew || wasEverything);
    noteUnnamed();
    m_everything = m_everything && m_unnamed > 0;
    if (m_everything)
        m_outside = {};
    m_filters = filters();
    learnOthers();
    Q_EMIT changed();
}

/// What was all becomes those rows that it consists of now.
void RecordSelection::endEverything()
{
    m_outside = outside();
    m_everything = false;
}

void RecordSelection::setCurrentIndex(const QModelIndex &index, SelectionFlags command)
{
    QItemSelectionModel::setCurrentIndex(index, command);
    if (m_restoring)
        return;
    m_currentRow = index.isValid() ? absolute(index.row()) : -1;
    setCurrentUuid(m_records.uuidAt(index.row()));
}

void RecordSelection::reset()
{
    const Restoring restoring(*this);
    QItemSelectionModel::reset();
}

/// Rows of another database.
void RecordSelection::forget()
{
    ++m_ticket;
    ++m_lesson;
    m_asking.cancel();
    m_learning.cancel();
    m_placed.clear();
    m_adrift.clear();
    m_outside = {};
    m_kept = {};
    m_isTorn = false;
    m_unnamed = 0;
    m_everything = false;
    m_reading = m_records.reading();
    m_currentRow = -1;
    {
        const Restoring restoring(*this);
        clearSelection();
        clearCurrentIndex();
    }
    setCurrentUuid({});
    Q_EMIT changed();
}

void RecordSelection::rememberPlaces()
{
    if (m_isTorn)
        return; // what there was before is still to be restored
    m_kept = chosen();
    if (currentIndex().isValid())
        m_keptColumn = currentIndex().column();
}

/// After a reset the rows have what they had, whether they are in the model's window or not.
void RecordSelection::restorePlaces()
{
    m_isTorn = m_reading != m_records.reading();
    if (m_isTorn)
        return; // takeReading() follows
    m_outside = {};
    place(std::exchange(m_kept, {}));
    if (m_everything)
        selectRows(0, m_records.rowCount() - 1);
    const qint64 start = m_records.windowStart();
    if (m_currentRow >= start && m_currentRow < start + m_records.rowCount()) {
        const Restoring restoring(*this);
        const int column = std::min(m_keptColumn, m_records.columnCount() - 1);
        setCurrentIndex(m_records.index(static_cast<int>(m_currentRow - start), std::max(0, column)), NoUpdate);
    }
    noteUnnamed();
    Q_EMIT changed();
}

/// Selects rows, those outside of the model's window too.
void RecordSelection::place(const RowRanges &rows)
{
    const qint64 first = absolute(0), last = absolute(m_records.rowCount() - 1);
    const RowRanges inside = rows.within(first, last);
    QItemSelection selection;
    for (const RowRanges::Range &range : inside.ranges())
        selection.select(m_records.index(static_cast<int>(range.first - first), 0),
                         m_records.index(static_cast<int>(range.last - first), 0));
    m_outside = m_outside.with(rows.without(first, last));
    const Restoring restoring(*this);
    select(selection, Select | Rows);
}

/// There may be rows that the list turned out not to have.
void RecordSelection::takeTotal()
{
    if (m_reading != m_records.reading() || !m_records.totalIsKnown())
        return;
    const qint64 total = m_records.total();
    const bool isPlaced = !m_placed.empty() && m_placed.rbegin()->first >= total;
    const bool isOutside = !m_outside.isEmpty() && m_outside.ranges().back().last >= total;
    if (isPlaced || isOutside || m_currentRow >= total)
        castOff(total, std::numeric_limits<qint64>::max());
    else if (!m_everything)
        return;
    noteUnnamed();
    Q_EMIT changed();
}

/// The rows are those of a later reading: who is where has to be found out again.
void RecordSelection::takeReading(bool samePlaces)
{
    m_reading = m_records.reading();
    if (samePlaces && everyPlaceHolds()) {
        rememberPlaces();
        restorePlaces(); // the window may have moved or grown meanwhile
        takeTotal();
        askForMissing();
        return;
    }
    m_isTorn = false;
    ++m_lesson;
    m_learning.cancel();
    if (currentIndex().isValid())
        m_keptColumn = currentIndex().column();
    const bool isLost = m_unnamed > 0;
    m_everything = m_everything && m_filters == filters();
    for (const auto &[row, uuid] : m_placed)
        m_adrift.insert(uuid);
    if (isLost) // a part of it would look like the choice that was made
        m_adrift.clear();
    m_placed.clear();
    m_outside = {};
    m_unnamed = 0;
    m_currentRow = -1;
    {
        const Restoring restoring(*this);
        clearSelection();
        clearCurrentIndex();
    }
    if (m_everything)
        selectRows(0, m_records.rowCount() - 1);
    takeRows(m_records.windowStart(), m_records.rowCount());
    askForMissing();
    if (isLost && !m_everything)
        Q_EMIT lost();
    Q_EMIT changed();
}

void RecordSelection::selectRows(int first, int last)
{
    if (first > last)
        return;
    const Restoring restoring(*this);
    select(QItemSelection(m_records.index(first, 0), m_records.index(last, 0)), Select | Rows);
}

/// Not while the rows are those of a later reading: it is asked then how it was before.
void RecordSelection::noteUnnamed()
{
    if (m_reading == m_records.reading())
        m_unnamed = rowsWithoutUuid();
}

/// Of the query, whatever its order.
QByteArray RecordSelection::filters() const
{
    contacts::Query query = m_records.query();
    query.order.clear();
    return query.canonical();
}

bool RecordSelection::everyPlaceHolds() const
{
    const qint64 start = m_records.windowStart();
    const auto holds = [&](qint64 row, const QByteArray &uuid) {
        const QByteArray now = row < start ? QByteArray() : m_records.uuidAt(static_cast<int>(row - start));
        return now.isEmpty() || uuid.isEmpty() || now == uuid;
    };
    return holds(m_currentRow, m_currentRow < 0 ? QByteArray() : m_current)
           && std::all_of(m_placed.begin(), m_placed.end(), [&](const auto &place) { return holds(place.first, place.second); });
}

/// Absolute rows that may be at hand now.
void RecordSelection::takeRows(qint64 first, qint64 count)
{
    if (m_reading != m_records.reading())
        return; // takeReading() is about to look at all of them
    const auto start = m_records.windowStart();
    const qint64 from = std::max<qint64>(first - start, 0), to = std::min<qint64>(first + count - start, m_records.rowCount()) - 1;
    if (from > to)
        return;
    const QItemSelection before = selection();
    std::vector<int> selected, deselected;
    for (const int row : m_records.loadedRows(static_cast<int>(from), static_cast<int>(to))) {
        const Turn turn = takeRow(row, m_records.uuidAt(row));
        const bool isSelected = turn != Turn::Stays && before.contains(m_records.index(row, 0));
        if (turn == Turn::Selected && !isSelected)
            selected.push_back(row);
        else if (turn == Turn::Deselected && isSelected)
            deselected.push_back(row);
    }
    {
        const Restoring restoring(*this);
        if (!deselected.empty())
            select(stretchesOf(deselected), Deselect | Rows);
        if (!selected.empty())
            select(stretchesOf(selected), Select | Rows);
    }
    if (!deselected.empty())
        askForMissing();
    learnSelected(selection());
    noteUnnamed();
    Q_EMIT changed();
}

RecordSelection::Turn RecordSelection::takeRow(int row, const QByteArray &uuid)
{
    if (uuid.isEmpty())
        return Turn::Stays;
    takeCurrent(row, uuid);
    bool wasAnother = false;
    const auto placed = m_placed.find(absolute(row));
    if (placed != m_placed.end() && placed->second != uuid) { // somebody has written between two pages of one reading
        m_adrift.insert(placed->second);
        m_placed.erase(placed);
        wasAnother = true;
    }
    if (m_adrift.remove(uuid))
        m_placed[absolute(row)] = uuid;
    if (m_placed.contains(absolute(row)))
        return Turn::Selected;
    return wasAnother ? Turn::Deselected : Turn::Stays;
}

/// One range for rows that follow each other, so that a long selection stays a short list.
QItemSelection RecordSelection::stretchesOf(const std::vector<int> &rows) const
{
    QItemSelection selection;
    for (size_t i = 0, begin = 0; i < rows.size(); ++i) {
        if (i + 1 < rows.size() && rows[i + 1] == rows[i] + 1)
            continue;
        selection.select(m_records.index(rows[begin], 0), m_records.index(rows[i], 0));
        begin = i + 1;
    }
    return selection;
}

void RecordSelection::takeCurrent(int row, const QByteArray &uuid)
{
    if (m_currentRow < 0 && !m_current.isEmpty() && m_current == uuid) {
        const Restoring restoring(*this);
        m_currentRow = absolute(row);
        setCurrentIndex(m_records.index(row, std::clamp(m_keptColumn, 0, std::max(0, m_records.columnCount() - 1))), NoUpdate);
    } else if (m_currentRow == absolute(row) && m_current.isEmpty()) {
        setCurrentUuid(uuid); // chosen before it had come
    }
}

void RecordSelection::setCurrentUuid(const QByteArray &uuid)
{
    if (m_current == uuid)
        return;
    m_current = uuid;
    Q_EMIT currentRecordChanged(uuid);
}

/// Selected rows that are at hand get their uuid.
void RecordSelection::learnSelected(const QItemSelection &selection)
{
    for (const QItemSelectionRange &range : selection) {
        for (const int row : m_records.loadedRows(range.top(), range.bottom())) {
            if (QByteArray uuid = m_records.uuidAt(row); !uuid.isEmpty())
                m_placed.try_emplace(absolute(row), std::move(uuid));
        }
    }
}

/// Selected rows that are not at hand: a worker reads who they are.
void RecordSelection::learnOthers()
{
    ++m_lesson;
    m_learning.cancel();
    const qint64 missing = rowsWithoutUuid();
    const std::shared_ptr<RecordSource> source = m_records.source();
    if (missing == 0 || missing > mostLearned || !source || m_records.isStale())
        return;
    std::vector<qint64> rows = this->rows();
    std::erase_if(rows, [this](qint64 row) { return m_placed.contains(row); });
    m_learning = CancelSource{};
    runAsync(
        m_pool, this,
        [source, query = m_records.query(), pages = m_records.plan(rows), token = m_learning.token()] {
            return recordsAt(*source, query, pages, token);
        },
        [this, lesson = m_lesson](const Result<std::map<qint64, QByteArray>> &learned) {
            if (lesson != m_lesson || !learned.ok())
                return; // they stay rows
            for (const auto &[row, uuid] : *learned) {
                if (row < m_records.total())
                    m_placed.try_emplace(row, uuid);
            }
            noteUnnamed();
            if (m_unnamed == 0)
                endEverything();
            Q_EMIT changed();
        });
}

void RecordSelection::dropDeselected()
{
    const QItemSelection now = selection();
    const qint64 start = m_records.windowStart();
    std::erase_if(m_placed, [&](const auto &place) {
        const qint64 row = place.first - start;
        return row >= 0 && row < m_records.rowCount() && !now.contains(m_records.index(static_cast<int>(row), 0));
    });
}

/// These rows are none of the list any more; their records may be anywhere.
void RecordSelection::castOff(qint64 fromRow, qint64 toRow)
{
    for (auto it = m_placed.lower_bound(fromRow); it != m_placed.end() && it->first <= toRow;) {
        m_adrift.insert(it->second);
        it = m_placed.erase(it);
    }
    m_outside = m_outside.without(fromRow, toRow);
    if (m_currentRow >= fromRow && m_currentRow <= toRow)
        m_currentRow = -1;
    if (m_records.state() == RecordModel::State::Ready)
        askForMissing();
}

void RecordSelection::askForMissing()
{
    ++m_ticket;
    m_asking.cancel();
    QSet<QByteArray> asked = m_adrift;
    if (m_currentRow < 0 && !m_current.isEmpty())
        asked.insert(m_current);
    const std::shared_ptr<RecordSource> source = m_records.source();
    if (asked.isEmpty() || !source)
        return;
    m_asking = CancelSource{};
    runAsync(
        m_pool, this,
        [source, query = m_records.query(), asked, token = m_asking.token()] {
            return presentRecords(*source, query, asked, token);
        },
        [this, asked, ticket = m_ticket](const Result<QSet<QByteArray>> &present) {
            if (ticket == m_ticket && present.ok()) // otherwise nothing is known, so nothing is let go
                letGo(asked, *present);
        });
}

void RecordSelection::letGo(const QSet<QByteArray> &asked, const QSet<QByteArray> &present)
{
    for (const QByteArray &uuid : asked) {
        if (present.contains(uuid))
            continue;
        m_adrift.remove(uuid);
        if (m_currentRow < 0 && m_current == uuid)
            setCurrentUuid({});
    }
    Q_EMIT changed();
}

} // namespace a360::ui

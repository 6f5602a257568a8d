// SPDX-License-Identifier: GPL-3.0-or-later
#include "records/record_selection.h"

#include "records/present_records.h"
#include "work/run_async.h"

#include <algorithm>

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
        Q_EMIT changed();
    });
    connect(model, &QAbstractItemModel::rowsInserted, this, [this](const QModelIndex &, int first, int last) {
        if (m_everything && m_reading == m_records.reading())
            selectRows(first, last);
        takeRows(absolute(first), last - first + 1);
    });
}

RecordSelection::~RecordSelection()
{
    m_asking.cancel();
    m_learning.cancel();
}

int RecordSelection::count() const
{
    return static_cast<int>(static_cast<qint64>(m_placed.size()) + m_adrift.size() + rowsWithoutUuid());
}

qint64 RecordSelection::rowsWithoutUuid() const
{
    qint64 rows = 0;
    const QItemSelection ranges = selection();
    for (const QItemSelectionRange &range : ranges)
        rows += range.height();
    const qint64 start = m_records.windowStart();
    const auto first = m_placed.lower_bound(start);
    const auto end = m_placed.lower_bound(start + m_records.rowCount());
    return std::max<qint64>(0, rows - std::distance(first, end));
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
    QItemSelectionModel::select(selection, command);
    if (m_restoring || command == NoUpdate)
        return;
    if (command.testFlag(Clear)) {
        m_adrift.clear();
        m_placed.clear();
    } else {
        dropDeselected();
    }
    learnSelected(this->selection());
    noteUnnamed();
    const QItemSelection now = this->selection();
    m_everything = m_unnamed > 0 && !m_records.isWindowed() && now.size() == 1 && now.first().height() == m_records.rowCount();
    m_filters = filters();
    learnOthers();
    Q_EMIT changed();
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
    m_kept.clear();
    const QItemSelection ranges = selection();
    for (const QItemSelectionRange &range : ranges)
        m_kept.push_back({absolute(range.top()), absolute(range.bottom())});
    if (currentIndex().isValid())
        m_keptColumn = currentIndex().column();
}

/// After a reset the rows that are still in the model's window have what they had.
void RecordSelection::restorePlaces()
{
    if (m_reading != m_records.reading())
        return; // takeReading() follows
    const Restoring restoring(*this);
    const qint64 start = m_records.windowStart();
    const qint64 rows = m_records.rowCount();
    QItemSelection selection;
    for (const Range &range : std::exchange(m_kept, {})) {
        const qint64 from = std::max<qint64>(range.first - start, 0), to = std::min(range.last - start, rows - 1);
        if (from <= to)
            selection.select(m_records.index(static_cast<int>(from), 0), m_records.index(static_cast<int>(to), 0));
    }
    std::vector<int> others; // that an earlier window had left behind
    for (auto it = m_placed.lower_bound(start); it != m_placed.end() && it->first < start + rows; ++it) {
        const int row = static_cast<int>(it->first - start);
        if (!selection.contains(m_records.index(row, 0)))
            others.push_back(row);
    }
    select(selection, Select | Rows);
    select(stretchesOf(others), Select | Rows);
    if (m_currentRow >= start && m_currentRow < start + rows) {
        const int column = std::min(m_keptColumn, m_records.columnCount() - 1);
        setCurrentIndex(m_records.index(static_cast<int>(m_currentRow - start), std::max(0, column)), NoUpdate);
    }
    Q_EMIT changed();
}

/// The rows are those of a later reading: who is where has to be found out again.
void RecordSelection::takeReading(bool samePlaces)
{
    m_reading = m_records.reading();
    if (samePlaces && everyPlaceHolds()) {
        askForMissing();
        return;
    }
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

void RecordSelection::noteUnnamed()
{
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
    std::vector<int> rows;
    const QItemSelection ranges = selection();
    for (const QItemSelectionRange &range : ranges) {
        for (int row = range.top(); row <= range.bottom(); ++row) {
            if (!m_placed.contains(absolute(row)))
                rows.push_back(row);
        }
    }
    std::sort(rows.begin(), rows.end());
    m_learning = CancelSource{};
    runAsync(
        m_pool, this,
        [source, query = m_records.query(), pages = m_records.plan(rows), token = m_learning.token()] {
            return recordsAt(*source, query, pages, token);
        },
        [this, lesson = m_lesson](const Result<std::map<qint64, QByteArray>> &learned) {
            if (lesson != m_lesson || !learned.ok())
                return; // they stay rows
            for (const auto &[row, uuid] : *learned)
                m_placed.try_emplace(row, uuid);
            noteUnnamed();
            m_everything = m_everything && m_unnamed > 0;
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

/// These rows go from the model; their records may be anywhere.
void RecordSelection::castOff(qint64 fromRow, qint64 toRow)
{
    for (auto it = m_placed.lower_bound(fromRow); it != m_placed.end() && it->first <= toRow;) {
        m_adrift.insert(it->second);
        it = m_placed.erase(it);
    }
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

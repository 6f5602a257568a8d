// SPDX-License-Identifier: GPL-3.0-or-later
#include "records/record_model.h"

#include "records/cell_text.h"

#include <algorithm>

namespace a360::ui {

using contacts::Field;
using contacts::OutputColumn;

namespace {

constexpr int skeletonRows = 40;
constexpr int restBeforeFetch = 15; // ms; fast scrolling passes pages by without asking for them

QString latin(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

OutputColumn outputColumn(const Field &field)
{
    return {QByteArray(field.name.data(), static_cast<qsizetype>(field.name.size())), field.type, field.source,
            field.fallback, ", "};
}

int columnNamed(const std::vector<OutputColumn> &columns, std::string_view name)
{
    const auto it = std::find_if(columns.begin(), columns.end(), [&](const OutputColumn &column) {
        return std::string_view(column.header.constData(), static_cast<size_t>(column.header.size())) == name;
    });
    return it == columns.end() ? -1 : static_cast<int>(it - columns.begin());
}

} // namespace

RecordModel::RecordModel(contacts::Entity entity, QThreadPool &pool, QObject *parent)
    : RecordModel(entity, pool, Limits{}, parent)
{
}

RecordModel::RecordModel(contacts::Entity entity, QThreadPool &pool, const Limits &limits, QObject *parent)
    : QAbstractTableModel(parent), m_entity(entity), m_limits(limits), m_fetcher(pool, this)
{
    m_query.entity = entity;
    m_fetchTimer.setSingleShot(true);
    m_fetchTimer.setInterval(restBeforeFetch);
    connect(&m_fetchTimer, &QTimer::timeout, this, &RecordModel::fetchVisible);
    connect(&m_fetcher, &PageFetcher::pageArrived, this, &RecordModel::takePage);
    connect(&m_fetcher, &PageFetcher::pageFailed, this,
            [this](qint64, const Error &error) { takeFailure(error); });
    connect(&m_fetcher, &PageFetcher::countArrived, this, &RecordModel::takeCount);
    connect(&m_fetcher, &PageFetcher::countFailed, this, [this](const Error &) {
        // The rows are there; a total that cannot be had stays estimated or unknown.
        m_counting = false;
        Q_EMIT totalChanged();
    });
}

void RecordModel::setSource(std::shared_ptr<RecordSource> source)
{
    m_fetcher.setSource(std::move(source));
    beginResetModel();
    m_cache.clear();
    m_cached.clear();
    m_rows = 0;
    m_windowStart = 0;
    mapColumns();
    endResetModel();
    m_total = 0;
    m_totalKnown = false;
    m_stale = false;
    m_hasError = false;
    Q_EMIT sourceChanged();
    Q_EMIT totalChanged();
    if (m_fetcher.hasSource())
        restart(Restart::NewQuery);
    else
        setState(State::NoSource);
}

void RecordModel::expectSource()
{
    setState(State::Loading);
    showRows(skeletonRows);
}

void RecordModel::setQuery(const contacts::Query &query)
{
    m_query = query;
    if (!m_fields.empty())
        Q_EMIT headerDataChanged(Qt::Horizontal, 0, static_cast<int>(m_fields.size()) - 1);
    restart(Restart::NewQuery);
}

void RecordModel::setFields(std::vector<const Field *> fields)
{
    beginResetModel();
    m_fields = std::move(fields);
    mapColumns();
    endResetModel();
    const bool complete = std::find(m_batchColumn.begin(), m_batchColumn.end(), -1) == m_batchColumn.end();
    if (!complete || m_cached.empty())
        restart(Restart::Columns);
}

void RecordModel::refresh()
{
    if (m_fetcher.hasSource())
        m_fetcher.source()->forgetPages();
    restart(Restart::Refresh);
}

void RecordModel::restart(Restart kind)
{
    if (!m_fetcher.hasSource() || m_fields.empty())
        return;
    m_requested = outputColumns();
    m_fetcher.restart(m_query, m_requested);
    m_counting = false;
    // What was asked for before and has not come yet is still wanted.
    const bool awaited = m_stale;
    m_stale = !m_cache.isEmpty();
    m_samePlaces = kind == Restart::Columns && (!awaited || m_samePlaces);
    m_resetOnArrival = kind == Restart::NewQuery || !m_stale || (awaited && m_resetOnArrival);
    if (m_resetOnArrival) {
        m_firstVisible = 0;
        m_lastVisible = skeletonRows;
    }
    m_hasError = false;
    if (!m_stale) {
        m_totalKnown = false;
        setState(State::Loading);
        showRows(skeletonRows);
    } else {
        Q_EMIT stateChanged();
    }
    fetchVisible();
}

void RecordModel::setState(State state)
{
    m_state = state;
    Q_EMIT stateChanged();
}

void RecordModel::setVisibleRows(int first, int last)
{
    if (m_stale && m_resetOnArrival)
        return; // the rows on screen are those of the query before
    m_firstVisible = std::max(0, first);
    m_lastVisible = std::max(m_firstVisible, last);
    m_fetchTimer.start();
}

void RecordModel::fetchVisible()
{
    if (!m_fetcher.hasSource() || m_state == State::Failed)
        return;
    const qint64 first = PageCache::pageOf(m_windowStart + m_firstVisible);
    const qint64 onScreen = PageCache::pageOf(m_windowStart + m_lastVisible);
    const qint64 last = m_stale || !m_totalKnown ? onScreen : onScreen + 1;
    m_fetcher.cancelPagesOutside(first, last);
    const bool fromTop = m_resetOnArrival && (m_stale || m_state == State::Loading);
    for (qint64 page = first; page <= last && m_fetcher.canFetchMore(); ++page) {
        const bool beyond = m_totalKnown && !fromTop && page > 0 && page * PageCache::pageRows >= m_total;
        if (beyond || (m_cache.has(page) && !m_stale))
            continue;
        contacts::Slice top;
        top.limit = PageCache::pageRows;
        top.skip = page * PageCache::pageRows;
        m_fetcher.fetch(page, fromTop ? top : m_cache.sliceFor(page));
    }
}

void RecordModel::takePage(qint64 number, contacts::Page &page, int milliseconds)
{
    m_lastFetch = milliseconds;
    m_scanned = page.scannedWithoutIndex;
    m_hasError = false;
    const bool first = m_stale || m_state == State::Loading;
    const bool reset = first && m_resetOnArrival;
    if (first) {
        if (reset)
            beginResetModel();
        replaceContent();
    }
    const qsizetype rows = page.rows.rowCount();
    const contacts::Page *kept = &page;
    m_cache.insert(number, std::move(page), PageCache::pageOf(m_windowStart + m_firstVisible));
    kept = m_cache.page(number);
    if (reset) {
        m_rows = static_cast<int>(rows);
        m_total = rows;
        m_totalKnown = false;
        endResetModel();
    }
    if (kept)
        takeTotalFrom(number, *kept);
    setState(m_total == 0 && m_totalKnown ? State::Empty : State::Ready);
    if (first)
        Q_EMIT readAnew(m_samePlaces);
    Q_EMIT rowsArrived(number * PageCache::pageRows, rows);
    if (first && (!m_totalKnown || m_totalIsEstimate)) {
        m_counting = true;
        m_fetcher.count(contacts::CountMode::Estimated);
    }
    if (m_rows > 0) {
        // After a refresh every row may have changed, otherwise those of the page.
        const qint64 from = first ? 0 : number * PageCache::pageRows - m_windowStart;
        const qint64 to = first ? m_rows - 1 : from + rows - 1;
        if (to >= 0 && from < m_rows) {
            Q_EMIT dataChanged(index(static_cast<int>(std::max<qint64>(0, from)), 0),
                               index(static_cast<int>(std::min<qint64>(to, m_rows - 1)), columnCount() - 1));
        }
    }
    m_fetchTimer.start();
}

void RecordModel::replaceContent()
{
    m_cache.clear();
    ++m_reading;
    m_cached = m_requested;
    m_stale = false;
    if (m_resetOnArrival)
        m_windowStart = 0;
    else
        m_totalKnown = false;
    mapColumns();
}

void RecordModel::takeTotalFrom(qint64 number, const contacts::Page &page)
{
    const qint64 start = number * PageCache::pageRows;
    const qint64 end = start + page.rows.rowCount();
    if (!page.more && (end > start || number == 0)) {
        m_counting = false;
        setTotal(end, false);
    } else if (!page.more) {
        // The estimate was too high: there is nothing here. Find out where the end is.
        m_counting = true;
        setTotal(std::min(m_total, start), true);
        m_fetcher.count(contacts::CountMode::Exact);
    } else if (m_total <= end) {
        setTotal(end + PageCache::pageRows, true);
        m_totalKnown = m_totalKnown && !m_counting && number > 0;
    }
}

void RecordModel::takeCount(const contacts::Count &count)
{
    if (m_totalKnown && !m_totalIsEstimate)
        return; // the last page already told
    m_counting = false;
    // Pages at hand know better than an estimate that is too low.
    const contacts::Page *firstPage = m_cache.page(0);
    const qint64 atLeast = firstPage ? firstPage->rows.rowCount() + (firstPage->more ? 1 : 0) : 0;
    setTotal(std::max(count.rows, atLeast), count.estimated);
    if (count.estimated && count.rows <= m_limits.exactCountUpTo)
        countExactly();
    if (m_total == 0)
        setState(State::Empty);
}

void RecordModel::countExactly()
{
    m_counting = true;
    m_fetcher.count(contacts::CountMode::Exact);
    Q_EMIT totalChanged();
}

void RecordModel::setTotal(qint64 total, bool estimate)
{
    m_total = total;
    m_totalIsEstimate = estimate;
    m_totalKnown = true;
    const qint64 top = m_windowStart + m_firstVisible;
    qint64 start = isWindowed() ? std::min(m_windowStart, lastWindowStart()) : 0;
    if (isWindowed() && top < total && top >= start + m_limits.windowRows)
        start = windowStartFor(top);
    const qint64 rows = std::min(total - start, isWindowed() ? m_limits.windowRows : total);
    // Inserting and removing at the end would not tell that rows mean others, or that rows which only leave the window exist.
    if (start != m_windowStart || (rows < m_rows && start + rows < total))
        resetWindow(start, rows);
    else
        showRows(rows);
    Q_EMIT totalChanged();
}

/// What is visible stays visible, as far as it is in the new window.
void RecordModel::resetWindow(qint64 start, qint64 rows)
{
    const auto moved = [&](int row) {
        return static_cast<int>(std::clamp<qint64>(m_windowStart + row - start, 0, std::max<qint64>(0, rows - 1)));
    };
    beginResetModel();
    m_firstVisible = moved(m_firstVisible);
    m_lastVisible = moved(m_lastVisible);
    m_windowStart = start;
    m_rows = static_cast<int>(rows);
    endResetModel();
    m_fetchTimer.start();
}

/// Up to a whole page, so that the last window still reaches the end.
qint64 RecordModel::lastWindowStart() const
{
    const qint64 first = std::max<qint64>(0, m_total - m_limits.windowRows);
    return (first + PageCache::pageRows - 1) / PageCache::pageRows * PageCache::pageRows;
}

qint64 RecordModel::windowStartFor(qint64 absoluteRow) const
{
    const qint64 start = std::clamp<qint64>(absoluteRow - m_limits.windowRows / 2, 0, lastWindowStart());
    return start / PageCache::pageRows * PageCache::pageRows;
}

void RecordModel::showRows(qint64 rows)
{
    const int wanted = static_cast<int>(std::max<qint64>(0, rows));
    if (wanted > m_rows) {
        beginInsertRows({}, m_rows, wanted - 1);
        m_rows = wanted;
        endInsertRows();
    } else if (wanted < m_rows) {
        beginRemoveRows({}, wanted, m_rows - 1);
        m_rows = wanted;
        endRemoveRows();
    }
}

void RecordModel::takeFailure(const Error &error)
{
    m_error = error;
    m_hasError = true;
    m_counting = false;
    if (m_state == State::Loading || m_cache.isEmpty()) {
        showRows(0);
        m_fetcher.cancelAll();
        setState(State::Failed);
        return;
    }
    Q_EMIT stateChanged();
}

void RecordModel::moveWindow(qint64 absoluteRow)
{
    if (!isWindowed())
        return;
    const qint64 margin = m_limits.windowRows / 10;
    const bool inside = absoluteRow >= m_windowStart + margin && absoluteRow < m_windowStart + m_rows - margin;
    const bool atEdge = (m_windowStart == 0 && absoluteRow < m_rows - margin)
                        || (m_windowStart + m_rows >= m_total && absoluteRow >= m_windowStart + margin);
    if (inside || atEdge)
        return;
    const qint64 start = windowStartFor(absoluteRow);
    resetWindow(start, std::min(m_limits.windowRows, m_total - start));
}

void RecordModel::mapColumns()
{
    m_batchColumn.clear();
    for (const Field *field : m_fields)
        m_batchColumn.push_back(columnNamed(m_cached, field->name));
    m_uuidColumn = columnNamed(m_cached, "uuid");
}

std::vector<OutputColumn> RecordModel::outputColumns() const
{
    std::vector<OutputColumn> columns;
    for (const Field *field : m_fields)
        columns.push_back(outputColumn(*field));
    if (columnNamed(columns, "uuid") < 0) {
        if (const Field *uuid = contacts::findField(m_entity, u"uuid"))
            columns.push_back(outputColumn(*uuid));
    }
    return columns;
}

const db::RowBatch *RecordModel::batchFor(int row, int column, qsizetype &batchRow, int &batchColumn) const
{
    if (row < 0 || row >= m_rows || column < 0 || column >= static_cast<int>(m_batchColumn.size()))
        return nullptr;
    const auto place = m_cache.find(m_windowStart + row);
    batchColumn = m_batchColumn[static_cast<size_t>(column)];
    if (!place || batchColumn < 0)
        return nullptr;
    batchRow = place->row;
    return place->batch;
}

bool RecordModel::isLoaded(int row) const
{
    return row >= 0 && row < m_rows && m_cache.find(m_windowStart + row).has_value();
}

std::vector<int> RecordModel::loadedRows(int first, int last) const
{
    std::vector<int> rows;
    const qint64 from = m_windowStart + std::max(0, first);
    const qint64 to = m_windowStart + std::min(last, m_rows - 1);
    for (const auto &[start, count] : m_cache.stretches()) {
        for (qint64 row = std::max(from, start); row <= std::min(to, start + count - 1); ++row)
            rows.push_back(static_cast<int>(row - m_windowStart));
    }
    return rows;
}

QByteArray RecordModel::uuidAt(int row) const
{
    if (!isLoaded(row) || m_uuidColumn < 0)
        return {};
    const auto place = m_cache.find(m_windowStart + row);
    const std::string_view text = place->batch->cell(place->row, m_uuidColumn).text();
    return {text.data(), static_cast<qsizetype>(text.size())};
}

std::vector<RecordModel::PlannedPage> RecordModel::plan(const std::vector<qint64> &rows) const
{
    std::vector<PlannedPage> pages;
    for (const qint64 row : rows) {
        const qint64 number = PageCache::pageOf(row);
        if (pages.empty() || pages.back().number != number)
            pages.push_back({number, m_cache.sliceFor(number), {}});
        pages.back().rows.push_back(row - number * PageCache::pageRows);
    }
    return pages;
}

QString RecordModel::exactTextAt(int row, int column) const
{
    qsizetype batchRow = 0;
    int batchColumn = 0;
    const db::RowBatch *batch = batchFor(row, column, batchRow, batchColumn);
    return batch ? exactText(batch->cell(batchRow, batchColumn), m_fields[static_cast<size_t>(column)]->type) : QString();
}

int RecordModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : m_rows;
}

int RecordModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_fields.size());
}

QVariant RecordModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.column() >= columnCount())
        return {};
    const Field &field = *m_fields[static_cast<size_t>(index.column())];
    if (role == NumericRole)
        return field.type == db::ColumnType::Integer;
    if (role == Qt::TextAlignmentRole) {
        const Qt::Alignment side = field.type == db::ColumnType::Integer ? Qt::AlignRight : Qt::AlignLeft;
        return QVariant::fromValue(Qt::Alignment(side | Qt::AlignVCenter));
    }
    if (role == UuidRole)
        return uuidAt(index.row());
    qsizetype batchRow = 0;
    int batchColumn = 0;
    const db::RowBatch *batch = batchFor(index.row(), index.column(), batchRow, batchColumn);
    if (role == LoadedRole)
        return batch != nullptr;
    if (!batch || (role != Qt::DisplayRole && role != Qt::ToolTipRole && role != Qt::AccessibleTextRole))
        return {};
    const db::Cell cell = batch->cell(batchRow, batchColumn);
    if (role == Qt::ToolTipRole)
        return exactText(cell, field.type).left(2000);
    return displayText(cell, field.type, QLocale(), QDateTime::currentDateTimeUtc());
}

QVariant RecordModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    const Field &field = *m_fields[static_cast<size_t>(section)];
    if (role == Qt::TextAlignmentRole)
        return data(index(0, section), role);
    if (role == Qt::ToolTipRole) {
        return field.orderable ? QStringLiteral("Click to sort by %1").arg(latin(field.label))
                               : QStringLiteral("%1 cannot be sorted by").arg(latin(field.label));
    }
    if (role != Qt::DisplayRole)
        return {};
    if (!m_query.order.empty() && field.isCalled(QString::fromUtf8(m_query.order.front().name)))
        return orderedLabel(section, m_query.order.front().descending);
    return latin(field.label);
}

QString RecordModel::orderedLabel(int column, bool descending) const
{
    return latin(m_fields[static_cast<size_t>(column)]->label) + (descending ? QStringLiteral("  ▼") : QStringLiteral("  ▲"));
}

Qt::ItemFlags RecordModel::flags(const QModelIndex &index) const
{
    if (!index.isValid() || m_state == State::Loading)
        return Qt::NoItemFlags;
    return Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemNeverHasChildren;
}

} // namespace a360::ui

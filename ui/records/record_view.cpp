// SPDX-License-Identifier: GPL-3.0-or-later
#include "records/record_view.h"

#include "records/cell_text.h"
#include "records/record_delegate.h"
#include "records/record_selection.h"
#include "records/row_copier.h"
#include "theme/tokens.h"
#include "work/run_async.h"

#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QScrollBar>

#include <algorithm>

namespace a360::ui {

namespace {
constexpr int mostNarrowing = 20; // percent
constexpr int mostCharacters = 32;
}

void GridTable::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Copy)) {
        Q_EMIT copyRequested();
        return;
    }
    const bool plain = event->modifiers() == Qt::NoModifier;
    if (plain && (event->key() == Qt::Key_Home || event->key() == Qt::Key_End)) {
        Q_EMIT jumpRequested(event->key() == Qt::Key_End);
        return;
    }
    QTableView::keyPressEvent(event);
}

void GridTable::resizeEvent(QResizeEvent *event)
{
    QTableView::resizeEvent(event);
    Q_EMIT viewportResized();
}

/// A current row that is only found again does not scroll there.
void GridTable::currentChanged(const QModelIndex &current, const QModelIndex &previous)
{
    const auto *records = qobject_cast<const RecordSelection *>(selectionModel());
    const bool scrolls = hasAutoScroll();
    setAutoScroll(scrolls && !(records && records->isRestoring()));
    QTableView::currentChanged(current, previous);
    setAutoScroll(scrolls);
}

RecordView::RecordView(RecordModel *model, QThreadPool &pool, QWidget *parent)
    : QWidget(parent), m_model(model), m_pool(pool), m_table(new GridTable(this)),
      m_delegate(new RecordDelegate(this)), m_selection(nullptr), m_bar(new QScrollBar(Qt::Vertical, this))
{
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(m_table, 1);
    row->addWidget(m_bar);
    m_bar->setAccessibleName(tr("Scroll through all rows"));
    m_bar->hide();
    configureTable();
    setFocusProxy(m_table);

    connect(m_table->verticalScrollBar(), &QScrollBar::valueChanged, this, &RecordView::reportVisible);
    connect(m_table, &GridTable::viewportResized, this, &RecordView::reportVisible);
    connect(m_bar, &QScrollBar::valueChanged, this, [this](int value) {
        if (!m_moving)
            scrollToRow(value);
    });
    connect(m_model, &RecordModel::totalChanged, this, &RecordView::syncBar);
    connect(m_model, &QAbstractItemModel::modelAboutToBeReset, this, [this] {
        m_readingBefore = m_model->reading();
        m_topBefore = m_model->windowStart() + m_table->verticalScrollBar()->value();
    });
    connect(m_model, &QAbstractItemModel::modelReset, this, &RecordView::keepScrollPlace);
    connect(m_model, &QAbstractItemModel::modelReset, this, &RecordView::syncBar);
    connect(m_model, &RecordModel::stateChanged, this, [this] {
        m_delegate->setStale(m_model->isStale());
        m_table->viewport()->update();
        reportVisible();
    });
    connect(m_selection, &RecordSelection::lost, this, [this] {
        Q_EMIT message(tr("So many selected rows, not all of them loaded, cannot be found again after reading. Nothing is selected now."));
    });
    connect(m_table, &GridTable::copyRequested, this, &RecordView::copySelection);
    connect(m_table, &GridTable::jumpRequested, this, [this](bool toEnd) {
        const qint64 target = toEnd ? m_model->total() - 1 : 0;
        if (m_model->rowCount() == 0 || target < 0)
            return;
        moveWindow(target);
        m_table->setCurrentIndex(m_model->index(static_cast<int>(target - m_model->windowStart()),
                                                std::max(0, m_table->currentIndex().column())));
    });
}

RecordView::~RecordView()
{
    m_copying.cancel();
}

void RecordView::configureTable()
{
    m_table->setModel(m_model);
    const QItemSelectionModel *plain = m_table->selectionModel();
    m_selection = new RecordSelection(m_model, m_pool, this); // after the table has begun to follow the model
    m_table->setSelectionModel(m_selection);
    delete plain;
    m_table->setItemDelegate(m_delegate);
    m_table->setAccessibleName(tr("Rows"));
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_table->setVerticalScrollMode(QAbstractItemView::ScrollPerItem);
    m_table->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_table->setAlternatingRowColors(true);
    m_table->setShowGrid(false);
    m_table->setWordWrap(false);
    m_table->setTabKeyNavigation(false);
    m_table->setCornerButtonEnabled(false);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_table->verticalHeader()->setDefaultSectionSize(metrics::rowHeight);
    m_table->verticalHeader()->setMinimumSectionSize(metrics::rowHeight);
    configureHeader();
}

void RecordView::configureHeader()
{
    QHeaderView *header = m_table->horizontalHeader();
    header->setSectionsMovable(true);
    header->setSectionsClickable(true);
    header->setHighlightSections(false);
    header->setSectionResizeMode(QHeaderView::Interactive);
    header->setMinimumSectionSize(48);
    header->setFixedHeight(32);
    header->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(header, &QHeaderView::sectionClicked, this, &RecordView::sortRequested);
    connect(header, &QHeaderView::sectionMoved, this, &RecordView::columnsMoved);
    connect(header, &QHeaderView::sectionResized, this, &RecordView::columnsMoved);
    connect(header, &QWidget::customContextMenuRequested, this,
            [this, header](const QPoint &at) { Q_EMIT headerMenuRequested(header->mapToGlobal(at)); });
}

int RecordView::visibleRowCount() const
{
    return std::max(1, m_table->viewport()->height() / metrics::rowHeight);
}

void RecordView::reportVisible()
{
    if (m_moving)
        return;
    const int first = m_table->verticalScrollBar()->value();
    if (m_model->isWindowed())
        moveWindow(m_model->windowStart() + first);
    const int now = m_table->verticalScrollBar()->value();
    m_model->setVisibleRows(now, now + visibleRowCount());
    syncBar();
}

void RecordView::moveWindow(qint64 absoluteRow)
{
    const bool moving = std::exchange(m_moving, true);
    m_model->moveWindow(absoluteRow);
    m_moving = moving;
}

/// A reset forgets the scroll place. Rows of the same reading are still the same rows.
void RecordView::keepScrollPlace()
{
    if (m_model->reading() != m_readingBefore || m_model->rowCount() == 0)
        return;
    const bool moving = std::exchange(m_moving, true);
    m_table->doItemsLayout(); // the range of the scroll bar follows only then
    m_table->verticalScrollBar()->setValue(static_cast<int>(std::clamp<qint64>(m_topBefore - m_model->windowStart(), 0, m_model->rowCount())));
    m_moving = moving;
}

void RecordView::scrollToRow(qint64 absoluteRow)
{
    moveWindow(absoluteRow);
    m_table->verticalScrollBar()->setValue(static_cast<int>(absoluteRow - m_model->windowStart()));
    reportVisible();
}

void RecordView::syncBar()
{
    const bool windowed = m_model->isWindowed() && m_model->state() == RecordModel::State::Ready;
    m_table->setVerticalScrollBarPolicy(windowed ? Qt::ScrollBarAlwaysOff : Qt::ScrollBarAsNeeded);
    m_bar->setVisible(windowed);
    if (!windowed)
        return;
    const bool moving = std::exchange(m_moving, true);
    m_bar->setPageStep(visibleRowCount());
    m_bar->setRange(0, static_cast<int>(std::min<qint64>(m_model->total() - visibleRowCount(),
                                                         std::numeric_limits<int>::max())));
    m_bar->setValue(static_cast<int>(m_model->windowStart() + m_table->verticalScrollBar()->value()));
    m_moving = moving;
}

void RecordView::copySelection()
{
    const int count = m_selection->count();
    if (count == 0)
        return;
    if (count > maxCopiedRows) {
        Q_EMIT message(tr("Up to %1 rows can be copied. Export the rest instead.").arg(QLocale().toString(maxCopiedRows)));
        return;
    }
    std::vector<const contacts::Field *> fields;
    for (const QString &name : columnLayout())
        fields.push_back(contacts::findField(m_model->entity(), name));
    m_copying.cancel();
    m_copying = CancelSource{};
    const CancelToken token = m_copying.token();
    bool areKnown = false;
    std::vector<QByteArray> uuids = m_selection->uuids(&areKnown);
    std::vector<RecordModel::PlannedPage> pages;
    if (!areKnown) { // only then by place: somebody may have written since the rows were read
        uuids = m_selection->uuidsWithoutRow();
        pages = m_model->plan(m_selection->rows());
    }
    runAsync(
        m_pool, this,
        [source = m_model->source(), query = m_model->query(), fields, pages, uuids, token]() -> Result<QString> {
            A360_TRY_ASSIGN(QString text, copyRows(*source, query, fields, pages, token));
            if (!uuids.empty()) {
                A360_TRY_ASSIGN(const QString records, copyRecords(*source, query, fields, uuids, token));
                text += records;
            }
            return text;
        },
        [this, token](const Result<QString> &text) {
            if (!token.isCancelled())
                takeCopy(text);
        });
}

void RecordView::takeCopy(const Result<QString> &text)
{
    if (!text.ok()) {
        Q_EMIT message(text.error().message);
        return;
    }
    if (text->isEmpty()) {
        Q_EMIT message(tr("None of the selected rows is there any more. Nothing was copied."));
        return;
    }
    QApplication::clipboard()->setText(*text);
    Q_EMIT message(tr("Copied: %1").arg(rowsText(text->count(QLatin1Char('\n')), QLocale())));
}

QStringList RecordView::columnLayout() const
{
    QStringList names;
    const QHeaderView *header = m_table->horizontalHeader();
    for (int visual = 0; visual < header->count(); ++visual) {
        const std::string_view name = m_model->visibleFields()[static_cast<size_t>(header->logicalIndex(visual))]->name;
        names.append(QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size())));
    }
    return names;
}

void RecordView::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    fitWidths();
}

int RecordView::labelWidth(int column) const
{
    const QHeaderView *header = m_table->horizontalHeader();
    QStyleOptionHeader option;
    option.initFrom(header);
    option.orientation = Qt::Horizontal;
    option.section = column;
    // As wide as the header's own hint is bold, with whichever arrow is wider.
    QFont bold = header->font();
    bold.setBold(true);
    option.fontMetrics = QFontMetrics(bold);
    int width = header->minimumSectionSize();
    for (const bool descending : {false, true}) {
        option.text = m_model->orderedLabel(column, descending);
        width = std::max(width, header->style()->sizeFromContents(QStyle::CT_HeaderSection, &option, QSize(), header).width());
    }
    return width;
}

/// Room for what the field usually holds.
int RecordView::contentWidth(int column) const
{
    const contacts::Field &field = *m_model->visibleFields()[static_cast<size_t>(column)];
    return fontMetrics().averageCharWidth() * std::min(field.width, mostCharacters) + 2 * metrics::unit + metrics::half;
}

void RecordView::fitWidths()
{
    if (!m_mayFit || !isVisible())
        return;
    m_mayFit = false;
    QHeaderView *header = m_table->horizontalHeader();
    const int total = header->length();
    const int room = m_table->width() - m_table->verticalScrollBar()->sizeHint().width();
    if (total <= room || total > room + room * mostNarrowing / 100)
        return;
    // Only what is more than a column's label needs can be given away.
    int spare = 0;
    for (int column = 0; column < header->count(); ++column)
        spare += std::max(0, header->sectionSize(column) - labelWidth(column));
    if (spare < total - room)
        return;
    int missing = total - room;
    for (int column = 0; column < header->count(); ++column) {
        const int own = std::max(0, header->sectionSize(column) - labelWidth(column));
        const int given = spare > 0 ? (missing * own + spare - 1) / spare : 0;
        header->resizeSection(column, header->sectionSize(column) - given);
        missing -= given;
        spare -= own;
    }
}

void RecordView::showFields(std::vector<const contacts::Field *> fields, const QList<int> &widths, bool mayFit)
{
    const int top = m_table->verticalScrollBar()->value();
    const int left = m_table->horizontalScrollBar()->value();
    m_moving = true; // the reset scrolls to the top, and nobody wants to see rows from there
    m_model->setFields(std::move(fields));
    applyWidths(widths, mayFit);
    m_table->verticalScrollBar()->setValue(top);
    m_table->horizontalScrollBar()->setValue(left);
    m_moving = false;
    reportVisible();
}

void RecordView::applyWidths(const QList<int> &widths, bool mayFit)
{
    m_mayFit = mayFit;
    QHeaderView *header = m_table->horizontalHeader();
    for (int column = 0; column < m_model->columnCount(); ++column) {
        header->moveSection(header->visualIndex(column), column); // earlier drags are part of the field order now
        const int chosen = column < widths.size() ? widths[column] : 0;
        if (chosen > 0)
            header->resizeSection(column, chosen);
        else
            header->resizeSection(column, std::max(contentWidth(column), labelWidth(column)));
    }
    fitWidths();
}

} // namespace a360::ui

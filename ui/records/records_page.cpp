// SPDX-License-Identifier: GPL-3.0-or-later
#include "records/records_page.h"

#include "filters/filter_bar.h"
#include "filters/filter_words.h"
#include "records/cell_text.h"
#include "records/column_chooser.h"
#include "records/detail_panel.h"
#include "records/record_selection.h"
#include "records/record_view.h"
#include "theme/icons.h"
#include "theme/theme.h"
#include "theme/tokens.h"
#include "widgets/state_panel.h"
#include "widgets/tab_chain.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

namespace a360::ui {

using contacts::Entity;

namespace {

constexpr int searchRest = 250;
constexpr int rememberRest = 500;
constexpr int detailWidth = 344;
constexpr int searchWidth = 320;

QString plural(Entity entity)
{
    return entity == Entity::Contact ? QStringLiteral("contacts") : QStringLiteral("companies");
}

} // namespace

RecordsPage::RecordsPage(Entity entity, Session &session, Remembered &remembered, QWidget *parent)
    : QWidget(parent), m_entity(entity), m_session(session), m_remembered(remembered),
      m_model(new RecordModel(entity, session.interactive(), this)),
      m_view(new RecordView(m_model, session.interactive(), this)),
      m_detail(new DetailPanel(entity, session.interactive(), this)), m_filterBar(new FilterBar(entity, this)),
      m_columnChooser(new ColumnChooser(entity, this)), m_state(new StatePanel(this)), m_stack(new QStackedWidget(this)),
      m_splitter(new QSplitter(Qt::Horizontal, this)), m_search(new QLineEdit(this)), m_banner(new QFrame(this)),
      m_bannerText(new QLabel(m_banner))
{
    layOut();
    connectParts();
    connectSurroundings();
    applyColumns(defaultColumns(m_entity));
    followSession();
}

void RecordsPage::layOut()
{
    m_splitter->addWidget(m_view);
    m_splitter->addWidget(m_detail);
    m_splitter->setHandleWidth(1);
    m_splitter->setStretchFactor(0, 1);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setSizes({10 * detailWidth, detailWidth});
    m_detail->setMinimumWidth(288);
    m_detail->setMaximumWidth(480);
    m_detail->hide();
    m_stack->addWidget(m_splitter);
    m_stack->addWidget(m_state);

    setRole(m_banner, role::banner);
    auto *bannerRow = new QHBoxLayout(m_banner);
    bannerRow->setContentsMargins(16, 6, 16, 6);
    auto *retry = new QPushButton(tr("Retry"), m_banner);
    connect(retry, &QPushButton::clicked, this, &RecordsPage::refresh);
    setRole(m_bannerText, role::bad);
    m_bannerText->setWordWrap(true);
    bannerRow->addWidget(m_bannerText, 1);
    bannerRow->addWidget(retry);
    m_banner->hide();

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeHeader());
    column->addWidget(m_filterBar);
    column->addWidget(m_banner);
    column->addWidget(m_stack, 1);
    m_filterBar->setTabAnchor(m_export);
    chainTabs(QList<QWidget *>{m_search, m_filterButton, m_refreshButton, m_columnsButton, m_detailButton, m_export, retry,
                               m_view->table()}
              + m_detail->tabAnchors() + m_state->tabAnchors());
}

/// The page's own widgets with each other.
void RecordsPage::connectParts()
{
    m_searchRest.setSingleShot(true);
    m_searchRest.setInterval(searchRest);
    m_rememberRest.setSingleShot(true);
    m_rememberRest.setInterval(rememberRest);
    connect(m_search, &QLineEdit::textChanged, &m_searchRest, qOverload<>(&QTimer::start));
    connect(m_search, &QLineEdit::returnPressed, this, [this] {
        m_searchRest.stop();
        applyQuery();
        m_view->setFocus();
    });
    connect(&m_searchRest, &QTimer::timeout, this, &RecordsPage::applyQuery);
    connect(&m_rememberRest, &QTimer::timeout, this, &RecordsPage::remember);
    connect(m_filterBar, &FilterBar::filtersChanged, this, &RecordsPage::applyQuery);
    connect(m_columnChooser, &ColumnChooser::chosen, this, [this](const QStringList &names) {
        applyColumns(names);
        remember();
    });
    connect(m_view, &RecordView::sortRequested, this, &RecordsPage::sortBy);
    connect(m_view, &RecordView::columnsMoved, &m_rememberRest, qOverload<>(&QTimer::start));
    connect(m_view, &RecordView::headerMenuRequested, this,
            &RecordsPage::openColumnPopup);
    connect(m_view->selection(), &RecordSelection::currentRecordChanged, this, [this](const QByteArray &uuid) {
        if (!m_detail->isHidden()) // also while another page is shown
            m_detail->showRecord(uuid);
    });
    connect(m_view->table(), &QTableView::doubleClicked, this, [this] {
        if (!m_detail->isVisible())
            toggleDetails();
    });
}

/// The page with the model, the session and the window around it.
void RecordsPage::connectSurroundings()
{
    connect(m_view->selection(), &RecordSelection::changed, this, &RecordsPage::statusChanged);
    connect(m_view, &RecordView::message, this, &RecordsPage::message);
    connect(m_detail, &DetailPanel::message, this, &RecordsPage::message);
    connect(m_detail, &DetailPanel::closeRequested, this, &RecordsPage::toggleDetails);
    connect(m_model, &RecordModel::stateChanged, this, &RecordsPage::showPlace);
    connect(m_model, &RecordModel::totalChanged, this, &RecordsPage::statusChanged);
    connect(&m_session, &Session::stateChanged, this, &RecordsPage::followSession);
    connect(&m_session, &Session::dataChanged, this, &RecordsPage::refresh);
}

QToolButton *RecordsPage::makeTool(int symbol, const QString &text, const QString &shortcut)
{
    auto *button = new QToolButton(this);
    button->setIcon(icon(static_cast<Icon>(symbol)));
    button->setIconSize(QSize(metrics::iconSmall, metrics::iconSmall));
    button->setToolTip(shortcut.isEmpty() ? text : QStringLiteral("%1 (%2)").arg(text, shortcut));
    button->setAccessibleName(text);
    return button;
}

QWidget *RecordsPage::makeHeader()
{
    auto *header = new QWidget(this);
    header->setFixedHeight(metrics::headerHeight);
    auto *title = new QLabel(m_entity == Entity::Contact ? tr("Contacts") : tr("Companies"), header);
    setRole(title, role::title);
    m_search->setPlaceholderText(m_entity == Entity::Contact ? tr("Search name, e-mail, company…")
                                                             : tr("Search name, industry, place…"));
    m_search->setAccessibleName(tr("Search %1").arg(plural(m_entity)));
    m_search->setClearButtonEnabled(true);
    m_search->addAction(icon(Icon::Search), QLineEdit::LeadingPosition);
    m_search->setMaximumWidth(searchWidth);
    m_search->setMinimumWidth(120);
    m_filterButton = makeTool(static_cast<int>(Icon::Filter), tr("Filter"), QStringLiteral("Ctrl+L"));
    m_filterButton->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_filterButton->setText(tr("Filter"));
    m_columnsButton = makeTool(static_cast<int>(Icon::Columns), tr("Choose columns"), {});
    m_detailButton = makeTool(static_cast<int>(Icon::Details), tr("Details"), QStringLiteral("Ctrl+I"));
    m_detailButton->setCheckable(true);
    m_refreshButton = makeTool(static_cast<int>(Icon::Refresh), tr("Refresh"), QStringLiteral("F5"));
    m_export = new QPushButton(tr("Export…"), header);
    setRole(m_export, role::primary);
    m_export->setToolTip(tr("Export these %1 to a file (Ctrl+E)").arg(plural(m_entity)));

    auto *row = new QHBoxLayout(header);
    row->setContentsMargins(16, 0, 16, 0);
    row->setSpacing(metrics::unit);
    row->addWidget(title);
    row->addSpacing(metrics::unit);
    row->addWidget(m_search, 1);
    row->addWidget(m_filterButton);
    row->addStretch(1);
    row->addWidget(m_refreshButton);
    row->addWidget(m_columnsButton);
    row->addWidget(m_detailButton);
    row->addSpacing(metrics::half);
    row->addWidget(m_export);
    connect(m_filterButton, &QToolButton::clicked, this, &RecordsPage::openFilterPopup);
    connect(m_columnsButton, &QToolButton::clicked, this, &RecordsPage::openColumnPopup);
    connect(m_detailButton, &QToolButton::clicked, this, &RecordsPage::toggleDetails);
    connect(m_refreshButton, &QToolButton::clicked, this, &RecordsPage::refresh);
    connect(m_export, &QPushButton::clicked, this, &RecordsPage::exportRequested);
    return header;
}

void RecordsPage::followSession()
{
    if (m_session.state() == Session::State::Opening)
        restore();
    m_detail->setSource(m_session.source());
    if (m_session.state() == Session::State::Open)
        applyQuery(); // before the source comes, so that it is asked once
    m_model->setSource(m_session.source());
    if (m_session.state() == Session::State::Opening)
        m_model->expectSource();
    showPlace();
}

void RecordsPage::restore()
{
    const QString group = plural(m_entity) + QLatin1Char('/');
    const QStringList columns = m_remembered.databaseValue(group + QStringLiteral("columns")).toStringList();
    applyColumns(columns.isEmpty() ? defaultColumns(m_entity) : columns);
    contacts::Parameters filters;
    const QStringList stored = m_remembered.databaseValue(group + QStringLiteral("filters")).toStringList();
    for (const QString &line : stored) {
        const qsizetype at = line.indexOf(QLatin1Char('='));
        if (at > 0 && contacts::findFilter(m_entity, line.left(at)))
            filters.append({line.left(at), line.mid(at + 1)});
    }
    m_filterBar->setFilters(filters);
    m_order = m_remembered.databaseValue(group + QStringLiteral("order")).toString();
    const QSignalBlocker quiet(m_search);
    m_search->clear(); // a search is a passing thing; filters and order stay
}

void RecordsPage::remember()
{
    const QString group = plural(m_entity) + QLatin1Char('/');
    const QStringList columns = m_view->columnLayout();
    m_remembered.setDatabaseValue(group + QStringLiteral("columns"), columns);
    const QHeaderView *header = m_view->table()->horizontalHeader();
    for (int visual = 0; visual < header->count() && !m_view->awaitsFit(); ++visual) {
        m_remembered.setDatabaseValue(group + QStringLiteral("width/") + columns[visual],
                                      header->sectionSize(header->logicalIndex(visual)));
    }
    QStringList filters;
    for (const auto &[parameter, value] : m_filterBar->filters())
        filters.append(parameter + QLatin1Char('=') + value);
    m_remembered.setDatabaseValue(group + QStringLiteral("filters"), filters);
    m_remembered.setDatabaseValue(group + QStringLiteral("order"), m_order);
}

contacts::Parameters RecordsPage::parameters() const
{
    contacts::Parameters all = m_filterBar->filters();
    if (const QString words = m_search->text().trimmed(); !words.isEmpty())
        all.append({QStringLiteral("search"), words});
    if (!m_order.isEmpty())
        all.append({QStringLiteral("ordering"), m_order});
    return all;
}

bool RecordsPage::isFiltered() const
{
    return !m_filterBar->filters().isEmpty() || !m_search->text().trimmed().isEmpty();
}

void RecordsPage::applyQuery()
{
    const auto parsed = contacts::parseQuery(m_entity, parameters(), contacts::DefaultOrder::NewestFirst);
    m_queryIsWrong = !parsed.ok();
    if (!parsed.ok()) {
        m_queryError = inScreenWords(m_entity, parsed.error());
        showPlace();
        return;
    }
    m_rememberRest.start();
    m_model->setQuery(parsed->query);
}

void RecordsPage::applyColumns(const QStringList &names)
{
    std::vector<const contacts::Field *> fields;
    for (const QString &name : names) {
        if (const contacts::Field *field = contacts::findField(m_entity, name))
            fields.push_back(field);
    }
    if (fields.empty())
        return;
    const QString group = plural(m_entity) + QStringLiteral("/width/");
    QList<int> widths;
    bool usual = true; // nobody has chosen a width yet
    for (const contacts::Field *field : fields) {
        const QVariant chosen =
            m_remembered.databaseValue(group + QString::fromUtf8(field->name.data(), static_cast<qsizetype>(field->name.size())));
        usual = usual && !chosen.isValid();
        widths.append(chosen.toInt());
    }
    m_view->showFields(std::move(fields), widths, usual);
}

void RecordsPage::sortBy(int section)
{
    const contacts::Field &field = *m_model->visibleFields()[static_cast<size_t>(section)];
    const QString name = QString::fromUtf8(field.name.data(), static_cast<qsizetype>(field.name.size()));
    if (!field.orderable) {
        Q_EMIT message(tr("%1 cannot be sorted by.").arg(QString::fromUtf8(field.label.data(),
                                                                          static_cast<qsizetype>(field.label.size()))));
        return;
    }
    const QString descending = QLatin1Char('-') + name;
    // Up, down, then back to the newest first.
    if (m_order == name)
        m_order = descending;
    else
        m_order = m_order == descending ? QString() : name;
    applyQuery();
}

bool RecordsPage::showsState() const
{
    return m_stack->currentWidget() == m_state;
}

void RecordsPage::showPlace()
{
    const Session::State session = m_session.state();
    const RecordModel::State state = m_model->state();
    if (session == Session::State::Failed) {
        m_state->showError(tr("The database cannot be opened"), m_session.error(),
                           {{tr("Retry"), [this] { m_session.retry(); }, true},
                            {tr("Choose database…"), [this] { Q_EMIT databaseRequested(); }}});
        m_stack->setCurrentWidget(m_state);
    } else if (m_queryIsWrong || state == RecordModel::State::Failed) {
        showFailure();
        m_stack->setCurrentWidget(m_state);
    } else if (state == RecordModel::State::Empty && !m_model->isStale()) {
        showEmpty();
        m_stack->setCurrentWidget(m_state);
    } else {
        m_stack->setCurrentWidget(m_splitter);
    }
    const bool usable = session == Session::State::Open;
    for (QWidget *widget : {static_cast<QWidget *>(m_search), static_cast<QWidget *>(m_filterButton),
                            static_cast<QWidget *>(m_refreshButton)})
        widget->setEnabled(usable);
    m_export->setEnabled(usable && !m_queryIsWrong && state != RecordModel::State::Empty);
    updateBanner();
    Q_EMIT statusChanged();
}

void RecordsPage::showEmpty()
{
    if (!isFiltered()) {
        if (m_entity == Entity::Company) {
            m_state->show(Icon::Companies, tr("No companies yet"),
                          tr("Companies come with the contacts you import, once for each company."),
                          {{tr("Import a CSV file…"), [this] { Q_EMIT importRequested(); }, true},
                           {tr("Load sample data"), [this] { Q_EMIT sampleRequested(); }}});
            return;
        }
        m_state->show(Icon::Contacts, tr("No contacts yet"),
                      tr("Bring in a CSV file, for example an export of your contacts, or look around with 10,000 "
                         "invented ones."),
                      {{tr("Import a CSV file…"), [this] { Q_EMIT importRequested(); }, true},
                       {tr("Load sample data"), [this] { Q_EMIT sampleRequested(); }}});
        return;
    }
    std::vector<StatePanel::Action> actions;
    if (!m_search->text().trimmed().isEmpty())
        actions.push_back({tr("Clear the search"), [this] { m_search->clear(); }});
    const contacts::Parameters filters = m_filterBar->filters();
    const QStringList texts = m_filterBar->chipTexts();
    constexpr qsizetype mostOffered = 2;
    constexpr qsizetype shownCharacters = 28;
    for (qsizetype i = 0; i < std::min(filters.size(), mostOffered); ++i) {
        actions.push_back({tr("Drop “%1”").arg(texts[i].size() > shownCharacters ? texts[i].left(shownCharacters) + QStringLiteral("…") : texts[i]), [this, i] {
                               contacts::Parameters rest = m_filterBar->filters();
                               rest.removeAt(i);
                               setFilters(rest);
                           }});
    }
    if (actions.size() > 1) {
        actions.push_back({tr("Clear all"), [this] { clearFilters(); }});
    }
    QStringList reasons = texts;
    if (!m_search->text().trimmed().isEmpty())
        reasons.prepend(tr("search “%1”").arg(m_search->text().trimmed()));
    m_state->show(Icon::Search, tr("Nothing matches"),
                  (reasons.size() == 1 ? tr("No %1 fit: %2.") : tr("No %1 fit all of: %2.")).arg(plural(m_entity), reasons.join(QStringLiteral("; "))), actions);
}

void RecordsPage::showFailure()
{
    const Error error = m_queryIsWrong ? m_queryError : inScreenWords(m_entity, m_model->error());
    std::vector<StatePanel::Action> actions;
    if (error.code == ErrorCode::InvalidArgument) {
        actions.push_back({tr("Clear the filters"), [this] {
                               m_order.clear();
                               clearFilters();
                           }, true});
        m_state->showError(tr("This filter cannot be used"), error, actions);
        return;
    }
    actions.push_back({tr("Retry"), [this] { refresh(); }, true});
    if (isFiltered()) {
        actions.push_back({tr("Clear the filters"), [this] { clearFilters(); }});
    }
    actions.push_back({tr("Choose database…"), [this] { Q_EMIT databaseRequested(); }});
    m_state->showError(tr("The %1 cannot be read").arg(plural(m_entity)), error, actions);
}

void RecordsPage::updateBanner()
{
    const bool show = m_model->hasError() && m_model->state() == RecordModel::State::Ready && !showsState();
    m_banner->setVisible(show);
    if (show)
        m_bannerText->setText(tr("%1 The rows below are from before.").arg(inScreenWords(m_entity, m_model->error()).message));
}

void RecordsPage::setFilters(const contacts::Parameters &filters)
{
    m_filterBar->setFilters(filters);
    applyQuery();
}

void RecordsPage::focusSearch()
{
    m_search->setFocus(Qt::ShortcutFocusReason);
    m_search->selectAll();
}

void RecordsPage::openFilterPopup()
{
    m_filterBar->addFilter(m_filterButton);
}

void RecordsPage::openColumnPopup()
{
    m_columnChooser->openFor(m_columnsButton, m_view->columnLayout());
}

void RecordsPage::clearFilters()
{
    {
        const QSignalBlocker quiet(m_search); // one reading, not two
        m_search->clear();
    }
    setFilters({});
}

void RecordsPage::toggleDetails()
{
    const bool show = !m_detail->isVisible();
    if (show)
        m_detail->showRecord(m_view->selection()->currentUuid()); // first, so that the one before is not read once more
    m_detail->setVisible(show);
    m_detailButton->setChecked(m_detail->isVisible());
    m_remembered.setValue(QStringLiteral("details"), m_detail->isVisible());
}

void RecordsPage::refresh()
{
    if (m_session.state() != Session::State::Open)
        return;
    if (!m_detail->isHidden()) // also while another page is shown
        m_detail->reload();
    if (m_queryIsWrong)
        applyQuery();
    else
        m_model->refresh();
}

void RecordsPage::escape()
{
    if (m_search->hasFocus() && !m_search->text().isEmpty())
        m_search->clear();
    else
        m_view->setFocus();
}

ExportScope RecordsPage::exportScope() const
{
    ExportScope scope;
    scope.query = m_model->query();
    scope.selected = m_view->selection()->uuids(&scope.selectionIsComplete);
    scope.selectedCount = m_view->selection()->count();
    scope.total = m_model->totalIsKnown() ? m_model->total() : -1;
    scope.totalIsEstimate = m_model->totalIsEstimate();
    scope.columns = m_view->columnLayout();
    return scope;
}

QString RecordsPage::countLine() const
{
    if (m_session.state() == Session::State::Opening)
        return tr("Opening…");
    if (m_queryIsWrong)
        return {}; // the rows that are left are those of the query before
    if (m_model->state() == RecordModel::State::Loading || (m_model->isStale() && !m_model->hasError()))
        return tr("Loading…");
    if (m_model->state() == RecordModel::State::NoSource || m_model->state() == RecordModel::State::Failed)
        return {};
    if (!m_model->totalIsKnown())
        return tr("Counting…");
    const QString count = countText(m_model->total(), m_model->totalIsEstimate(), QLocale());
    if (m_model->total() == 1 && !m_model->totalIsEstimate()) {
        const QString one = m_entity == Entity::Contact ? tr("1 contact") : tr("1 company");
        return isFiltered() ? tr("%1 matches").arg(one) : one;
    }
    return (isFiltered() ? QStringLiteral("%1 %2 match") : QStringLiteral("%1 %2")).arg(count, plural(m_entity));
}

QString RecordsPage::timeLine() const
{
    const int ms = m_model->lastFetchMilliseconds();
    const bool shown = m_model->state() == RecordModel::State::Ready || m_model->state() == RecordModel::State::Empty;
    if (ms < 0 || !shown || m_queryIsWrong || m_session.state() != Session::State::Open)
        return {}; // it was the time of rows that are no longer there
    QString text = QStringLiteral("%1 ms").arg(QLocale().toString(ms));
    if (m_model->scannedWithoutIndex())
        text += tr(" · searched without an index");
    return text;
}

QString RecordsPage::selectionLine() const
{
    const int count = m_queryIsWrong ? 0 : m_view->selection()->count();
    return count > 1 ? tr("%1 selected").arg(QLocale().toString(count)) : QString();
}

} // namespace a360::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/dashboard_page.h"

#include "dashboard/cache_card.h"
#include "dashboard/pool_card.h"
#include "dashboard/queries_card.h"
#include "dashboard/server_card.h"
#include "dashboard/service_dashboard_source.h"
#include "dashboard/tasks_card.h"
#include "theme/theme.h"
#include "theme/tokens.h"
#include "widgets/card_grid.h"
#include "widgets/page_header.h"
#include "widgets/state_panel.h"

#include <QComboBox>
#include <QDateTime>
#include <QGraphicsOpacityEffect>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace a360::ui {

namespace {

const QString spanKey = QStringLiteral("dashboard/minutes");
constexpr int spans[] = {1, 5, 15, 60};
constexpr int usualSpan = 15;
constexpr int leastColumn = 560;
constexpr int mostColumns = 2;
constexpr qreal staleOpacity = 0.5;

} // namespace

DashboardPage::DashboardPage(Session &session, Remembered &remembered, QWidget *parent)
    : QWidget(parent), m_session(session), m_remembered(remembered), m_poller(session.interactive(), this),
      m_stack(new QStackedWidget(this)), m_state(new StatePanel(this)), m_content(new QWidget), m_banner(new QFrame(this)),
      m_bannerText(new QLabel(m_banner)), m_span(new QComboBox(this)), m_dim(new QGraphicsOpacityEffect(m_content)),
      m_pool(new PoolCard(m_content)), m_cache(new CacheCard(m_content)), m_tasks(new TasksCard(m_content)),
      m_queries(new QueriesCard(m_content))
{
    layOut();
    connect(m_queries, &QueriesCard::message, this, &DashboardPage::message);
    connect(m_span, &QComboBox::currentIndexChanged, this, [this] { setMinutes(m_span->currentData().toInt()); });
    connect(&m_poller, &DashboardPoller::changed, this, &DashboardPage::showPlace);
    connect(&m_session, &Session::stateChanged, this, &DashboardPage::followSession);
    const int minutes = m_remembered.value(spanKey).isNull() ? usualSpan : m_remembered.value(spanKey).toInt();
    m_span->setCurrentIndex(std::max(0, m_span->findData(minutes)));
    setMinutes(m_span->currentData().toInt());
    followSession();
}

void DashboardPage::layOut()
{
    auto *header = new PageHeader(tr("Dashboard"), this);
    for (const int minutes : spans)
        m_span->addItem(minutes == 60 ? tr("Last hour") : minutes == 1 ? tr("Last minute") : tr("Last %1 minutes").arg(minutes), minutes);
    m_span->setAccessibleName(tr("Time that the charts show"));
    header->add(m_span);

    setRole(m_banner, role::banner);
    setRole(m_bannerText, role::bad);
    m_bannerText->setWordWrap(true);
    auto *retry = new QPushButton(tr("Retry"), m_banner);
    connect(retry, &QPushButton::clicked, this, &DashboardPage::refresh);
    auto *bannerRow = new QHBoxLayout(m_banner);
    bannerRow->setContentsMargins(16, 6, 16, 6);
    bannerRow->addWidget(m_bannerText, 1);
    bannerRow->addWidget(retry);
    m_banner->hide();

    m_dim->setOpacity(staleOpacity);
    m_dim->setEnabled(false);
    m_content->setGraphicsEffect(m_dim);
    auto *grid = new CardGrid(m_content, leastColumn, mostColumns, metrics::unit + metrics::half);
    grid->setContentsMargins(16, metrics::half, 16, 16);
    grid->addCard(m_pool);
    grid->addCard(m_cache);
    grid->addCard(m_tasks);
    grid->addCard(m_queries, true);
    auto *scroll = new QScrollArea(this);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(m_content);
    scroll->setFocusPolicy(Qt::NoFocus); // what is in it takes the focus, and scrolls it
    m_stack->addWidget(scroll);
    m_stack->addWidget(m_state);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(header);
    column->addWidget(m_banner);
    column->addWidget(m_stack, 1);
}

void DashboardPage::watchServer(ServerControl &control, ServerHistory &history)
{
    m_server = new ServerCard(control, history, m_content);
    m_server->setMinutes(m_span->currentData().toInt());
    static_cast<CardGrid *>(m_content->layout())->addCard(m_server);
}

void DashboardPage::setMinutes(int minutes)
{
    m_pool->setMinutes(minutes);
    m_cache->setMinutes(minutes);
    m_tasks->setMinutes(minutes);
    if (m_server)
        m_server->setMinutes(minutes);
    m_remembered.setValue(spanKey, minutes);
}

void DashboardPage::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    m_poller.setActive(true);
}

void DashboardPage::hideEvent(QHideEvent *event)
{
    m_poller.setActive(false);
    QWidget::hideEvent(event);
}

bool DashboardPage::showsState() const
{
    return m_stack->currentWidget() == m_state;
}

QString DashboardPage::staleReason() const
{
    return m_banner->isHidden() ? QString() : m_bannerText->text();
}

void DashboardPage::followSession()
{
    const bool open = m_session.state() == Session::State::Open;
    m_poller.setSource(open ? std::make_shared<ServiceDashboardSource>(m_session.service()) : nullptr);
}

void DashboardPage::showPlace()
{
    if (m_session.state() == Session::State::Failed) {
        setStale(std::nullopt);
        m_state->showError(tr("The database cannot be opened"), m_session.error(),
                           {{tr("Retry"), [this] { m_session.retry(); }, true},
                            {tr("Choose database…"), [this] { Q_EMIT databaseRequested(); }}});
        m_stack->setCurrentWidget(m_state);
        return;
    }
    const auto snapshot = m_poller.snapshot();
    if (snapshot) {
        if (!m_poller.error())
            showSnapshot(*snapshot);
        setStale(m_poller.error());
        m_stack->setCurrentIndex(0);
        return;
    }
    setStale(std::nullopt);
    if (m_poller.error()) {
        m_state->showError(tr("The numbers cannot be read"), *m_poller.error(), {{tr("Retry"), [this] { refresh(); }, true}});
    } else {
        m_state->show(Icon::Dashboard, tr("Reading the first numbers…"),
                      tr("Pool, cache, tasks and slow queries appear here and are renewed every second."), {});
    }
    m_stack->setCurrentWidget(m_state);
}

void DashboardPage::showSnapshot(const DashboardSnapshot &snapshot)
{
    m_pool->show(snapshot.pool, snapshot.takenAt);
    m_cache->show(snapshot.cache, snapshot.takenAt);
    m_tasks->show(snapshot.tasks, snapshot.takenAt);
    m_queries->show(snapshot.queries, snapshot.takenAt);
}

void DashboardPage::setStale(const std::optional<Error> &reason)
{
    m_banner->setVisible(reason.has_value());
    m_dim->setEnabled(reason.has_value());
    if (!reason)
        return;
    const qint64 at = m_poller.snapshot() ? m_poller.snapshot()->takenAt : 0;
    m_bannerText->setText(tr("%1 The numbers are those of %2.")
                              .arg(reason->message, QLocale().toString(QDateTime::fromMSecsSinceEpoch(at).time(), QLocale::ShortFormat)));
}

} // namespace a360::ui

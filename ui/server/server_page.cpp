// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/server_page.h"

#include "charts/time_chart.h"
#include "figures/figure_strip.h"
#include "server/address_words.h"
#include "server/tokens_card.h"
#include "theme/theme.h"
#include "theme/tokens.h"
#include "widgets/card_grid.h"
#include "widgets/page_header.h"
#include "widgets/tab_chain.h"

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QDateTime>
#include <QLabel>
#include <QNetworkInterface>
#include <QPushButton>
#include <QScrollArea>
#include <QSpinBox>
#include <QVBoxLayout>

namespace a360::ui {

namespace {

const QString hostKey = QStringLiteral("server/host");
const QString portKey = QStringLiteral("server/port");
enum Figure { Rate, Requests, Connections, Streams, Sent, Received };
constexpr int leastColumn = 480;
constexpr int widestPage = 1400;

ChartModel chartModel()
{
    ChartModel model;
    model.title = ServerPage::tr("Requests a second");
    model.unit = Unit::PerSecond;
    model.leastTop = 4;
    model.lines = {{{}, Ink::Accent, Qt::SolidLine, {}}};
    model.emptyText = ServerPage::tr("No requests were measured in this time");
    return model;
}

} // namespace

ServerPage::ServerPage(ServerControl &control, ServerHistory &history, Session &session, Remembered &remembered, QWidget *parent)
    : QWidget(parent), m_control(control), m_history(history), m_session(session), m_remembered(remembered),
      m_stateCard(new DashboardCard(tr("REST service"), this)), m_host(new QComboBox(this)), m_port(new QSpinBox(this)),
      m_start(new QPushButton(this)), m_address(new QWidget(this)),
      m_link(new QPushButton(m_address)), m_copy(new QPushButton(icon(Icon::Copy), tr("Copy address"), m_address)),
      m_warning(new QLabel(this)), m_notice(new QLabel(this)), m_serves(new QLabel(this)),
      m_figures(new FigureStrip({tr("Requests/s"), tr("Requests"), tr("Connections"), tr("Streams"), tr("Sent"), tr("Received")}, this)),
      m_chart(new TimeChart(chartModel(), this)), m_tokens(new TokensCard(session, this))
{
    layOut();
    connectAll();
    const ServerAddress usual = m_control.configuredAddress();
    m_host->setEditText(m_remembered.value(hostKey).isNull() ? usual.host : m_remembered.value(hostKey).toString());
    m_port->setValue(m_remembered.value(portKey).isNull() ? usual.port : m_remembered.value(portKey).toInt());
    followControl();
    followSession();
}

void ServerPage::layOut()
{
    auto *header = new PageHeader(tr("Server"), this);
    setRole(m_link, role::link);
    m_link->setCursor(Qt::PointingHandCursor);
    m_link->setToolTip(tr("Click to copy this address"));
    setRole(m_serves, role::secondary);
    for (QLabel *label : {m_warning, m_notice, m_serves})
        label->setWordWrap(true);
    auto *address = new QHBoxLayout(m_address);
    address->setContentsMargins(0, 0, 0, 0);
    address->setSpacing(metrics::unit);
    address->addWidget(m_link);
    address->addWidget(m_copy);
    address->addStretch();
    QVBoxLayout *body = m_stateCard->body();
    body->addLayout(makeForm());
    body->addWidget(m_warning);
    body->addWidget(m_notice);
    body->addWidget(m_address);
    body->addWidget(m_serves);
    body->addStretch();
    auto *traffic = new DashboardCard(tr("Traffic"), this);
    traffic->body()->addWidget(m_figures);
    traffic->body()->addWidget(m_chart, 1);

    auto *content = new QWidget;
    content->setMaximumWidth(widestPage);
    auto *grid = new CardGrid(content, leastColumn, 2, metrics::unit + metrics::half);
    grid->setContentsMargins(16, metrics::half, 16, 16);
    grid->addCard(m_stateCard);
    grid->addCard(traffic);
    grid->addCard(m_tokens, true);
    auto *scroll = new QScrollArea(this);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(content);
    scroll->setFocusPolicy(Qt::NoFocus); // what is in it takes the focus, and scrolls it
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(header);
    column->addWidget(scroll, 1);
    chainTabs(QList<QWidget *>{m_host, m_port, m_start, m_link, m_copy, m_chart} + m_tokens->tabAnchors());
}

QLayout *ServerPage::makeForm()
{
    m_host->setEditable(true);
    m_host->addItems({QStringLiteral("127.0.0.1"), QStringLiteral("0.0.0.0")});
    m_host->setItemData(0, tr("Programs on this computer only"), Qt::ToolTipRole);
    m_host->setItemData(1, tr("Every address of this computer"), Qt::ToolTipRole);
    m_host->setAccessibleName(tr("Address to listen on"));
    m_host->setToolTip(tr("127.0.0.1: programs on this computer only; 0.0.0.0: every address of this computer"));
    m_port->setRange(0, 65535);
    m_port->setGroupSeparatorShown(false);
    m_port->setButtonSymbols(QAbstractSpinBox::NoButtons);
    m_port->setSpecialValueText(tr("any"));
    m_port->setAccessibleName(tr("Port"));
    m_port->setToolTip(tr("0 takes any free port"));
    m_port->setFixedWidth(84);
    setRole(m_start, role::primary);
    auto *address = new QLabel(tr("&Address"), this);
    auto *port = new QLabel(tr("&Port"), this);
    address->setBuddy(m_host);
    port->setBuddy(m_port);
    auto *row = new QHBoxLayout;
    row->setSpacing(metrics::unit);
    row->addWidget(address);
    row->addWidget(m_host, 1);
    row->addWidget(port);
    row->addWidget(m_port);
    row->addSpacing(metrics::unit);
    row->addWidget(m_start);
    return row;
}

void ServerPage::connectAll()
{
    const auto copy = [this] {
        QApplication::clipboard()->setText(m_url);
        Q_EMIT message(tr("Address copied"));
    };
    connect(m_start, &QPushButton::clicked, this, &ServerPage::startOrStop);
    connect(m_link, &QPushButton::clicked, this, copy);
    connect(m_copy, &QPushButton::clicked, this, copy);
    connect(m_host, &QComboBox::editTextChanged, this, &ServerPage::showWarning);
    connect(&m_control, &ServerControl::stateChanged, this, &ServerPage::followControl);
    connect(&m_history, &ServerHistory::changed, this, &ServerPage::showFigures);
    connect(&m_session, &Session::stateChanged, this, &ServerPage::followSession);
    connect(m_tokens, &TokensCard::message, this, &ServerPage::message);
}

QString ServerPage::notice() const
{
    return m_notice->isHidden() ? QString() : m_notice->text();
}

void ServerPage::setNotice(const char *role, const QString &text)
{
    setRole(m_notice, role);
    m_notice->setText(text);
    m_notice->setVisible(!text.isEmpty());
}

void ServerPage::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    m_tokens->refresh();
    showFigures();
}

void ServerPage::startOrStop()
{
    if (m_control.state() == ServerControl::State::Running) {
        m_startHadFocus = m_start->hasFocus(); // it loses it while it is disabled
        m_control.stop();
        return;
    }
    const QString host = m_host->currentText().trimmed();
    const Result<Reach> reach = reachOf(host);
    if (!reach.ok()) {
        setNotice(role::bad, reach.error().message);
        m_host->setFocus();
        return;
    }
    if (m_session.state() != Session::State::Open)
        return;
    setNotice(role::bad, {});
    m_remembered.setValue(hostKey, host);
    m_remembered.setValue(portKey, m_port->value());
    m_startHadFocus = m_start->hasFocus();
    m_served = m_session.service();
    m_servedName = m_session.url().display();
    m_control.start(m_session.service(), {host, static_cast<quint16>(m_port->value())});
}

void ServerPage::followControl()
{
    const ServerControl::State state = m_control.state();
    const bool running = state == ServerControl::State::Running;
    const bool stopped = state == ServerControl::State::Stopped;
    const auto error = m_control.error();
    using Kind = VerdictLabel::Kind;
    switch (state) {
    case ServerControl::State::Running:
        m_stateCard->verdict()->setVerdict(Kind::Good, tr("Running"));
        break;
    case ServerControl::State::Starting:
        m_stateCard->verdict()->setVerdict(Kind::Neutral, tr("Starting…"));
        break;
    case ServerControl::State::Stopping:
        m_stateCard->verdict()->setVerdict(Kind::Neutral, tr("Stopping…"));
        break;
    case ServerControl::State::Stopped:
        m_stateCard->verdict()->setVerdict(error ? Kind::Bad : Kind::Neutral, error ? tr("Not started") : tr("Stopped"));
        break;
    }
    m_start->setText(running ? tr("Stop") : tr("Start"));
    setRole(m_start, running ? "" : role::primary);
    m_host->setEnabled(stopped);
    m_port->setEnabled(stopped);
    m_address->setVisible(running);
    m_url = running ? clientUrl(m_control.url(), QNetworkInterface::allAddresses()) : QString();
    m_link->setText(m_url);
    m_link->setAccessibleName(tr("Address %1, copy it").arg(m_url));
    if (stopped && error)
        setNotice(role::bad, error->message);
    else if (running)
        setNotice(role::bad, {});
    followSession();
}

void ServerPage::followSession()
{
    const ServerControl::State state = m_control.state();
    const bool busy = state == ServerControl::State::Starting || state == ServerControl::State::Running;
    if (busy && m_served.lock() != m_session.service()) {
        // Serving what the window no longer shows would surprise whoever looks here, and following it would give
        // callers other people's data: it stops.
        setNotice(role::warning, tr("Stopped, because the window left %1. Start it again to serve the database that is open now.").arg(m_servedName));
        if (state == ServerControl::State::Running)
            m_control.stop();
        return;
    }
    const bool open = m_session.state() == Session::State::Open;
    m_start->setEnabled(state == ServerControl::State::Running || (state == ServerControl::State::Stopped && open));
    m_start->setToolTip(open ? QString() : tr("Open a database first"));
    if (m_startHadFocus && m_start->isEnabled()) {
        m_startHadFocus = false;
        m_start->setFocus();
    }
    m_serves->setText(servesText());
    showWarning();
}

QString ServerPage::servesText() const
{
    if (m_control.state() != ServerControl::State::Running) {
        return m_session.state() == Session::State::Open
                   ? tr("Other programs can read contacts and companies of %1 over HTTP, with a token from below.").arg(m_session.url().display())
                   : tr("No database is open, so there is nothing to serve.");
    }
    const QTime since = QDateTime::fromMSecsSinceEpoch(m_history.startedAt()).time();
    const QString serves = tr("Serves %1 since %2. Try %3/health; the other paths need a token.")
                               .arg(m_servedName, QLocale().toString(since, QLocale::ShortFormat), m_url);
    if (m_url == m_control.url())
        return serves;
    return tr("It listens on every address of this computer (%1). %2").arg(m_control.url(), serves);
}

void ServerPage::showWarning()
{
    const Result<Reach> reach = reachOf(m_host->currentText());
    const bool beyond = reach.ok() && *reach == Reach::Network;
    setRole(m_warning, role::warning);
    m_warning->setText(m_control.state() == ServerControl::State::Running
                           ? tr("⚠ Other computers in the network can reach this service. Requests and tokens travel unencrypted.")
                           : tr("⚠ Other computers in the network will reach this service. Requests and tokens travel unencrypted; "
                                "127.0.0.1 keeps it to this computer."));
    m_warning->setVisible(beyond);
}

void ServerPage::showFigures()
{
    if (!isVisible())
        return;
    const QLocale locale;
    const ServerCounters &now = m_history.counters();
    const bool running = m_control.state() == ServerControl::State::Running;
    m_figures->setFigure(Rate, running ? valueText(m_history.currentRate(), Unit::Count, locale) : QStringLiteral("–"));
    m_figures->setFigure(Requests, valueText(static_cast<double>(now.requests), Unit::Count, locale), locale.toString(now.requests));
    m_figures->setFigure(Connections, locale.toString(now.connections), tr("Open now"));
    m_figures->setFigure(Streams, locale.toString(now.streams), tr("Running now"));
    m_figures->setFigure(Sent, valueText(static_cast<double>(now.bytesSent), Unit::Bytes, locale));
    m_figures->setFigure(Received, valueText(static_cast<double>(now.bytesReceived), Unit::Bytes, locale));
    m_chart->setSamples({m_history.requestsPerSecond()}, QDateTime::currentMSecsSinceEpoch());
}

} // namespace a360::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#include "records/detail_panel.h"

#include "records/detail_text.h"
#include "theme/theme.h"
#include "theme/tokens.h"
#include "widgets/close_button.h"
#include "work/run_async.h"

#include <QApplication>
#include <QClipboard>
#include <QDesktopServices>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QScrollBar>
#include <QTextBrowser>
#include <QUrl>
#include <QVBoxLayout>

namespace a360::ui {

using contacts::Entity;

namespace {

constexpr int restMilliseconds = 80;
constexpr int lookMilliseconds = 2500; // often enough for a person, seldom enough for the database

} // namespace

DetailPanel::DetailPanel(Entity entity, QThreadPool &pool, QWidget *parent)
    : QFrame(parent), m_entity(entity), m_pool(pool), m_columns(contacts::presetColumns(entity, contacts::Preset::Full)),
      m_title(new QLabel(this)), m_subtitle(new QLabel(this)), m_notice(new QLabel(this)),
      m_close(new CloseButton(tr("Hide the details (Ctrl+I)"), this)), m_text(new QTextBrowser(this))
{
    setRole(this, role::panel);
    setRole(m_title, role::heading);
    setRole(m_subtitle, role::secondary);
    setRole(m_notice, role::bad);
    setAccessibleName(tr("Details"));
    connect(m_close, &QToolButton::clicked, this, &DetailPanel::closeRequested);
    m_text->setOpenLinks(false); // links open outside, or copy
    m_text->setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    m_text->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_text->setAccessibleName(tr("Fields of the record"));
    m_text->document()->setDocumentMargin(0);
    connect(m_text, &QTextBrowser::anchorClicked, this, &DetailPanel::follow);
    layOut();
    m_rest.setSingleShot(true);
    m_rest.setInterval(restMilliseconds);
    connect(&m_rest, &QTimer::timeout, this, &DetailPanel::load);
    m_watch.setInterval(lookMilliseconds);
    connect(&m_watch, &QTimer::timeout, this, &DetailPanel::look);
    showRecord({});
}

DetailPanel::~DetailPanel()
{
    m_cancel.cancel();
}

void DetailPanel::layOut()
{
    auto *names = new QVBoxLayout;
    names->setSpacing(2);
    for (QLabel *label : {m_title, m_subtitle, m_notice}) {
        label->setWordWrap(true);
        label->setTextFormat(Qt::PlainText); // whatever a record holds
        names->addWidget(label);
    }
    m_notice->hide();
    auto *head = new QHBoxLayout;
    head->setContentsMargins(16, 10, metrics::unit, metrics::unit);
    head->addLayout(names, 1);
    head->addWidget(m_close, 0, Qt::AlignTop);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(head);
    auto *body = new QHBoxLayout;
    body->setContentsMargins(16, 0, 0, metrics::unit);
    body->addWidget(m_text);
    column->addLayout(body, 1);
}

void DetailPanel::setSource(std::shared_ptr<RecordSource> source)
{
    m_cancel.cancel();
    m_source = std::move(source);
    showRecord({});
}

void DetailPanel::showRecord(const QByteArray &uuid)
{
    m_cancel.cancel();
    ++m_ticket;
    m_wanted = uuid;
    if (uuid.isEmpty()) {
        m_rest.stop();
        m_shown.clear();
        presentText(tr("Nothing selected"), tr("Select a row to see all of its fields."));
        return;
    }
    m_rest.start();
}

void DetailPanel::reload()
{
    if (!m_wanted.isEmpty() && !m_rest.isActive())
        load();
}

void DetailPanel::load()
{
    if (!m_source || m_wanted.isEmpty())
        return;
    m_cancel.cancel();
    m_cancel = CancelSource{};
    ++m_ticket;
    runAsync(
        m_pool, this,
        [source = m_source, entity = m_entity, uuid = m_wanted, columns = m_columns, token = m_cancel.token()] {
            QByteArray mark = source->dataMark(entity, token);
            return Reading{std::move(mark), source->detail(entity, uuid, columns, token)};
        },
        [this, ticket = m_ticket](const Reading &reading) {
            if (ticket == m_ticket)
                take(reading);
        });
}

void DetailPanel::take(const Reading &reading)
{
    const bool again = m_shown == m_wanted && !m_lines.isEmpty();
    m_shown = m_wanted;
    m_mark = reading.mark;
    m_notice->hide();
    if (reading.row.ok() && reading.row->rowCount() > 0) {
        present(*reading.row, again);
    } else if (reading.row.ok() || reading.row.error().code == ErrorCode::NotFound) {
        presentText(tr("No longer there"), m_entity == Entity::Contact ? tr("This contact is not in the database any more.")
                                                                       : tr("This company is not in the database any more."));
    } else if (again) {
        m_mark.clear(); // so that the next look reads again
        m_notice->setText(tr("%1 This is from before.").arg(reading.row.error().message));
        m_notice->show();
    } else {
        presentText(tr("Cannot be shown"), reading.row.error().message);
    }
}

/// Has the database changed since the record was read?
void DetailPanel::look()
{
    if (m_looking || !m_source || m_shown.isEmpty() || m_shown != m_wanted)
        return;
    m_looking = true;
    runAsync(
        m_pool, this,
        [source = m_source, entity = m_entity, token = m_cancel.token()] { return source->dataMark(entity, token); },
        [this, ticket = m_ticket](const QByteArray &mark) {
            m_looking = false;
            if (ticket == m_ticket && !mark.isEmpty() && mark != m_mark)
                reload();
        });
}

QString DetailPanel::notice() const
{
    return m_notice->isHidden() ? QString() : m_notice->text();
}

void DetailPanel::showEvent(QShowEvent *event)
{
    QFrame::showEvent(event);
    m_watch.start();
    reload();
}

void DetailPanel::hideEvent(QHideEvent *event)
{
    QFrame::hideEvent(event);
    m_watch.stop();
}

void DetailPanel::changeEvent(QEvent *event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && !m_shown.isEmpty())
        reload(); // the text carries its colours
}

QList<QWidget *> DetailPanel::tabAnchors() const
{
    return {m_close, m_text};
}

QString DetailPanel::heading() const
{
    return m_title->text();
}

void DetailPanel::follow(const QUrl &url)
{
    if (url.scheme() != detailCopyScheme) {
        QDesktopServices::openUrl(url);
        return;
    }
    const int index = url.path().toInt();
    if (index < 0 || index >= m_lines.size())
        return;
    QApplication::clipboard()->setText(m_lines[index].second);
    Q_EMIT message(tr("%1 copied").arg(m_lines[index].first));
}

void DetailPanel::presentText(const QString &title, const QString &text)
{
    m_lines.clear();
    m_html.clear();
    m_text->clear();
    m_notice->hide();
    m_title->setText(title);
    m_subtitle->setText(text);
    m_subtitle->show();
}

void DetailPanel::present(const db::RowBatch &row, bool again)
{
    const DetailText text = detailText(m_entity, m_columns, row, tokensFor(palette()));
    m_lines = text.lines;
    m_title->setText(text.title.isEmpty() ? tr("Without a name") : text.title);
    m_subtitle->setText(text.subtitle);
    m_subtitle->setVisible(!text.subtitle.isEmpty());
    if (text.html == m_html)
        return; // what was read again is the same: text that is marked stays marked
    const int place = m_text->verticalScrollBar()->value();
    m_html = text.html;
    m_text->setHtml(text.html);
    if (again)
        m_text->verticalScrollBar()->setValue(place);
}

} // namespace a360::ui

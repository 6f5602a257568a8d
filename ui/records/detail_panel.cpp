// SPDX-License-Identifier: GPL-3.0-or-later
#include "records/detail_panel.h"

#include "records/cell_text.h"
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
#include <QRegularExpression>
#include <QScrollBar>
#include <QTextBrowser>
#include <QUrl>
#include <QVBoxLayout>

namespace a360::ui {

using contacts::Entity;
using contacts::Table;

namespace {

constexpr int restMilliseconds = 80;
constexpr int lookMilliseconds = 2500; // often enough for a person, seldom enough for the database

QString utf8(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

/// "Latest funding" for a column that no field shows: its own name, made readable.
QString labelOf(Entity entity, const contacts::PhysicalColumn &column)
{
    for (const contacts::Field &field : contacts::fields(entity)) {
        if (field.source == &column)
            return utf8(field.label);
    }
    QString name = utf8(column.name);
    if (name == QLatin1String("uuid"))
        return QStringLiteral("UUID");
    name.replace(QLatin1Char('_'), QLatin1Char(' '));
    if (!name.isEmpty())
        name[0] = name[0].toUpper();
    return name;
}

/// What a record is kept under rather than what it says: shown last.
bool isBookkeeping(const contacts::PhysicalColumn &column)
{
    return column.name == "uuid" || column.name == "company_id" || column.name == "created_at" || column.name == "updated_at";
}

/// Where a click on the value leads; empty for plain values.
QString targetOf(const QString &value)
{
    if (value.startsWith(QLatin1String("http://")) || value.startsWith(QLatin1String("https://")))
        return value;
    if (value.startsWith(QLatin1String("www.")))
        return QLatin1String("https://") + value;
    if (value.count(QLatin1Char('@')) == 1 && !value.contains(QLatin1Char(' ')))
        return QLatin1String("mailto:") + value;
    return {};
}

const QString copyScheme = QStringLiteral("copy");

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
    if (url.scheme() != copyScheme) {
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
    m_lines.clear();
    const auto value = [&](const char *header) {
        for (int i = 0; i < static_cast<int>(m_columns.size()); ++i) {
            if (m_columns[static_cast<size_t>(i)].header == header)
                return exactText(row.cell(0, i), row.types()[static_cast<size_t>(i)]);
        }
        return QString();
    };
    QString title, subtitle;
    if (m_entity == Entity::Contact) {
        title = QStringLiteral("%1 %2").arg(value("contact_first_name"), value("contact_last_name")).trimmed();
        QStringList parts{value("contact_title"), value("company_name")};
        parts.removeAll(QString());
        subtitle = parts.join(tr(" at "));
    } else {
        title = value("company_name");
        subtitle = value("company_metadata_website");
    }
    m_title->setText(title.isEmpty() ? tr("Without a name") : title);
    m_subtitle->setText(subtitle);
    m_subtitle->setVisible(!subtitle.isEmpty());
    QString html;
    if (m_entity == Entity::Contact) {
        html += groupHtml(tr("Contact"), Table::Contacts, row);
        html += groupHtml(tr("Reach"), Table::ContactsMetadata, row);
    }
    html += groupHtml(tr("Company"), Table::Companies, row);
    html += groupHtml(tr("About the company"), Table::CompaniesMetadata, row);
    html += recordHtml(row);
    if (html == m_html)
        return; // what was read again is the same: text that is marked stays marked
    const int place = m_text->verticalScrollBar()->value();
    m_html = html;
    m_text->setHtml(html);
    if (again)
        m_text->verticalScrollBar()->setValue(place);
}

QString DetailPanel::groupHtml(const QString &title, Table table, const db::RowBatch &row)
{
    const bool firstGroup = m_lines.isEmpty();
    QString lines;
    for (int i = 0; i < static_cast<int>(m_columns.size()); ++i) {
        const contacts::OutputColumn &column = m_columns[static_cast<size_t>(i)];
        if (column.source && column.source->table == table && !isBookkeeping(*column.source))
            lines += valueHtml(labelOf(m_entity, *column.source), column.type, row.cell(0, i));
    }
    return framedHtml(title, lines, firstGroup);
}

/// UUIDs and times of the record, and of the company that a contact is with.
QString DetailPanel::recordHtml(const db::RowBatch &row)
{
    const Table own = m_entity == Entity::Contact ? Table::Contacts : Table::Companies;
    const bool firstGroup = m_lines.isEmpty();
    QString lines;
    for (int i = 0; i < static_cast<int>(m_columns.size()); ++i) {
        const contacts::OutputColumn &column = m_columns[static_cast<size_t>(i)];
        if (!column.source || !isBookkeeping(*column.source) || column.source->name == "company_id")
            continue; // the company's own UUID is the same
        const bool ofCompany = column.source->table != own;
        const QString label = labelOf(m_entity, *column.source);
        lines += valueHtml(ofCompany ? tr("Company %1").arg(label == QLatin1String("UUID") ? label : label.toLower()) : label,
                           column.type, row.cell(0, i));
    }
    return framedHtml(tr("Record"), lines, firstGroup);
}

QString DetailPanel::valueHtml(const QString &label, db::ColumnType type, const db::Cell &cell)
{
    const QString exact = exactText(cell, type);
    if (exact.isEmpty())
        return {};
    QString shown = exact;
    if (type == db::ColumnType::Integer)
        shown = QLocale().toString(cell.integer());
    else if (type == db::ColumnType::Timestamp)
        shown = QLocale().toString(timeOf(cell.integer()).toLocalTime(), QLocale::ShortFormat);
    return lineHtml(label, shown, exact);
}

QString DetailPanel::framedHtml(const QString &title, const QString &lines, bool firstGroup)
{
    if (lines.isEmpty())
        return {};
    return QStringLiteral("<p style=\"margin:%1px 0 4px 2px\"><b>%2</b></p><table width=\"100%\" cellpadding=\"2\" "
                          "cellspacing=\"0\">%3</table>")
        .arg(firstGroup ? 4 : 14)
        .arg(title.toHtmlEscaped(), lines);
}

QString DetailPanel::lineHtml(const QString &label, const QString &value, const QString &exact)
{
    const Tokens &tokens = tokensFor(palette());
    QString shown = value.toHtmlEscaped();
    const QString target = targetOf(value);
    shown.remove(QRegularExpression(QStringLiteral("^https?://"))); // says nothing and breaks lines
    const QString text = target.isEmpty() ? shown
                                          : QStringLiteral("<a style=\"color:%1\" href=\"%2\">%3</a>")
                                                .arg(tokens.accent.name(), target.toHtmlEscaped(), shown);
    m_lines.append({label, exact});
    return QStringLiteral("<tr><td width=\"36%\" style=\"color:%1; font-size:8.5pt\">%2</td><td width=\"52%\">%3</td>"
                          "<td width=\"12%\" align=\"right\"><a style=\"color:%1; font-size:8pt; text-decoration:none\" "
                          "href=\"%4:%5\">Copy</a></td></tr>")
        .arg(tokens.muted.name(), label.toHtmlEscaped(), text, copyScheme)
        .arg(m_lines.size() - 1);
}

} // namespace a360::ui

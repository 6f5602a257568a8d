// SPDX-License-Identifier: GPL-3.0-or-later
#include "records/detail_panel.h"

#include "records/cell_text.h"
#include "theme/icons.h"
#include "theme/theme.h"
#include "theme/tokens.h"
#include "work/run_async.h"

#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QLabel>
#include <QScrollArea>
#include <QToolButton>
#include <QVBoxLayout>

namespace a360::ui {

using contacts::Entity;
using contacts::Table;

namespace {

constexpr int restMilliseconds = 80;
constexpr int labelWidth = 116;

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
    name.replace(QLatin1Char('_'), QLatin1Char(' '));
    if (!name.isEmpty())
        name[0] = name[0].toUpper();
    return name;
}

/// Rich text with a link for addresses; other values are escaped and stay text.
QString linked(const QString &value)
{
    const QString shown = value.toHtmlEscaped();
    if (value.startsWith(QLatin1String("http://")) || value.startsWith(QLatin1String("https://")))
        return QStringLiteral("<a href=\"%1\">%1</a>").arg(shown);
    if (value.startsWith(QLatin1String("www.")))
        return QStringLiteral("<a href=\"https://%1\">%1</a>").arg(shown);
    if (value.count(QLatin1Char('@')) == 1 && !value.contains(QLatin1Char(' ')))
        return QStringLiteral("<a href=\"mailto:%1\">%1</a>").arg(shown);
    return shown;
}

} // namespace

DetailPanel::DetailPanel(Entity entity, QThreadPool &pool, QWidget *parent)
    : QFrame(parent), m_entity(entity), m_pool(pool), m_columns(contacts::presetColumns(entity, contacts::Preset::Full)),
      m_title(new QLabel(this)), m_subtitle(new QLabel(this)), m_scroll(new QScrollArea(this))
{
    setRole(this, role::panel);
    setRole(m_title, role::heading);
    setRole(m_subtitle, role::secondary);
    setAccessibleName(tr("Details"));
    m_title->setWordWrap(true);
    m_subtitle->setWordWrap(true);
    auto *close = new QToolButton(this);
    close->setIcon(icon(Icon::Close));
    close->setIconSize(QSize(metrics::iconSmall, metrics::iconSmall));
    close->setToolTip(tr("Hide the details (Ctrl+I)"));
    close->setAccessibleName(tr("Hide the details"));
    connect(close, &QToolButton::clicked, this, &DetailPanel::closeRequested);

    auto *names = new QVBoxLayout;
    names->setSpacing(2);
    names->addWidget(m_title);
    names->addWidget(m_subtitle);
    auto *head = new QHBoxLayout;
    head->setContentsMargins(16, 10, metrics::unit, metrics::unit);
    head->addLayout(names, 1);
    head->addWidget(close, 0, Qt::AlignTop);
    m_scroll->setWidgetResizable(true);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setFocusPolicy(Qt::StrongFocus);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(head);
    column->addWidget(m_scroll, 1);
    m_rest.setSingleShot(true);
    m_rest.setInterval(restMilliseconds);
    connect(&m_rest, &QTimer::timeout, this, &DetailPanel::load);
    showRecord({});
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

void DetailPanel::load()
{
    if (!m_source || m_wanted.isEmpty())
        return;
    m_cancel = CancelSource{};
    runAsync(
        m_pool, this,
        [source = m_source, entity = m_entity, uuid = m_wanted, columns = m_columns, token = m_cancel.token()] {
            return source->detail(entity, uuid, columns, token);
        },
        [this, ticket = m_ticket](Result<db::RowBatch> row) {
            if (ticket != m_ticket)
                return;
            m_shown = m_wanted;
            if (!row.ok())
                presentText(tr("Cannot be shown"), row.error().message);
            else if (row->rowCount() > 0)
                present(*row);
        });
}

QString DetailPanel::heading() const
{
    return m_title->text();
}

void DetailPanel::clearLines()
{
    m_lines.clear();
    auto *content = new QWidget;
    m_body = new QVBoxLayout(content);
    m_body->setContentsMargins(16, 0, metrics::unit, 16);
    m_body->setSpacing(metrics::half);
    m_scroll->setWidget(content); // deletes the one before
}

void DetailPanel::presentText(const QString &title, const QString &text)
{
    clearLines();
    m_title->setText(title);
    m_subtitle->setText(text);
    m_subtitle->show();
}

void DetailPanel::present(const db::RowBatch &row)
{
    clearLines();
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
    if (m_entity == Entity::Contact) {
        addGroup(tr("Contact"), Table::Contacts, row);
        addGroup(tr("Reach"), Table::ContactsMetadata, row);
    }
    addGroup(tr("Company"), Table::Companies, row);
    addGroup(tr("About the company"), Table::CompaniesMetadata, row);
    m_body->addStretch();
}

void DetailPanel::addGroup(const QString &title, Table table, const db::RowBatch &row)
{
    bool headed = false;
    for (int i = 0; i < static_cast<int>(m_columns.size()); ++i) {
        const contacts::OutputColumn &column = m_columns[static_cast<size_t>(i)];
        const db::Cell cell = row.cell(0, i);
        if (!column.source || column.source->table != table || cell.isNull())
            continue;
        const QString exact = exactText(cell, column.type);
        if (exact.isEmpty())
            continue;
        if (!headed) {
            auto *heading = new QLabel(title);
            setRole(heading, role::heading);
            if (!m_lines.isEmpty())
                m_body->addSpacing(12);
            m_body->addWidget(heading);
            headed = true;
        }
        const QString label = labelOf(m_entity, *column.source);
        QString shown = exact;
        if (column.type == db::ColumnType::Integer)
            shown = QLocale().toString(cell.integer());
        else if (column.type == db::ColumnType::Timestamp)
            shown = QLocale().toString(timeOf(cell.integer()).toLocalTime(), QLocale::ShortFormat);
        m_lines.append({label, exact});
        m_body->addWidget(makeLine(label, shown, exact));
    }
}

QWidget *DetailPanel::makeLine(const QString &label, const QString &value, const QString &copied)
{
    auto *line = new QWidget;
    auto *row = new QHBoxLayout(line);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(metrics::unit);
    auto *name = new QLabel(label, line);
    setRole(name, role::secondary);
    name->setFixedWidth(labelWidth);
    name->setWordWrap(true);
    auto *text = new QLabel(linked(value), line);
    text->setTextFormat(Qt::RichText);
    text->setWordWrap(true);
    text->setOpenExternalLinks(true);
    text->setTextInteractionFlags(Qt::TextBrowserInteraction);
    text->setMinimumWidth(0);
    text->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    text->setAccessibleName(QStringLiteral("%1: %2").arg(label, value));
    auto *copy = new QToolButton(line);
    copy->setIcon(icon(Icon::Copy));
    copy->setIconSize(QSize(14, 14));
    copy->setFixedSize(22, 22);
    copy->setToolTip(tr("Copy %1").arg(label));
    copy->setAccessibleName(copy->toolTip());
    connect(copy, &QToolButton::clicked, this, [this, copied, label] {
        QApplication::clipboard()->setText(copied);
        Q_EMIT message(tr("%1 copied").arg(label));
    });
    row->addWidget(name, 0, Qt::AlignTop);
    row->addWidget(text, 1, Qt::AlignTop);
    row->addWidget(copy, 0, Qt::AlignTop);
    return line;
}

} // namespace a360::ui

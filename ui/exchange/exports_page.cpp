// SPDX-License-Identifier: GPL-3.0-or-later
#include "exchange/exports_page.h"

#include "exchange/export_operation.h"
#include "records/cell_text.h"
#include "theme/theme.h"
#include "theme/tokens.h"
#include "widgets/operation_card.h"
#include "widgets/state_panel.h"
#include "work/operation_list.h"

#include <QApplication>
#include <QClipboard>
#include <QDesktopServices>
#include <QFileInfo>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedWidget>
#include <QUrl>
#include <QVBoxLayout>

namespace a360::ui {

namespace {

constexpr int widestCard = 760;

using Lines = QList<QPair<QString, QString>>;

Lines receiptLines(const ExportOperation &operation)
{
    const QLocale locale;
    const transfer::Receipt &receipt = operation.receipt();
    return {{QStringLiteral("File"), operation.path()},
            {QStringLiteral("Database"), operation.database().display()},
            {QStringLiteral("Rows"), locale.toString(receipt.rows)},
            {QStringLiteral("Size"), QStringLiteral("%1 (%2 bytes)").arg(bytesText(receipt.bytes, locale),
                                                                        locale.toString(receipt.bytes))},
            {QStringLiteral("SHA-256"), QString::fromLatin1(receipt.sha256)},
            {QStringLiteral("Snapshot"), receipt.consistent
                                             ? QStringLiteral("One consistent snapshot")
                                             : QStringLiteral("%1 snapshots, as the connection broke")
                                                   .arg(receipt.snapshots.size())},
            {QStringLiteral("Finished"), locale.toString(receipt.finishedAt.toLocalTime(), QLocale::ShortFormat)}};
}

QWidget *makeReceipt(const ExportOperation &operation)
{
    auto *box = new QWidget;
    auto *grid = new QGridLayout(box);
    grid->setContentsMargins(0, 4, 0, 0);
    grid->setHorizontalSpacing(16);
    grid->setVerticalSpacing(2);
    grid->setColumnStretch(1, 1);
    int row = 0;
    for (const auto &[name, value] : receiptLines(operation)) {
        auto *label = new QLabel(name, box);
        setRole(label, role::secondary);
        auto *text = new QLabel(value, box);
        text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
        text->setWordWrap(name == QLatin1String("File") || name == QLatin1String("Database"));
        text->setAccessibleName(QStringLiteral("%1: %2").arg(name, value));
        if (name == QLatin1String("SHA-256")) {
            text->setFont(QFont(QStringLiteral("monospace"), 8));
            text->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
        }
        grid->addWidget(label, row, 0, Qt::AlignTop);
        grid->addWidget(text, row++, 1, Qt::AlignTop);
    }
    return box;
}

} // namespace

ExportsPage::ExportsPage(OperationList &operations, QWidget *parent)
    : QWidget(parent), m_operations(operations), m_stack(new QStackedWidget(this)), m_state(new StatePanel(this)),
      m_column(nullptr), m_new(new QPushButton(tr("Export contacts…"), this)), m_session(Session::State::Opening)
{
    auto *content = new QWidget;
    m_column = new QVBoxLayout(content);
    m_column->setContentsMargins(16, metrics::unit, 16, 16);
    m_column->setSpacing(metrics::unit);
    m_column->addStretch();
    auto *scroll = new QScrollArea(this);
    scroll->setWidgetResizable(true);
    scroll->setWidget(content);
    scroll->setFocusPolicy(Qt::NoFocus); // what is in it takes the focus, and scrolls it
    m_stack->addWidget(scroll);
    m_stack->addWidget(m_state);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeHeader());
    column->addWidget(m_stack, 1);
    connect(&m_operations, &OperationList::added, this, &ExportsPage::add);
    connect(&m_operations, &OperationList::dismissed, this, &ExportsPage::remove);
    showPlace();
}

QWidget *ExportsPage::makeHeader()
{
    auto *header = new QWidget(this);
    header->setFixedHeight(metrics::headerHeight);
    auto *title = new QLabel(tr("Exports"), header);
    setRole(title, role::title);
    setRole(m_new, role::primary);
    auto *row = new QHBoxLayout(header);
    row->setContentsMargins(16, 0, 16, 0);
    row->addWidget(title);
    row->addStretch();
    row->addWidget(m_new);
    connect(m_new, &QPushButton::clicked, this, &ExportsPage::contactsExportRequested);
    return header;
}

void ExportsPage::follow(Session::State state)
{
    m_session = state;
    m_new->setEnabled(state == Session::State::Open);
    showPlace();
}

QString ExportsPage::receiptText(const ExportOperation *operation) const
{
    QStringList lines;
    for (const auto &[name, value] : receiptLines(*operation))
        lines.append(QStringLiteral("%1: %2").arg(name, value));
    return lines.join(QLatin1Char('\n'));
}

void ExportsPage::add(Operation *operation)
{
    auto *exporting = qobject_cast<ExportOperation *>(operation);
    if (!exporting)
        return;
    auto *card = new OperationCard(exporting, this);
    card->setMaximumWidth(widestCard);
    connect(card, &OperationCard::dismissRequested, this, [this, operation] { m_operations.dismiss(operation); });
    connect(exporting, &Operation::finished, card, [this, card, exporting] {
        if (exporting->state() != Operation::State::Done)
            return;
        card->setNextSteps(
            {{tr("Open file"), [exporting] { QDesktopServices::openUrl(QUrl::fromLocalFile(exporting->path())); }},
             {tr("Open folder"),
              [exporting] {
                  QDesktopServices::openUrl(QUrl::fromLocalFile(QFileInfo(exporting->path()).absolutePath()));
              }},
             {tr("Copy receipt"), [this, exporting] {
                  QApplication::clipboard()->setText(receiptText(exporting));
                  Q_EMIT message(tr("Receipt copied"));
              }}});
        static_cast<QVBoxLayout *>(card->layout())->insertWidget(3, makeReceipt(*exporting));
    });
    m_cards.insert(operation, card);
    m_column->insertWidget(0, card);
    showPlace();
}

void ExportsPage::remove(Operation *operation)
{
    if (QWidget *card = m_cards.take(operation))
        card->deleteLater();
    showPlace();
}

void ExportsPage::showPlace()
{
    m_stack->setCurrentIndex(m_cards.isEmpty() ? 1 : 0);
    if (!m_cards.isEmpty())
        return;
    if (m_session == Session::State::Open) {
        m_state->show(Icon::Export, tr("Nothing exported yet"),
                      tr("Filter contacts or companies, then export what you see as CSV, JSON Lines or JSON. Each export "
                         "leaves a receipt here with its rows, size and checksum."),
                      {{tr("Export contacts…"), [this] { Q_EMIT contactsExportRequested(); }},
                       {tr("Export companies…"), [this] { Q_EMIT companiesExportRequested(); }}});
    } else if (m_session == Session::State::Failed) {
        m_state->show(Icon::Export, tr("No database is open"), tr("An export needs a database to read from."),
                      {{tr("Choose database…"), [this] { Q_EMIT databaseRequested(); }, true}});
    } else {
        m_state->show(Icon::Export, tr("Opening the database…"), {}, {});
    }
}

} // namespace a360::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#include "exchange/import_setup.h"

#include "exchange/mapping_table.h"
#include "records/cell_text.h"
#include "theme/theme.h"
#include "theme/tokens.h"
#include "widgets/tab_chain.h"
#include "work/run_async.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTabBar>
#include <QTabWidget>
#include <QTableWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace a360::ui {

using transfer::ConflictPolicy;
using transfer::MatchBy;

namespace {

constexpr int previewRows = 50;
constexpr int optionsWidth = 264;
constexpr int widestColumn = 240;

struct Opened
{
    std::shared_ptr<transfer::InputFile> file;
    transfer::ImportPreview preview;
};

QLabel *caption(const QString &text, QWidget *parent)
{
    auto *label = new QLabel(text, parent);
    setRole(label, role::secondary);
    return label;
}

QString delimiterName(char delimiter)
{
    switch (delimiter) {
    case ',':
        return QStringLiteral("comma");
    case ';':
        return QStringLiteral("semicolon");
    case '\t':
        return QStringLiteral("tab");
    case '|':
        return QStringLiteral("bar");
    default:
        return QString(QLatin1Char(delimiter));
    }
}

} // namespace

ImportSetup::ImportSetup(Session &session, QWidget *parent)
    : QWidget(parent), m_session(session), m_fileName(new QLabel(this)), m_fileFacts(new QLabel(this)),
      m_mappingFacts(new QLabel(this)), m_entity(new QComboBox(this)), m_encoding(new QComboBox(this)),
      m_delimiter(new QComboBox(this)), m_policy(new QComboBox(this)), m_match(new QComboBox(this)),
      m_lenient(new QCheckBox(tr("Keep rows with a bad value, without the value"), this)),
      m_change(new QPushButton(tr("Change…"), this)), m_dryRun(new QPushButton(tr("Dry run"), this)),
      m_import(new QPushButton(tr("Import"), this)), m_mapping(new MappingTable(this)), m_rows(new QTableWidget(this)),
      m_tabs(new QTabWidget(this))
{
    m_entity->addItems({tr("Contacts with their companies"), tr("Companies")});
    m_encoding->addItem(tr("Automatic"), QString());
    for (const char *name : {"utf-8", "windows-1252", "latin1", "utf-16le", "utf-16be"})
        m_encoding->addItem(QLatin1String(name).toString().toUpper(), QLatin1String(name).toString());
    m_delimiter->addItem(tr("Automatic"), QChar());
    for (const char delimiter : {',', ';', '\t', '|'})
        m_delimiter->addItem(delimiterName(delimiter), QChar::fromLatin1(delimiter));
    m_policy->addItems({tr("Overwrite with what the file has"), tr("Only fill what is empty"), tr("Leave them alone")});
    m_match->addItems({tr("UUID or name and e-mail"), tr("E-mail"), tr("LinkedIn address"), tr("UUID")});
    m_entity->setAccessibleName(tr("Import as"));
    m_encoding->setAccessibleName(tr("Encoding"));
    m_delimiter->setAccessibleName(tr("Delimiter"));
    m_policy->setAccessibleName(tr("Rows that are already there"));
    m_match->setAccessibleName(tr("Recognise rows by"));
    m_lenient->setToolTip(tr("Otherwise such rows are rejected and listed, with the reason."));
    setRole(m_fileName, role::heading);
    setRole(m_fileFacts, role::secondary);
    setRole(m_mappingFacts, role::secondary);
    setRole(m_import, role::primary);
    m_dryRun->setToolTip(tr("Reads and checks everything, then takes it back: nothing is written."));
    layOut();

    connect(m_change, &QPushButton::clicked, this, &ImportSetup::changeFileRequested);
    connect(m_dryRun, &QPushButton::clicked, this, [this] { Q_EMIT runRequested(true); });
    connect(m_import, &QPushButton::clicked, this, [this] { Q_EMIT runRequested(false); });
    connect(m_entity, &QComboBox::activated, this, [this] {
        m_mapping->forgetChoices();
        readAgain();
    });
    for (QComboBox *box : {m_encoding, m_delimiter})
        connect(box, &QComboBox::activated, this, &ImportSetup::readAgain);
    connect(m_mapping, &MappingTable::choiceChanged, this, &ImportSetup::readAgain);
    setReady(false);
}

void ImportSetup::layOut()
{
    auto *names = new QVBoxLayout;
    names->setSpacing(2);
    names->addWidget(m_fileName);
    names->addWidget(m_fileFacts);
    auto *file = new QHBoxLayout;
    file->addLayout(names, 1);
    file->addWidget(m_change);

    m_rows->setAccessibleName(tr("First rows of the file"));
    m_rows->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_rows->setAlternatingRowColors(true);
    m_rows->setShowGrid(false);
    m_rows->setWordWrap(false);
    setRole(m_rows, role::plain);
    m_rows->verticalHeader()->hide();
    m_rows->verticalHeader()->setDefaultSectionSize(metrics::rowHeight);
    m_rows->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_rows->horizontalHeader()->setFixedHeight(metrics::rowHeight);
    m_tabs->addTab(m_mapping, tr("Where the columns go"));
    m_tabs->addTab(m_rows, tr("First rows"));
    m_tabs->setDocumentMode(true);

    auto *left = new QVBoxLayout;
    left->setSpacing(metrics::unit);
    left->addLayout(file);
    left->addWidget(m_tabs, 1);
    left->addWidget(m_mappingFacts);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(16, metrics::unit, 16, 16);
    row->setSpacing(24);
    row->addLayout(left, 1);
    row->addWidget(makeOptions());
    chainTabs();
}

void ImportSetup::chainTabs()
{
    ui::chainTabs(QList<QWidget *>{m_change, m_tabs->tabBar()} + m_mapping->boxes()
                  + QList<QWidget *>{m_rows, m_entity, m_policy, m_match, m_lenient, m_encoding, m_delimiter, m_dryRun, m_import});
}

QWidget *ImportSetup::makeOptions()
{
    auto *options = new QWidget(this);
    options->setFixedWidth(optionsWidth);
    auto *column = new QVBoxLayout(options);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(metrics::half);
    const auto add = [&](const QString &text, QWidget *widget) {
        column->addWidget(caption(text, options));
        column->addWidget(widget);
        column->addSpacing(metrics::unit);
    };
    add(tr("Import as"), m_entity);
    add(tr("Rows that are already there"), m_policy);
    add(tr("Recognise them by"), m_match);
    column->addWidget(m_lenient);
    column->addSpacing(16);
    auto *reading = new QLabel(tr("Reading the file"), options);
    setRole(reading, role::heading);
    column->addWidget(reading);
    add(tr("Encoding"), m_encoding);
    add(tr("Delimiter"), m_delimiter);
    column->addStretch();
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(metrics::unit);
    buttons->addWidget(m_dryRun, 1);
    buttons->addWidget(m_import, 1);
    column->addLayout(buttons);
    m_lenient->setText(tr("Keep rows with a bad value"));
    return options;
}

void ImportSetup::open(const QString &path)
{
    m_path = path;
    m_file.reset();
    m_mapping->forgetChoices();
    m_encoding->setCurrentIndex(0);
    m_delimiter->setCurrentIndex(0);
    m_fileName->setText(path.section(QLatin1Char('/'), -1));
    m_fileFacts->setText(tr("Reading…"));
    readAgain();
}

void ImportSetup::readAgain()
{
    setReady(false);
    m_cancel.cancel();
    m_cancel = CancelSource{};
    runAsync(
        m_session.interactive(), this,
        [path = m_path, file = m_file, entity = entity(), overrides = overrides(), chosen = m_mapping->chosen(),
         token = m_cancel.token()]() -> Result<Opened> {
            Opened opened{file, {}};
            if (!opened.file) {
                A360_TRY_ASSIGN(opened.file, transfer::InputFile::open(path, token));
            }
            A360_TRY_ASSIGN(opened.preview, transfer::previewImport(*opened.file, entity, overrides, chosen, previewRows));
            return opened;
        },
        [this, ticket = ++m_ticket](Result<Opened> result) {
            if (ticket != m_ticket)
                return;
            if (!result.ok()) {
                Q_EMIT failed(result.error());
                return;
            }
            m_file = result->file;
            m_preview = std::move(result->preview);
            present();
            setReady(true);
            Q_EMIT ready();
        });
}

void ImportSetup::present()
{
    const QLocale locale;
    const transfer::CsvFormat &format = m_preview.format;
    const qsizetype columns = format.header.size();
    QStringList fileFacts{bytesText(m_file->size(), locale),
                          transfer::encodingName(format.encoding).toUpper() + (format.byteOrderMark ? tr(" with BOM") : QString())};
    if (columns > 1) // nothing is separated otherwise
        fileFacts.append(tr("separated by %1").arg(delimiterName(format.delimiter)));
    fileFacts.append(columns == 1 ? tr("1 column") : tr("%1 columns").arg(locale.toString(columns)));
    m_fileFacts->setText(fileFacts.join(QStringLiteral(" · ")));
    m_encoding->setItemText(0, tr("Automatic: %1").arg(transfer::encodingName(format.encoding).toUpper()));
    m_delimiter->setItemText(0, tr("Automatic: %1").arg(delimiterName(format.delimiter)));
    m_mapping->show(entity(), m_preview);
    chainTabs();
    const int mapped = m_mapping->mappedCount(), conflicts = m_mapping->conflictCount();
    QString facts = columns == 1  ? (mapped == 1 ? tr("The column is imported.") : tr("The column is not imported."))
                    : mapped == 1 ? tr("1 of %1 columns is imported.").arg(columns)
                                  : tr("%1 of %2 columns are imported.").arg(mapped).arg(columns);
    if (conflicts == 1)
        facts += tr(" 1 wants a place that is taken: choose for it or leave it out.");
    else if (conflicts > 1)
        facts += tr(" %1 want a place that is taken: choose for them or leave them out.").arg(conflicts);
    setRole(m_mappingFacts, m_mapping->conflictCount() > 0 ? role::warning : role::secondary);
    m_mappingFacts->setText(facts);

    m_rows->setColumnCount(static_cast<int>(format.header.size()));
    m_rows->setHorizontalHeaderLabels(format.header);
    m_rows->setRowCount(static_cast<int>(m_preview.rows.size()));
    for (int row = 0; row < m_rows->rowCount(); ++row) {
        const QStringList &cells = m_preview.rows[static_cast<size_t>(row)];
        for (int column = 0; column < m_rows->columnCount(); ++column)
            m_rows->setItem(row, column, new QTableWidgetItem(cells.value(column).simplified().left(200)));
    }
    m_rows->resizeColumnsToContents();
    for (int column = 0; column < m_rows->columnCount(); ++column)
        m_rows->setColumnWidth(column, std::min(m_rows->columnWidth(column) + metrics::unit, widestColumn));
}

void ImportSetup::setReady(bool isReady)
{
    m_ready = isReady;
    m_import->setEnabled(isReady && !m_session.isReadOnly());
    m_dryRun->setEnabled(isReady && !m_session.isReadOnly());
    m_import->setToolTip(m_session.isReadOnly() ? tr("This login may only read.") : QString());
}

contacts::Entity ImportSetup::entity() const
{
    return m_entity->currentIndex() == 1 ? contacts::Entity::Company : contacts::Entity::Contact;
}

transfer::CsvOverrides ImportSetup::overrides() const
{
    transfer::CsvOverrides overrides;
    if (const QString name = m_encoding->currentData().toString(); !name.isEmpty())
        overrides.encoding = transfer::encodingByName(name);
    if (const QChar delimiter = m_delimiter->currentData().toChar(); !delimiter.isNull())
        overrides.delimiter = delimiter.toLatin1();
    return overrides;
}

transfer::ImportRequest ImportSetup::request(bool dryRun) const
{
    constexpr ConflictPolicy policies[] = {ConflictPolicy::Overwrite, ConflictPolicy::FillEmpty, ConflictPolicy::Skip};
    constexpr MatchBy matches[] = {MatchBy::Default, MatchBy::Email, MatchBy::LinkedIn, MatchBy::Uuid};
    transfer::ImportRequest request;
    request.file = m_file;
    request.entity = entity();
    request.overrides = overrides();
    request.mapping = m_mapping->chosen();
    request.policy = policies[m_policy->currentIndex()];
    request.match = matches[m_match->currentIndex()];
    request.dryRun = dryRun;
    request.lenient = m_lenient->isChecked();
    return request;
}

} // namespace a360::ui

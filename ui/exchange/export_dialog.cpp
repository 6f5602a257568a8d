// SPDX-License-Identifier: GPL-3.0-or-later
#include "exchange/export_dialog.h"

#include "records/cell_text.h"
#include "records/column_chooser.h"
#include "theme/theme.h"
#include "theme/tokens.h"
#include "transfer/output_file.h"
#include "widgets/tab_chain.h"
#include "work/run_async.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDate>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QStandardPaths>
#include <QVBoxLayout>

namespace a360::ui {

using contacts::Entity;
using transfer::Compression;
using transfer::Format;

namespace {

const QString lastFolderKey = QStringLiteral("lastFolder");

QString plural(Entity entity)
{
    return entity == Entity::Contact ? QStringLiteral("contacts") : QStringLiteral("companies");
}

struct Hint
{
    QString text;
    bool refused = false; ///< no export can go there
};

/// What to know of a file before writing to it. Blocks.
Hint hintOf(const QString &path, const db::DatabaseUrl &database)
{
    const QFileInfo file(path);
    if (path.isEmpty())
        return {QStringLiteral("Choose where to save the file.")};
    if (file.isDir())
        return {QStringLiteral("This is a folder. Add a file name."), true};
    if (!QFileInfo(file.absolutePath()).isDir())
        return {QStringLiteral("The folder %1 does not exist.").arg(file.absolutePath()), true};
    if (!QFileInfo(file.absolutePath()).isWritable())
        return {QStringLiteral("The folder %1 does not allow new files.").arg(file.absolutePath()), true};
    if (const Result<void> spared = transfer::spareDatabase(database, path); !spared.ok())
        return {spared.error().message, true};
    return {file.exists() ? QStringLiteral("The file exists and will be replaced.") : QString()};
}

} // namespace

ExportDialog::ExportDialog(Entity entity, ExportScope scope, Session &session, Remembered &remembered, QWidget *parent)
    : QDialog(parent), m_entity(entity), m_scope(std::move(scope)), m_session(session), m_remembered(remembered),
      m_all(new QRadioButton(this)), m_selected(new QRadioButton(this)), m_format(new QComboBox(this)),
      m_compression(new QComboBox(this)), m_columns(new QComboBox(this)),
      m_guard(new QCheckBox(tr("Guard cells that a spreadsheet would run as formulas"), this)),
      m_path(new QLineEdit(this)), m_browse(new QPushButton(tr("Browse…"), this)),
      m_export(new QPushButton(tr("Export"), this)), m_hint(new QLabel(this)), m_chooser(new ColumnChooser(entity, this)),
      m_chosen(m_scope.columns)
{
    setWindowTitle(tr("Export %1").arg(plural(entity)));
    setModal(false);
    const QLocale locale;
    const QString count = countText(m_scope.total, m_scope.totalIsEstimate, locale);
    if (m_scope.query.filters.empty())
        m_all->setText(m_scope.total < 0 ? tr("All") : tr("All %1").arg(count));
    else
        m_all->setText(m_scope.total < 0 ? tr("All that match") : tr("All %1 that match").arg(count));
    m_selected->setText(tr("Only the selected: %1").arg(rowsText(m_scope.selectedCount, locale)));
    const bool canSelect = m_scope.selectedCount > 0 && m_scope.selectionIsComplete;
    m_selected->setEnabled(canSelect);
    if (m_scope.selectedCount > 0 && !canSelect)
        m_selected->setToolTip(tr("Some of the selected rows are not loaded. Use a filter for such a large choice."));
    (canSelect && m_scope.selectedCount > 1 ? m_selected : m_all)->setChecked(true);
    m_format->addItems({tr("CSV, for spreadsheets and other tools"), tr("JSON Lines, one object a line"),
                        tr("JSON, one array")});
    m_compression->addItems({tr("None"), tr("gzip"), tr("Zstandard")});
    m_columns->addItem(tr("As on screen (%1)").arg(m_scope.columns.size()));
    m_columns->addItem(tr("All listed (%1)").arg(contacts::presetColumns(entity, contacts::Preset::List).size()));
    m_columns->addItem(
        tr("Full, to import again (%1)").arg(contacts::presetColumns(entity, contacts::Preset::Full).size()));
    m_columns->addItem(tr("Choose…"));
    m_guard->setChecked(true);
    m_guard->setToolTip(tr("Puts an apostrophe in front of = + - @. Importing the file here takes it away again."));
    m_format->setAccessibleName(tr("Format"));
    m_compression->setAccessibleName(tr("Compression"));
    m_columns->setAccessibleName(tr("Columns"));
    m_path->setAccessibleName(tr("Target file"));
    setRole(m_export, role::primary);
    setRole(m_hint, role::secondary);
    m_hint->setWordWrap(true);
    m_export->setDefault(true);
    layOut();
    offerPath();

    connect(m_format, &QComboBox::currentIndexChanged, this, [this] {
        m_guard->setEnabled(format() == Format::Csv);
        fixExtension();
    });
    connect(m_compression, &QComboBox::currentIndexChanged, this, &ExportDialog::fixExtension);
    connect(m_columns, &QComboBox::activated, this, [this](int choice) {
        if (choice == Chosen)
            chooseColumns();
    });
    connect(m_chooser, &ColumnChooser::chosen, this, [this](const QStringList &names) {
        m_chosen = names;
        m_columns->setItemText(Chosen, tr("Chosen (%1)").arg(names.size()));
    });
    connect(m_path, &QLineEdit::textChanged, this, &ExportDialog::updateHint);
    connect(m_browse, &QPushButton::clicked, this, &ExportDialog::browse);
    connect(m_export, &QPushButton::clicked, this, &ExportDialog::submit);
    updateHint();
}

void ExportDialog::layOut()
{
    auto *rows = new QVBoxLayout;
    rows->setSpacing(metrics::half);
    rows->addWidget(m_all);
    rows->addWidget(m_selected);
    auto *target = new QHBoxLayout;
    target->setSpacing(metrics::unit);
    target->addWidget(m_path, 1);
    target->addWidget(m_browse);
    auto *form = new QFormLayout;
    form->setHorizontalSpacing(16);
    form->setVerticalSpacing(12);
    form->setLabelAlignment(Qt::AlignLeft);
    form->addRow(tr("Rows"), rows);
    form->addRow(tr("Columns"), m_columns);
    form->addRow(tr("Format"), m_format);
    form->addRow(QString(), m_guard);
    form->addRow(tr("Compression"), m_compression);
    form->addRow(tr("Save as"), target);
    form->addRow(QString(), m_hint);
    auto *cancel = new QPushButton(tr("Cancel"), this);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(metrics::unit);
    buttons->addStretch();
    buttons->addWidget(cancel);
    buttons->addWidget(m_export);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(20, 20, 20, 16);
    column->setSpacing(16);
    column->addLayout(form);
    column->addStretch();
    column->addLayout(buttons);
    m_path->setMinimumWidth(360);
    chainTabs({m_all, m_selected, m_columns, m_format, m_guard, m_compression, m_path, m_browse, cancel, m_export});
    m_hint->setMinimumHeight(2 * m_hint->fontMetrics().height());
}

void ExportDialog::offerPath()
{
    const QString folder = m_remembered.databaseValue(lastFolderKey).toString();
    const QString documents = QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation);
    const QString name = QStringLiteral("%1-%2%3").arg(plural(m_entity), QDate::currentDate().toString(Qt::ISODate),
                                                       extension());
    const QString offered = QDir::toNativeSeparators((folder.isEmpty() ? documents : folder) + QLatin1Char('/') + name);
    m_path->setText(offered);
    if (!folder.isEmpty())
        return;
    // Not everybody has the folder that the system names for documents; looking may wait for a network folder.
    runAsync(
        m_session.interactive(), this, [documents] { return QFileInfo(documents).isDir(); },
        [this, offered, name](bool there) {
            if (!there && m_path->text() == offered)
                m_path->setText(QDir::toNativeSeparators(QDir::homePath() + QLatin1Char('/') + name));
        });
}

Format ExportDialog::format() const
{
    constexpr Format formats[] = {Format::Csv, Format::JsonLines, Format::Json};
    return formats[m_format->currentIndex()];
}

Compression ExportDialog::compression() const
{
    constexpr Compression kinds[] = {Compression::None, Compression::Gzip, Compression::Zstd};
    return kinds[m_compression->currentIndex()];
}

QString ExportDialog::extension() const
{
    const char *const formats[] = {".csv", ".jsonl", ".json"};
    const char *const kinds[] = {"", ".gz", ".zst"};
    return QLatin1String(formats[m_format->currentIndex()]) + QLatin1String(kinds[m_compression->currentIndex()]);
}

void ExportDialog::fixExtension()
{
    QString path = m_path->text();
    for (const char *kind : {".gz", ".zst"}) {
        if (path.endsWith(QLatin1String(kind)))
            path.chop(static_cast<qsizetype>(qstrlen(kind)));
    }
    for (const char *ending : {".csv", ".jsonl", ".json"}) {
        if (path.endsWith(QLatin1String(ending))) {
            path.chop(static_cast<qsizetype>(qstrlen(ending)));
            break;
        }
    }
    m_path->setText(path + extension());
}

void ExportDialog::browse()
{
    auto *dialog = new QFileDialog(this, tr("Export %1").arg(plural(m_entity)));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDirectory(QFileInfo(m_path->text()).path());
    dialog->selectFile(QFileInfo(m_path->text()).fileName());
    connect(dialog, &QFileDialog::fileSelected, m_path, &QLineEdit::setText);
    dialog->open();
}

void ExportDialog::chooseColumns()
{
    m_chooser->openFor(m_columns, m_chosen);
    m_columns->setItemText(Chosen, tr("Chosen (%1)").arg(m_chosen.size()));
}

void ExportDialog::updateHint()
{
    m_refused = false;
    // Looking at the disk may wait for a network folder, so it happens elsewhere.
    runAsync(
        m_session.interactive(), this,
        [path = this->path(), database = m_session.url()] { return hintOf(path, database); },
        [this, ticket = ++m_hintTicket](const Hint &hint) {
            if (ticket == m_hintTicket) {
                m_refused = hint.refused;
                setRole(m_hint, hint.refused ? role::bad : role::secondary);
                m_hint->setText(hint.text);
            }
        });
}

Result<std::vector<contacts::OutputColumn>> ExportDialog::columns() const
{
    switch (m_columns->currentIndex()) {
    case Listed:
        return contacts::presetColumns(m_entity, contacts::Preset::List);
    case Full:
        return contacts::presetColumns(m_entity, contacts::Preset::Full);
    case Chosen:
        return contacts::columnsByName(m_entity, m_chosen);
    default:
        return contacts::columnsByName(m_entity, m_scope.columns);
    }
}

Result<transfer::ExportRequest> ExportDialog::request() const
{
    if (path().isEmpty())
        return makeError(ErrorCode::InvalidArgument, tr("Choose where to save the file."), QStringLiteral("path"));
    transfer::ExportRequest request;
    A360_TRY_ASSIGN(request.columns, columns());
    request.query = m_scope.query;
    if (m_selected->isChecked()) {
        A360_TRY_ASSIGN(contacts::Filter chosen, contacts::filterByUuids(m_entity, m_scope.selected));
        request.query.filters = {std::move(chosen)};
    }
    request.format = format();
    request.compression = compression();
    request.spreadsheetSafe = m_guard->isChecked() && request.format == Format::Csv;
    return request;
}

QString ExportDialog::path() const
{
    return m_path->text().trimmed();
}

void ExportDialog::submit()
{
    const Result<transfer::ExportRequest> made = request();
    if (!made.ok()) {
        ++m_hintTicket;
        setRole(m_hint, role::bad);
        m_hint->setText(made.error().message);
        return;
    }
    if (m_refused)
        return; // the hint says why
    m_remembered.setDatabaseValue(lastFolderKey, QFileInfo(path()).path());
    Q_EMIT exportRequested(*made, path());
    accept();
}

} // namespace a360::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#include "exchange/import_result.h"

#include "exchange/import_operation.h"
#include "exchange/rejects_model.h"
#include "records/cell_text.h"
#include "session/database_name.h"
#include "theme/theme.h"
#include "theme/tokens.h"
#include "transfer/reject_text.h"
#include "widgets/icon_label.h"
#include "widgets/tab_chain.h"

#include <QFrame>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTableView>
#include <QVBoxLayout>

namespace a360::ui {

namespace {
constexpr int symbolSize = 22;

/// "1 row that …", "2,000 rows that …"
QString numbered(qint64 count, const QString &one, const QString &several)
{
    return count == 1 ? one : several.arg(QLocale().toString(count));
}

/// What lies behind the sum, a line each.
QStringList factsOf(const transfer::ImportReport &report)
{
    const QLocale locale;
    QStringList facts;
    QString first = durationText(report.seconds);
    if (report.companiesInserted + report.companiesUpdated + report.companiesUnchanged > 0) {
        first += (report.dryRun ? ImportResult::tr(" · companies: %1 would be new, %2 changed") : ImportResult::tr(" · companies: %1 new, %2 changed"))
                     .arg(locale.toString(report.companiesInserted), locale.toString(report.companiesUpdated));
    }
    facts.append(first);
    const QString skipped = report.dryRun ? ImportResult::tr("would be skipped: ") : ImportResult::tr("skipped: ");
    const std::tuple<qint64, QString, QString> causes[] = {
        {report.skippedDuplicates, ImportResult::tr("1 row that a later row of the file repeats"),
         ImportResult::tr("%1 rows that later rows of the file repeat")},
        {report.skippedExisting, report.dryRun ? ImportResult::tr("1 row that is there already") : ImportResult::tr("1 row that was there already"),
         report.dryRun ? ImportResult::tr("%1 rows that are there already") : ImportResult::tr("%1 rows that were there already")},
        {report.skippedByCancel, ImportResult::tr("1 row that was not reached"), ImportResult::tr("%1 rows that were not reached")}};
    for (const auto &[count, one, several] : causes) {
        if (count > 0)
            facts.append(skipped + numbered(count, one, several));
    }
    if (report.warnings > 0) {
        facts.append(report.dryRun ? numbered(report.warnings, ImportResult::tr("1 value would be left out of a row that stays"),
                                             ImportResult::tr("%1 values would be left out of rows that stay"))
                                   : numbered(report.warnings, ImportResult::tr("1 value was left out of a row that stayed"),
                                             ImportResult::tr("%1 values were left out of rows that stayed")));
    }
    return facts + report.notes;
}
} // namespace

ImportResult::ImportResult(QWidget *parent)
    : QWidget(parent), m_symbol(new IconLabel(symbolSize, this)), m_heading(new QLabel(this)), m_facts(new QLabel(this)),
      m_rejectsHeading(new QLabel(this)), m_rejectsFacts(new QLabel(this)), m_sum(new QWidget(this)),
      m_actions(new QWidget(this)), m_rejects(new QTableView(this)), m_model(new RejectsModel(this))
{
    setRole(m_heading, role::figure);
    setRole(m_facts, role::secondary);
    setRole(m_rejectsHeading, role::heading);
    setRole(m_rejectsFacts, role::secondary);
    m_facts->setWordWrap(true);
    m_rejects->setModel(m_model);
    m_rejects->setAccessibleName(tr("Rejected rows"));
    m_rejects->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_rejects->setAlternatingRowColors(true);
    m_rejects->setShowGrid(false);
    m_rejects->setWordWrap(false);
    m_rejects->setTextElideMode(Qt::ElideMiddle); // what is wrong stands at the end of a reason, behind the value
    setRole(m_rejects, role::plain);
    m_rejects->setTabKeyNavigation(false);
    m_rejects->verticalHeader()->hide();
    m_rejects->verticalHeader()->setDefaultSectionSize(metrics::rowHeight);
    m_rejects->horizontalHeader()->setFixedHeight(metrics::rowHeight);
    m_rejects->horizontalHeader()->setStretchLastSection(true);
    m_rejects->setColumnWidth(RejectsModel::Row, 72);
    m_rejects->setColumnWidth(RejectsModel::Line, 72);
    m_rejects->setColumnWidth(RejectsModel::ColumnName, 140);
    m_rejects->setColumnWidth(RejectsModel::Value, 200);
    (new QHBoxLayout(m_sum))->setContentsMargins(0, 0, 0, 0);
    m_sum->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed); // the room below is the rejects'
    (new QHBoxLayout(m_actions))->setContentsMargins(0, 0, 0, 0);
    m_sum->layout()->setSpacing(metrics::unit);
    m_actions->layout()->setSpacing(metrics::unit);

    auto *head = new QHBoxLayout;
    head->setSpacing(metrics::unit);
    head->addWidget(m_symbol);
    head->addWidget(m_heading, 1);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(16, metrics::unit, 16, 16);
    column->setSpacing(12);
    column->addLayout(head);
    column->addWidget(m_sum, 0, Qt::AlignLeft);
    column->addWidget(m_facts);
    column->addWidget(m_actions, 0, Qt::AlignLeft);
    column->addSpacing(metrics::unit);
    column->addWidget(m_rejectsHeading);
    column->addWidget(m_rejectsFacts);
    column->addWidget(m_rejects, 1);
    column->addStretch(0);
}

QString ImportResult::heading() const
{
    return m_heading->text();
}

QString ImportResult::factsText() const
{
    return m_facts->text();
}

void ImportResult::show(const ImportOperation &operation)
{
    const transfer::ImportReport &report = operation.report();
    const Operation::State state = operation.state();
    const bool counted = state == Operation::State::Done || report.cancelled;
    Icon symbol = Icon::Success;
    QString heading = report.dryRun ? tr("Dry run done, nothing was written") : tr("Import done");
    if (state == Operation::State::Failed) {
        symbol = Icon::Error;
        heading = tr("The import failed");
    } else if (state == Operation::State::Cancelled) {
        symbol = Icon::Information;
        heading = !report.cancelled              ? tr("Cancelled, the data is untouched")
                  : report.skippedByCancel > 0 ? tr("Cancelled: what was merged before is in")
                                               : tr("Cancelled: all rows are in, some indexes are not");
    } else if (report.rejected > 0) {
        symbol = Icon::Warning;
    }
    m_symbol->setIcon(icon(symbol));
    m_heading->setText(operation.isElsewhere() ? QStringLiteral("%1 · %2").arg(databaseName(operation.database()), heading) : heading);
    m_sum->setVisible(counted);
    QStringList facts;
    if (counted) {
        showSum(report);
        facts = factsOf(report);
    } else if (state == Operation::State::Failed) {
        facts.append(operation.error().message);
    }
    m_facts->setText(facts.join(QLatin1Char('\n')));
    m_facts->setVisible(!facts.isEmpty());
    showRejects(report, counted && !(report.firstRejects.empty() && report.firstWarnings.empty()));
}

void ImportResult::showRejects(const transfer::ImportReport &report, bool listed)
{
    const QLocale locale;
    if (listed)
        m_model->setRejects(report.firstRejects, report.firstWarnings, report.dryRun);
    else
        m_model->setRejects({});
    m_rejectsHeading->setVisible(listed);
    m_rejectsFacts->setVisible(listed);
    m_rejects->setVisible(listed);
    if (report.rejected > 0)
        m_rejectsHeading->setText(report.dryRun ? tr("Rows that would be rejected") : tr("Rejected rows"));
    else
        m_rejectsHeading->setText(report.dryRun ? tr("Values that would be left out") : tr("Values that were left out"));
    QStringList reasons;
    for (auto it = report.rejectedByReason.cbegin(); it != report.rejectedByReason.cend(); ++it)
        reasons.append(QStringLiteral("%1 %2").arg(locale.toString(it.value()), transfer::reasonWords(it.key())));
    if (report.rejected + report.warnings > m_model->rowCount())
        reasons.append(tr("the first %1 are shown").arg(locale.toString(m_model->rowCount())));
    m_rejectsFacts->setText(reasons.join(QStringLiteral(" · ")));
}

void ImportResult::showSum(const transfer::ImportReport &report)
{
    const QLocale locale;
    auto *row = static_cast<QHBoxLayout *>(m_sum->layout());
    while (QLayoutItem *item = row->takeAt(0)) {
        if (item->widget())
            item->widget()->deleteLater();
        delete item;
    }
    struct Part
    {
        const char *sign;
        qint64 count;
        QString word;
    };
    const QString wouldBe = report.dryRun ? tr("would be") : QString();
    const Part parts[] = {{"", report.read, tr("read")},
                          {"=", report.inserted, tr("inserted")},
                          {"+", report.updated, tr("updated")},
                          {"+", report.unchanged, tr("unchanged")},
                          {"+", report.skipped, tr("skipped")},
                          {"+", report.rejected, tr("rejected")}};
    QStringList texts;
    for (const Part &part : parts) {
        const QString sign = QLatin1String(part.sign);
        const QString count = locale.toString(part.count);
        const bool conditional = report.dryRun && !sign.isEmpty();
        texts.append(QStringLiteral("%1%2 %3%4").arg(sign.isEmpty() ? sign : sign + QLatin1Char(' '), count,
                                                     conditional ? wouldBe + QLatin1Char(' ') : QString(), part.word));
        if (!sign.isEmpty()) {
            auto *symbol = new QLabel(sign, m_sum);
            setRole(symbol, role::muted);
            row->addWidget(symbol);
        }
        auto *box = new QFrame(m_sum);
        setRole(box, role::card);
        auto *column = new QVBoxLayout(box);
        column->setContentsMargins(12, 8, 12, 8);
        column->setSpacing(0);
        auto *figure = new QLabel(count, box);
        setRole(figure, role::figure);
        // On a line of its own, so that six cards still stand side by side.
        auto *word = new QLabel(conditional ? wouldBe + QLatin1Char('\n') + part.word : part.word, box);
        setRole(word, part.count > 0 && part.sign[0] == '+' && part.word == tr("rejected") ? role::secondaryBad : role::secondary);
        column->addWidget(figure);
        column->addWidget(word);
        column->addStretch(1);
        row->addWidget(box);
    }
    m_sumText = texts.join(QLatin1Char(' '));
    m_sum->setAccessibleName(m_sumText);
}

void ImportResult::setActions(const std::vector<StatePanel::Action> &actions)
{
    auto *row = static_cast<QHBoxLayout *>(m_actions->layout());
    while (QLayoutItem *item = row->takeAt(0)) {
        if (item->widget())
            item->widget()->deleteLater();
        delete item;
    }
    for (const StatePanel::Action &action : actions) {
        auto *button = new QPushButton(action.text, m_actions);
        if (action.primary)
            setRole(button, role::primary);
        connect(button, &QPushButton::clicked, this, action.run);
        row->addWidget(button);
        chainTabs({m_rejects, button, m_rejects}); // the button takes the place before the table
    }
    m_actions->setVisible(!actions.empty());
}

void ImportResult::focusActions()
{
    // The first is the likeliest; those of the result before may still be about to go.
    if (const QLayoutItem *first = m_actions->layout()->itemAt(0))
        first->widget()->setFocus();
}

} // namespace a360::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/queries_card.h"

#include "charts/value_text.h"
#include "figures/figure_table.h"
#include "records/cell_text.h"
#include "theme/theme.h"
#include "theme/tokens.h"

#include <QApplication>
#include <QClipboard>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSplitter>
#include <QVBoxLayout>

namespace a360::ui {

namespace {

constexpr int besideFrom = 820; // narrower: the statement goes below the table
constexpr int contentHeight = 260;

FigureRow rowOf(const SlowQueryPart &query, qint64 now, const QLocale &locale)
{
    const QDateTime at = QDateTime::fromMSecsSinceEpoch(query.at).toUTC();
    return {QString::number(query.id),
            {{relativeTime(at, QDateTime::fromMSecsSinceEpoch(now).toUTC(), locale),
              locale.toString(at.toLocalTime(), QStringLiteral("yyyy-MM-dd HH:mm:ss"))},
             {valueText(query.seconds, Unit::Seconds, locale)},
             {query.rows < 0 ? QStringLiteral("–") : locale.toString(query.rows)},
             {query.statement.simplified(), query.statement}}};
}

QString detailOf(const SlowQueryPart &query)
{
    const QString plan = query.plan.isEmpty() ? QueriesCard::tr("No plan was taken.") : query.plan;
    return query.statement.trimmed() + QStringLiteral("\n\n") + plan;
}

} // namespace

QueriesCard::QueriesCard(QWidget *parent)
    : DashboardCard(tr("Slow queries"), parent),
      m_table(new FigureTable(tr("Slow queries"), {{tr("When"), false, 92}, {tr("Took"), true, 76}, {tr("Rows"), true, 76},
                               {tr("Statement"), false, 0}}, this)),
      m_detail(new QPlainTextEdit(this)), m_copy(new QPushButton(tr("Copy statement and plan"), this)),
      m_splitter(new QSplitter(Qt::Horizontal, this))
{
    setRole(m_detail, role::code);
    setRole(m_copy, role::link);
    m_detail->setReadOnly(true);
    m_detail->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_detail->setAccessibleName(tr("Statement and plan"));
    m_detail->setPlaceholderText(tr("Choose a statement to see all of it and its plan."));
    m_copy->setEnabled(false);
    auto *right = new QWidget(m_splitter);
    auto *column = new QVBoxLayout(right);
    column->setContentsMargins(12, 0, 0, 0);
    column->setSpacing(metrics::half);
    column->addWidget(m_detail, 1);
    column->addWidget(m_copy, 0, Qt::AlignLeft);
    m_splitter->addWidget(m_table);
    m_splitter->addWidget(right);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setHandleWidth(1);
    m_splitter->setSizes({560, 440});
    m_splitter->setMinimumHeight(contentHeight);
    body()->addWidget(m_splitter, 1);
    connect(m_table, &FigureTable::currentKeyChanged, this, &QueriesCard::showDetail);
    connect(m_copy, &QPushButton::clicked, this, [this] {
        QApplication::clipboard()->setText(m_detail->toPlainText());
        Q_EMIT message(tr("Statement and plan copied"));
    });
}

void QueriesCard::resizeEvent(QResizeEvent *event)
{
    DashboardCard::resizeEvent(event);
    const bool beside = width() >= besideFrom;
    m_splitter->setOrientation(beside ? Qt::Horizontal : Qt::Vertical);
    m_splitter->setMinimumHeight(beside ? contentHeight : 2 * contentHeight - 80);
    m_splitter->widget(1)->layout()->setContentsMargins(beside ? 12 : 0, beside ? 0 : metrics::unit, 0, 0);
}

QString QueriesCard::detail() const
{
    return m_detail->toPlainText();
}

void QueriesCard::show(const QueriesPart &queries, qint64 now)
{
    const QLocale locale;
    const QString threshold = valueText(queries.threshold, Unit::Seconds, locale);
    if (!queries.enabled) {
        setInstead(queries.howToEnable);
        verdict()->setVerdict(VerdictLabel::Kind::Neutral, tr("Off"));
        setNote({});
        return;
    }
    m_queries = queries.slowest;
    setInstead(queries.slowest.empty() ? tr("No statement has taken longer than %1.").arg(threshold) : QString());
    if (queries.slow > 0)
        verdict()->setVerdict(VerdictLabel::Kind::Warning, queries.slow == 1 ? tr("1 slow") : tr("%1 slow").arg(locale.toString(queries.slow)),
                              tr("Slower than %1").arg(threshold));
    else
        verdict()->setVerdict(VerdictLabel::Kind::Good, tr("None"));
    std::vector<FigureRow> rows;
    rows.reserve(m_queries.size());
    for (const SlowQueryPart &query : m_queries)
        rows.push_back(rowOf(query, now, locale));
    m_table->setRows(std::move(rows), now);
    showDetail(m_table->currentKey());
    setNote(tr("%1 statements, %2 on average; slow is longer than %3")
                .arg(valueText(static_cast<double>(queries.total), Unit::Count, locale), valueText(queries.average, Unit::Seconds, locale), threshold));
}

void QueriesCard::showDetail(const QString &key)
{
    QString text;
    for (const SlowQueryPart &query : m_queries) {
        if (!key.isEmpty() && key == QString::number(query.id))
            text = detailOf(query);
    }
    m_copy->setEnabled(!text.isEmpty());
    if (text != m_detail->toPlainText()) // setting it anew would lose the scroll position and the selection
        m_detail->setPlainText(text);
}

} // namespace a360::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/tasks_card.h"

#include "charts/time_chart.h"
#include "figures/figure_strip.h"
#include "figures/figure_table.h"
#include "theme/theme.h"

#include <QVBoxLayout>

namespace a360::ui {

namespace {

enum Figure { Running, Queued, Completed, Failed };
constexpr size_t namedAtMost = 3;

ChartModel chartModel()
{
    ChartModel model;
    model.title = TasksCard::tr("Background tasks");
    model.unit = Unit::Count;
    model.leastTop = 4;
    model.lines = {{TasksCard::tr("running"), Ink::Accent, Qt::SolidLine, {}}, {TasksCard::tr("queued"), Ink::Warning, Qt::DashLine, {}}};
    model.emptyText = TasksCard::tr("No task has run yet");
    return model;
}

FigureRow rowOf(const TaskFunctionPart &function, const QLocale &locale)
{
    FigureCell success;
    success.text = shareText(static_cast<double>(function.succeeded), static_cast<double>(function.succeeded + function.failed), locale);
    FigureCell failures{locale.toString(function.failed)};
    failures.bad = function.failed > 0;
    failures.tip = function.lastError.isEmpty() ? failures.text : TasksCard::tr("latest: %1").arg(function.lastError);
    FigureCell trend;
    trend.line = function.runsPerSecond;
    trend.ink = Ink::Accent;
    trend.tip = TasksCard::tr("Runs a second in the last 5 min");
    return {function.name,
            {{function.name},
             {valueText(static_cast<double>(function.runs), Unit::Count, locale), locale.toString(function.runs)},
             success,
             {valueText(function.p95, Unit::Seconds, locale), TasksCard::tr("%1 on average").arg(valueText(function.average, Unit::Seconds, locale))},
             failures,
             {locale.toString(function.queued), TasksCard::tr("%1 running").arg(function.running)},
             trend}};
}

QString nowText(const TasksPart &tasks, const QLocale &locale)
{
    QStringList names;
    for (size_t i = 0; i < tasks.now.size() && i < namedAtMost; ++i)
        names.append(TasksCard::tr("%1 for %2").arg(tasks.now[i].name, valueText(tasks.now[i].seconds, Unit::Seconds, locale)));
    if (names.isEmpty())
        return {};
    if (tasks.now.size() > namedAtMost)
        names.append(TasksCard::tr("%1 more").arg(tasks.now.size() - namedAtMost));
    return TasksCard::tr("Running now: %1").arg(names.join(QStringLiteral(", ")));
}

} // namespace

TasksCard::TasksCard(QWidget *parent)
    : DashboardCard(tr("Background tasks"), parent),
      m_figures(new FigureStrip({tr("Running"), tr("Queued"), tr("Completed"), tr("Failed")}, this)),
      m_chart(new TimeChart(chartModel(), this)),
      m_table(new FigureTable(tr("Tasks by function"), {{tr("Function"), false, 0}, {tr("Runs"), true, 64}, {tr("Success"), true, 84},
                               {tr("p95"), true, 72}, {tr("Failed"), true, 68}, {tr("Queued"), true, 80}, {tr("Trend"), false, 84}}, this))
{
    m_table->setVisibleRows(2, 6);
    body()->addWidget(m_figures);
    body()->addWidget(m_chart, 1);
    body()->addWidget(m_table);
}

void TasksCard::setMinutes(int minutes)
{
    m_chart->setMinutes(minutes);
}

void TasksCard::show(const TasksPart &tasks, qint64 now)
{
    setInstead(tasks.enabled ? QString() : tasks.howToEnable);
    if (!tasks.enabled) {
        verdict()->setVerdict(VerdictLabel::Kind::Neutral, tr("Idle"));
        setNote({});
        return;
    }
    const QLocale locale;
    m_figures->setFigure(Running, tr("%1 of %2").arg(tasks.running).arg(tasks.limit), tr("At most %1 at a time").arg(tasks.limit));
    m_figures->setFigure(Queued, locale.toString(tasks.queued));
    m_figures->setFigure(Completed, valueText(static_cast<double>(tasks.completed), Unit::Count, locale), locale.toString(tasks.completed));
    m_figures->setFigure(Failed, locale.toString(tasks.failed), {}, tasks.failed > 0 ? role::figureBad : nullptr);
    m_chart->setSamples({tasks.runningHistory, tasks.queueDepth}, now);
    std::vector<FigureRow> rows;
    for (const TaskFunctionPart &function : tasks.functions)
        rows.push_back(rowOf(function, locale));
    m_table->setVisible(!rows.empty());
    m_table->setRows(std::move(rows), now);
    if (tasks.limit > 0 && tasks.running >= tasks.limit && tasks.queued > 0)
        verdict()->setVerdict(VerdictLabel::Kind::Warning, tr("Full"), tr("Every place is taken and %1 tasks wait.").arg(tasks.queued));
    else
        verdict()->setVerdict(VerdictLabel::Kind::Neutral, tasks.running > 0 ? tr("Working") : tr("Idle"));
    setNote(nowText(tasks, locale));
}

} // namespace a360::ui

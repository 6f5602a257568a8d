// SPDX-License-Identifier: GPL-3.0-or-later
#include "filters/filter_bar.h"

#include "filters/filter_editor.h"
#include "theme/theme.h"
#include "theme/tokens.h"
#include "widgets/close_button.h"
#include "widgets/flow_layout.h"
#include "widgets/tab_chain.h"

#include <QFrame>
#include <QHBoxLayout>
#include <QPushButton>

namespace a360::ui {

namespace {
constexpr int chipHeight = 26;
constexpr qsizetype longestChip = 60;
constexpr int sideMargin = 16;
} // namespace

FilterBar::FilterBar(contacts::Entity entity, QWidget *parent)
    : QWidget(parent), m_entity(entity), m_flow(new FlowLayout(this, metrics::unit)),
      m_editor(new FilterEditor(entity, this))
{
    m_flow->setContentsMargins(sideMargin, 0, sideMargin, metrics::unit);
    setAccessibleName(tr("Filters"));
    connect(m_editor, &FilterEditor::accepted, this,
            [this](const QString &parameter, const QString &value, const QString &replaced) {
                if (!replaced.isEmpty() && m_edited >= 0 && m_edited < m_filters.size())
                    m_filters.removeAt(m_edited);
                m_edited = -1;
                add(parameter, value);
                rebuild();
                Q_EMIT filtersChanged();
            });
    hide();
}

void FilterBar::setFilters(const contacts::Parameters &filters)
{
    m_filters = filters;
    rebuild();
}

void FilterBar::add(const QString &parameter, const QString &value)
{
    // One parameter is one filter: its texts are alternatives, and a second number would contradict the first.
    const contacts::FilterSpec *spec = contacts::findFilter(m_entity, parameter);
    for (auto &[known, knownValue] : m_filters) {
        if (known != parameter)
            continue;
        const bool single = spec && (contacts::takesNumber(spec->op) || contacts::takesTime(spec->op));
        knownValue = single ? value : knownValue + QStringLiteral(", ") + value;
        return;
    }
    m_filters.append({parameter, value});
}

void FilterBar::addFilter(QWidget *anchor)
{
    m_edited = -1;
    m_editor->openFor(anchor->mapToGlobal(QPoint(0, anchor->height() + metrics::half)));
}

QStringList FilterBar::chipTexts() const
{
    QStringList texts;
    for (const auto &[parameter, value] : m_filters)
        texts.append(chipText(m_entity, parameter, value));
    return texts;
}

void FilterBar::rebuild()
{
    while (QLayoutItem *item = m_flow->takeAt(0)) {
        if (QWidget *widget = item->widget())
            widget->deleteLater();
        delete item;
    }
    m_controls.clear();
    for (qsizetype i = 0; i < m_filters.size(); ++i)
        m_flow->addWidget(makeChip(i));
    if (m_filters.size() > 1) {
        auto *clear = new QPushButton(tr("Clear all"), this);
        setRole(clear, role::link);
        connect(clear, &QPushButton::clicked, this, [this] {
            m_filters.clear();
            rebuild();
            Q_EMIT filtersChanged();
        });
        m_flow->addWidget(clear);
        m_controls.append(clear);
    }
    setVisible(!m_filters.isEmpty());
    for (int i = 0; i < m_flow->count(); ++i)
        m_flow->itemAt(i)->widget()->show(); // now rather than in a moment: what is hidden has no height
    if (m_tabAnchor)
        chainTabs(QList<QWidget *>{m_tabAnchor} + m_controls);
    fitHeight();
}

QWidget *FilterBar::makeChip(qsizetype index)
{
    const QString text = chipTexts().at(index);
    auto *chip = new QFrame(this);
    setRole(chip, role::chip);
    chip->setFixedHeight(chipHeight);
    auto *row = new QHBoxLayout(chip);
    row->setContentsMargins(metrics::unit, 0, 2, 0);
    row->setSpacing(0);
    auto *label = new QPushButton(text.size() > longestChip ? text.left(longestChip) + QStringLiteral("…") : text, chip);
    setRole(label, role::link);
    label->setToolTip(tr("Change this filter: %1").arg(text));
    label->setAccessibleName(tr("Filter %1").arg(text));
    connect(label, &QPushButton::clicked, this, [this, index, label] {
        m_edited = index;
        m_editor->edit(label->mapToGlobal(QPoint(0, label->height() + metrics::half)), m_filters[index].first,
                       m_filters[index].second);
    });
    auto *remove = new CloseButton(tr("Remove filter %1").arg(text), chip);
    connect(remove, &QToolButton::clicked, this, [this, index] {
        m_filters.removeAt(index);
        rebuild();
        Q_EMIT filtersChanged();
    });
    row->addWidget(label);
    row->addWidget(remove);
    m_controls.append(label);
    m_controls.append(remove);
    return chip;
}

int FilterBar::heightForWidth(int width) const
{
    return m_flow->heightForWidth(width);
}

void FilterBar::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    fitHeight();
}

void FilterBar::fitHeight()
{
    // A fixed height, as the box layout around does not ask again when lines wrap after a resize.
    setFixedHeight(std::max(1, m_flow->heightForWidth(std::max(width(), 200))));
}

} // namespace a360::ui

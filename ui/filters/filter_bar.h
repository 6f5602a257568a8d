// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "contacts/query.h"

#include <QWidget>

class QToolButton;

namespace a360::ui {

class FilterEditor;
class FlowLayout;

/// The chips under the header: one per filter, with an x; a click on the text changes it. Hidden while there are none.
class FilterBar : public QWidget
{
    Q_OBJECT

public:
    explicit FilterBar(contacts::Entity entity, QWidget *parent = nullptr);

    /// Several values may have the same parameter.
    void setFilters(const contacts::Parameters &filters);
    const contacts::Parameters &filters() const { return m_filters; }
    /// Opens the popup that adds a filter, below `anchor`.
    void addFilter(QWidget *anchor);
    /// Tab comes to the chips from this widget of the same window.
    void setTabAnchor(QWidget *before) { m_tabAnchor = before; }
    FilterEditor *editor() const { return m_editor; }
    QStringList chipTexts() const;

    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;

Q_SIGNALS:
    void filtersChanged();

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void add(const QString &parameter, const QString &value);
    void rebuild();
    QWidget *makeChip(qsizetype index);
    void fitHeight();

    const contacts::Entity m_entity;
    contacts::Parameters m_filters;
    FlowLayout *m_flow;
    FilterEditor *m_editor;
    qsizetype m_edited = -1;
    QWidget *m_tabAnchor = nullptr;
    QList<QWidget *> m_controls; ///< of the chips, in order
};

} // namespace a360::ui

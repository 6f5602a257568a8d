// SPDX-License-Identifier: GPL-3.0-or-later
#include "records/column_chooser.h"

#include "theme/theme.h"
#include "theme/tokens.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QScreen>
#include <QVBoxLayout>

namespace a360::ui {

namespace {

constexpr int listWidth = 248;
constexpr int listHeight = 384;

QString utf8(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

} // namespace

QStringList defaultColumns(contacts::Entity entity)
{
    const char *const contactColumns[] = {"first_name", "last_name", "title",     "company", "email",
                                          "country",    "employees", "created_at"};
    const char *const companyColumns[] = {"name",           "industries", "employees_count", "annual_revenue",
                                          "total_funding", "country",    "website",         "created_at"};
    QStringList names;
    if (entity == contacts::Entity::Contact) {
        for (const char *name : contactColumns)
            names.append(QLatin1String(name));
    } else {
        for (const char *name : companyColumns)
            names.append(QLatin1String(name));
    }
    return names;
}

ColumnChooser::ColumnChooser(contacts::Entity entity, QWidget *parent)
    : QFrame(parent, Qt::Popup), m_entity(entity), m_list(new QListWidget(this))
{
    setRole(this, role::card);
    auto *heading = new QLabel(tr("Columns"), this);
    setRole(heading, role::heading);
    auto *hint = new QLabel(tr("Tick to show, drag to order."), this);
    setRole(hint, role::secondary);
    auto *reset = new QPushButton(tr("Reset"), this);
    setRole(reset, role::link);
    m_list->setAccessibleName(tr("Columns"));
    m_list->setDragDropMode(QAbstractItemView::InternalMove);
    m_list->setFixedSize(listWidth, listHeight);
    auto *head = new QHBoxLayout;
    head->addWidget(heading);
    head->addStretch();
    head->addWidget(reset);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(12, 12, 12, 12);
    column->setSpacing(metrics::half);
    column->addLayout(head);
    column->addWidget(hint);
    column->addWidget(m_list);
    connect(m_list, &QListWidget::itemChanged, this, &ColumnChooser::report);
    // A click on the name ticks like one on the box, which has changed the tick by the time it is a click.
    connect(m_list, &QListWidget::itemPressed, this, [this](const QListWidgetItem *item) { m_tickWhenPressed = item->checkState(); });
    connect(m_list, &QListWidget::itemClicked, this, [this](QListWidgetItem *item) {
        if (item->checkState() == m_tickWhenPressed)
            item->setCheckState(item->checkState() == Qt::Checked ? Qt::Unchecked : Qt::Checked);
        m_tickWhenPressed = item->checkState(); // the second click of two comes without a press
    });
    connect(m_list->model(), &QAbstractItemModel::rowsMoved, this, &ColumnChooser::report);
    connect(reset, &QPushButton::clicked, this, [this] {
        fill(defaultColumns(m_entity));
        report();
    });
}

void ColumnChooser::openFor(QWidget *anchor, const QStringList &shown)
{
    fill(shown);
    adjustSize();
    QPoint place = anchor->mapToGlobal(QPoint(anchor->width() - width(), anchor->height() + metrics::half));
    if (const QScreen *near = anchor->screen())
        place.setX(std::max(place.x(), near->availableGeometry().left()));
    move(place);
    show();
    m_list->setFocus();
}

void ColumnChooser::fill(const QStringList &shown)
{
    const QSignalBlocker quiet(m_list);
    m_list->clear();
    const auto add = [this](const contacts::Field &field, bool ticked) {
        auto *item = new QListWidgetItem(utf8(field.label), m_list);
        item->setData(Qt::UserRole, utf8(field.name));
        item->setFlags((item->flags() | Qt::ItemIsUserCheckable) & ~Qt::ItemIsDropEnabled);
        item->setCheckState(ticked ? Qt::Checked : Qt::Unchecked);
    };
    for (const QString &name : shown) {
        if (const contacts::Field *field = contacts::findField(m_entity, name))
            add(*field, true);
    }
    for (const contacts::Field &field : contacts::fields(m_entity)) {
        if (!shown.contains(utf8(field.name)))
            add(field, false);
    }
    m_list->setCurrentRow(0);
}

void ColumnChooser::report()
{
    QStringList names;
    for (int row = 0; row < m_list->count(); ++row) {
        const QListWidgetItem *item = m_list->item(row);
        if (item->checkState() == Qt::Checked)
            names.append(item->data(Qt::UserRole).toString());
    }
    if (names.isEmpty()) { // a grid without columns shows nothing: the first one stays
        const QSignalBlocker quiet(m_list);
        m_list->item(0)->setCheckState(Qt::Checked);
        names.append(m_list->item(0)->data(Qt::UserRole).toString());
    }
    Q_EMIT chosen(names);
}

} // namespace a360::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#include "filters/filter_editor.h"

#include "theme/icons.h"
#include "theme/theme.h"
#include "theme/tokens.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QScreen>
#include <QVBoxLayout>

namespace a360::ui {

namespace {
constexpr int listWidth = 232; // the longest name of a field
constexpr int valueWidth = 272;
constexpr int listHeight = 240; // whole rows
} // namespace

FilterEditor::FilterEditor(contacts::Entity entity, QWidget *parent)
    : QFrame(parent, Qt::Popup), m_entity(entity), m_fields(filterFields(entity)), m_find(new QLineEdit(this)),
      m_list(new QListWidget(this)), m_operation(new QComboBox(this)), m_value(new QLineEdit(this)),
      m_hint(new QLabel(this)), m_apply(new QPushButton(tr("Add filter"), this))
{
    setRole(this, role::card);
    setRole(m_hint, role::secondary);
    setRole(m_apply, role::primary);
    m_find->setPlaceholderText(tr("Find a field"));
    m_find->setAccessibleName(tr("Find a field to filter by"));
    m_find->addAction(icon(Icon::Search), QLineEdit::LeadingPosition);
    m_list->setAccessibleName(tr("Fields"));
    m_operation->setAccessibleName(tr("Operation"));
    m_value->setAccessibleName(tr("Value"));
    m_hint->setWordWrap(true);
    m_list->setFixedSize(listWidth, listHeight);

    auto *left = new QVBoxLayout;
    left->setSpacing(metrics::unit);
    left->addWidget(m_find);
    left->addWidget(m_list);
    auto *right = new QVBoxLayout;
    right->setSpacing(metrics::unit);
    right->addWidget(m_operation);
    right->addWidget(m_value);
    right->addWidget(m_hint);
    right->addStretch();
    auto *buttons = new QHBoxLayout;
    buttons->addStretch();
    buttons->addWidget(m_apply);
    right->addLayout(buttons);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(12, 12, 12, 12);
    row->setSpacing(12);
    row->addLayout(left);
    row->addLayout(right);
    m_value->setMinimumWidth(valueWidth);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);

    connect(m_find, &QLineEdit::textChanged, this, &FilterEditor::fillFields);
    connect(m_list, &QListWidget::currentRowChanged, this, [this](int chosen) {
        if (chosen >= 0)
            chooseField(m_list->item(chosen)->data(Qt::UserRole).toInt());
    });
    connect(m_list, &QListWidget::itemActivated, this, [this] { m_value->setFocus(); });
    connect(m_list, &QListWidget::itemClicked, this, [this] { m_value->setFocus(); });
    connect(m_operation, &QComboBox::currentIndexChanged, this, &FilterEditor::chooseOperation);
    connect(m_value, &QLineEdit::returnPressed, this, &FilterEditor::accept);
    connect(m_apply, &QPushButton::clicked, this, &FilterEditor::accept);
    m_find->installEventFilter(this);
    fillFields({});
}

void FilterEditor::openFor(const QPoint &globalPosition)
{
    m_replaced.clear();
    m_apply->setText(tr("Add filter"));
    m_find->clear();
    m_value->clear();
    fillFields({});
    adjustSize();
    QPoint place = globalPosition;
    if (const QScreen *screen = this->screen())
        place.setX(std::min(place.x(), screen->availableGeometry().right() - width()));
    move(place);
    show();
    m_find->setFocus();
}

void FilterEditor::edit(const QPoint &globalPosition, const QString &parameter, const QString &value)
{
    openFor(globalPosition);
    m_replaced = parameter;
    m_apply->setText(tr("Change filter"));
    for (int field = 0; field < static_cast<int>(m_fields.size()); ++field) {
        const auto &operations = m_fields[static_cast<size_t>(field)].operations;
        for (int op = 0; op < static_cast<int>(operations.size()); ++op) {
            if (contacts::findFilter(m_entity, parameter) != operations[static_cast<size_t>(op)])
                continue;
            m_list->setCurrentRow(field);
            m_operation->setCurrentIndex(op);
        }
    }
    m_value->setText(value);
    m_value->selectAll();
    m_value->setFocus();
}

bool FilterEditor::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_find && event->type() == QEvent::KeyPress) {
        const auto *key = static_cast<QKeyEvent *>(event);
        if (key->key() == Qt::Key_Down || key->key() == Qt::Key_Up) {
            const int step = key->key() == Qt::Key_Down ? 1 : -1;
            m_list->setCurrentRow(std::clamp(m_list->currentRow() + step, 0, std::max(0, m_list->count() - 1)));
            return true;
        }
        if (key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter) {
            m_value->setFocus();
            return true;
        }
    }
    return QFrame::eventFilter(watched, event);
}

void FilterEditor::fillFields(const QString &needle)
{
    m_list->clear();
    for (int i = 0; i < static_cast<int>(m_fields.size()); ++i) {
        const FilterField &field = m_fields[static_cast<size_t>(i)];
        if (!field.label.contains(needle.trimmed(), Qt::CaseInsensitive))
            continue;
        auto *item = new QListWidgetItem(field.label, m_list);
        item->setData(Qt::UserRole, i);
    }
    m_list->setCurrentRow(m_list->count() > 0 ? 0 : -1);
    m_apply->setEnabled(m_list->count() > 0);
    if (m_list->count() == 0)
        m_field = -1;
}

void FilterEditor::chooseField(int index)
{
    m_field = index;
    m_operation->clear();
    for (const contacts::FilterSpec *spec : m_fields[static_cast<size_t>(index)].operations)
        m_operation->addItem(operationWords(spec->op));
    chooseOperation();
}

const contacts::FilterSpec *FilterEditor::operation() const
{
    if (m_field < 0 || m_operation->currentIndex() < 0)
        return nullptr;
    return m_fields[static_cast<size_t>(m_field)].operations[static_cast<size_t>(m_operation->currentIndex())];
}

void FilterEditor::chooseOperation()
{
    const contacts::FilterSpec *spec = operation();
    if (!spec)
        return;
    setRole(m_hint, role::secondary);
    m_hint->setText(valueHint(spec->op));
}

void FilterEditor::accept()
{
    const contacts::FilterSpec *spec = operation();
    QString value = m_value->text().trimmed();
    if (!spec)
        return;
    if (contacts::takesNumber(spec->op)) // people group digits
        value.remove(QLocale().groupSeparator()).remove(QLatin1Char(' '));
    const QString parameter = QString::fromUtf8(spec->name.data(), static_cast<qsizetype>(spec->name.size()));
    QString complaint;
    if (value.isEmpty())
        complaint = tr("Enter a value to filter by.");
    else if (const auto parsed = contacts::parseQuery(m_entity, {{parameter, value}}, contacts::DefaultOrder::NewestFirst);
             !parsed.ok())
        complaint = inScreenWords(m_entity, parsed.error()).message;
    if (!complaint.isEmpty()) {
        setRole(m_hint, role::bad);
        m_hint->setText(complaint);
        m_value->setFocus();
        return;
    }
    hide();
    Q_EMIT accepted(parameter, value, m_replaced);
}

} // namespace a360::ui

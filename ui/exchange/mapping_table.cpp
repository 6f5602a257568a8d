// SPDX-License-Identifier: GPL-3.0-or-later
#include "exchange/mapping_table.h"

#include "theme/icons.h"
#include "theme/theme.h"
#include "theme/tokens.h"

#include <QComboBox>
#include <QHeaderView>
#include <QWheelEvent>

#include <algorithm>

namespace a360::ui {

namespace {

constexpr int targetColumn = 2;
constexpr int leastTarget = 216; // the longest name of a field
constexpr int widestTarget = 240;

/// A combo box that leaves the wheel to the table it stands in.
class QuietComboBox : public QComboBox
{
public:
    using QComboBox::QComboBox;

protected:
    void wheelEvent(QWheelEvent *event) override { event->ignore(); }
};

QString exampleOf(const transfer::ImportPreview &preview, int column)
{
    for (const QStringList &row : preview.rows) {
        if (column < row.size() && !row[column].trimmed().isEmpty())
            return row[column].simplified().left(120);
    }
    return {};
}

/// The catalogue's label; names that only files have are made readable.
QString shownField(contacts::Entity entity, const QString &name)
{
    if (const contacts::Field *field = contacts::findField(entity, name))
        return QString::fromUtf8(field->label.data(), static_cast<qsizetype>(field->label.size()));
    QString text = name;
    text.replace(QLatin1Char('_'), QLatin1Char(' '));
    if (!text.isEmpty())
        text[0] = text[0].toUpper();
    return text;
}

} // namespace

MappingTable::MappingTable(QWidget *parent) : QTableWidget(0, 3, parent)
{
    setHorizontalHeaderLabels({tr("Column of the file"), tr("Example"), tr("Goes to")});
    setAccessibleName(tr("Where the columns go"));
    verticalHeader()->hide();
    verticalHeader()->setDefaultSectionSize(metrics::rowHeight + 2);
    setRole(this, role::plain);
    setWordWrap(false);
    setShowGrid(false);
    setAlternatingRowColors(true);
    setSelectionMode(QAbstractItemView::NoSelection);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setTabKeyNavigation(false);
    setFocusPolicy(Qt::NoFocus);
    horizontalHeader()->setFixedHeight(metrics::rowHeight);
    horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    horizontalHeader()->setSectionResizeMode(0, QHeaderView::Interactive);
    horizontalHeader()->setSectionResizeMode(1, QHeaderView::Stretch);
    horizontalHeader()->setSectionResizeMode(2, QHeaderView::Fixed);
    setColumnWidth(0, 200);
    setColumnWidth(targetColumn, widestTarget);
}

/// A narrow table leaves room for the examples.
void MappingTable::resizeEvent(QResizeEvent *event)
{
    QTableWidget::resizeEvent(event);
    setColumnWidth(targetColumn, std::clamp(viewport()->width() / 3, leastTarget, widestTarget));
}

void MappingTable::show(contacts::Entity entity, const transfer::ImportPreview &preview)
{
    const Tokens &tokens = tokensFor(palette());
    const QStringList fields = transfer::importableFields(entity);
    setRowCount(static_cast<int>(preview.mapping.columns.size()));
    m_boxes.clear();
    m_mapped = 0;
    m_conflicts = 0;
    int row = 0;
    for (const transfer::ColumnTarget &target : preview.mapping.columns) {
        const bool goesSomewhere = !target.targets.empty() || target.fullName;
        const bool conflict = !target.field.isEmpty() && !goesSomewhere; // another column won its field
        auto *name = new QTableWidgetItem(target.header);
        auto *example = new QTableWidgetItem(exampleOf(preview, target.column));
        example->setForeground(tokens.muted);
        example->setToolTip(example->text());
        if (conflict) {
            name->setIcon(icon(Icon::Warning));
            name->setForeground(tokens.warning);
            name->setToolTip(tr("Another column already goes to the same field. Choose which one is right."));
            ++m_conflicts;
        } else if (!goesSomewhere) {
            name->setForeground(tokens.muted);
        }
        m_mapped += goesSomewhere ? 1 : 0;
        setItem(row, 0, name);
        setItem(row, 1, example);
        setCellWidget(row, 2, makeBox(entity, fields, target));
        ++row;
    }
}

QComboBox *MappingTable::makeBox(contacts::Entity entity, const QStringList &fields, const transfer::ColumnTarget &target)
{
    auto *box = new QuietComboBox(this);
    box->setAccessibleName(tr("Where %1 goes").arg(target.header));
    box->addItem(tr("Not imported"), QString());
    for (const QString &field : fields)
        box->addItem(shownField(entity, field), field);
    int current = target.field.isEmpty() ? 0 : box->findData(target.field);
    if (current < 0) { // a name of the full export, which the list does not repeat
        box->addItem(shownField(entity, target.field), target.field);
        current = box->count() - 1;
    }
    box->setCurrentIndex(current);
    connect(box, &QComboBox::activated, this, [this, box, header = target.header](int index) {
        m_chosen.insert(header, box->itemData(index).toString());
        Q_EMIT choiceChanged();
    });
    m_boxes.insert(target.header, box);
    return box;
}

QList<QWidget *> MappingTable::boxes() const
{
    QList<QWidget *> boxes;
    for (int row = 0; row < rowCount(); ++row)
        boxes.append(cellWidget(row, targetColumn));
    return boxes;
}

QComboBox *MappingTable::boxFor(const QString &header) const
{
    return m_boxes.value(header, nullptr);
}

} // namespace a360::ui

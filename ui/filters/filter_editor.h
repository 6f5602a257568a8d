// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "filters/filter_words.h"

#include <QFrame>

class QComboBox;
class QLabel;
class QLineEdit;
class QListWidget;
class QPushButton;
class QStackedWidget;

namespace a360::ui {

/// The popup that makes one filter: pick a field (type to find it), an operation, a value. Checks the filter with the
/// same parser that will run it and says what is wrong beside the value.
class FilterEditor : public QFrame
{
    Q_OBJECT

public:
    explicit FilterEditor(contacts::Entity entity, QWidget *parent = nullptr);

    void openFor(const QPoint &globalPosition);
    /// Opens with an existing filter to change.
    void edit(const QPoint &globalPosition, const QString &parameter, const QString &value);

Q_SIGNALS:
    /// `replaced`: the parameter being changed, or empty.
    void accepted(const QString &parameter, const QString &value, const QString &replaced);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void fillFields(const QString &needle);
    void chooseField(int index);
    void chooseOperation();
    void accept();
    const contacts::FilterSpec *operation() const;

    const contacts::Entity m_entity;
    const std::vector<FilterField> m_fields;
    QLineEdit *m_find;
    QListWidget *m_list;
    QComboBox *m_operation;
    QLineEdit *m_value;
    QLabel *m_hint;
    QPushButton *m_apply;
    int m_field = -1;
    QString m_replaced;
};

} // namespace a360::ui

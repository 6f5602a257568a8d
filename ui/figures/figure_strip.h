// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include <vector>

class QLabel;

namespace a360::ui {

/// A few numbers side by side, each above its name; they wrap when there is little room.
class FigureStrip : public QWidget
{
    Q_OBJECT

public:
    explicit FigureStrip(const QStringList &names, QWidget *parent = nullptr);

    /// `role` of theme/theme.h colours the number; nullptr: as usual.
    void setFigure(int index, const QString &value, const QString &tip = {}, const char *role = nullptr);
    QString figure(int index) const;

private:
    struct Figure
    {
        QWidget *box;
        QLabel *value;
        QString name;
        const char *role = nullptr;
    };
    std::vector<Figure> m_figures;
};

} // namespace a360::ui

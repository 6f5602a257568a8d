// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QIcon>
#include <QPainter>
#include <QWidget>

#include <algorithm>

namespace a360::ui {

/// An icon that is no button. Painted when it is needed, so it follows a change of the theme and of the screen, which
/// the pixmap of a QLabel does not.
class IconLabel : public QWidget
{
    Q_OBJECT

public:
    IconLabel(int side, QWidget *parent) : QWidget(parent) { setFixedSize(side, side); }
    void setIcon(const QIcon &icon)
    {
        m_icon = icon;
        update();
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        // Themes have their plain icons in small sizes only, as drawings that can be painted larger.
        const qreal scale = std::max(1.0, static_cast<qreal>(width()) / largestPlain);
        QPainter painter(this);
        painter.drawPixmap(rect(), m_icon.pixmap(size() / scale, scale * devicePixelRatioF()));
    }

private:
    static constexpr int largestPlain = 22;
    QIcon m_icon;
};

} // namespace a360::ui

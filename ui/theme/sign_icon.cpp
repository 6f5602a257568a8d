// SPDX-License-Identifier: GPL-3.0-or-later
#include "theme/sign_icon.h"

#include "theme/tokens.h"

#include <QGuiApplication>
#include <QIconEngine>
#include <QPainter>
#include <QPainterPath>
#include <QPalette>

namespace a360::ui {

namespace {

constexpr qreal side = 16; // all of the shapes below are drawn in a square of this size
constexpr qreal penWidth = 1.8;

QPainterPath groundOf(Sign sign)
{
    QPainterPath path;
    switch (sign) {
    case Sign::Done:
    case Sign::Note:
        path.addEllipse(QPointF(8, 8), 7, 7);
        break;
    case Sign::Warning:
        path.addPolygon(QPolygonF{{8, 1.6}, {15, 14}, {1, 14}});
        path.closeSubpath();
        break;
    case Sign::Failed:
        path.addPolygon(QPolygonF{{5.1, 1}, {10.9, 1}, {15, 5.1}, {15, 10.9}, {10.9, 15}, {5.1, 15}, {1, 10.9}, {1, 5.1}});
        path.closeSubpath();
        break;
    }
    return path;
}

QPainterPath pathOf(std::initializer_list<QPolygonF> strokes)
{
    QPainterPath path;
    for (const QPolygonF &stroke : strokes)
        path.addPolygon(stroke);
    return path;
}

QPainterPath markOf(Sign sign)
{
    switch (sign) {
    case Sign::Done:
        return pathOf({QPolygonF{{4.8, 8.3}, {7.1, 10.6}, {11.3, 5.7}}});
    case Sign::Warning:
        return pathOf({QPolygonF{{8, 6}, {8, 9.2}}, QPolygonF{{8, 11.6}, {8, 11.7}}});
    case Sign::Failed:
        return pathOf({QPolygonF{{5.6, 5.6}, {10.4, 10.4}}, QPolygonF{{10.4, 5.6}, {5.6, 10.4}}});
    case Sign::Note:
        return pathOf({QPolygonF{{8, 4.5}, {8, 4.6}}, QPolygonF{{8, 7.4}, {8, 11.4}}});
    }
    return {};
}

QColor colourOf(Sign sign, const Tokens &tokens)
{
    switch (sign) {
    case Sign::Done:
        return tokens.ok;
    case Sign::Warning:
        return tokens.warning;
    case Sign::Failed:
        return tokens.bad;
    case Sign::Note:
        break;
    }
    return tokens.muted;
}

class SignEngine : public QIconEngine
{
public:
    explicit SignEngine(Sign sign) : m_sign(sign) {}

    void paint(QPainter *painter, const QRect &rect, QIcon::Mode, QIcon::State) override
    {
        const QPalette palette = QGuiApplication::palette();
        const Tokens &tokens = tokensFor(palette);
        const QColor colour = colourOf(m_sign, tokens);
        const qreal scale = std::min(rect.width(), rect.height()) / side;
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->translate(rect.left() + (rect.width() - scale * side) / 2, rect.top() + (rect.height() - scale * side) / 2);
        painter->scale(scale, scale);
        painter->setBrush(colour);
        painter->setPen(QPen(colour, 1, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        painter->drawPath(groundOf(m_sign));
        painter->setBrush(Qt::NoBrush);
        painter->setPen(QPen(tokens.surface, penWidth, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        painter->drawPath(markOf(m_sign));
        painter->restore();
    }
    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State state) override
    {
        QPixmap picture(size);
        picture.fill(Qt::transparent);
        QPainter painter(&picture);
        paint(&painter, QRect(QPoint(0, 0), size), mode, state);
        return picture;
    }
    QIconEngine *clone() const override { return new SignEngine(m_sign); }

private:
    const Sign m_sign;
};

} // namespace

QIcon signIcon(Sign sign)
{
    return QIcon(new SignEngine(sign));
}

} // namespace a360::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/ink.h"

#include <QWidget>

#include <vector>

namespace a360::ui {

/// A bar that is filled up to a share of its length, with marks at levels that matter. What lies beyond its end (a pool's
/// overflow) is drawn behind the last mark in the colour of trouble. Words beside it say what it shows.
class Meter : public QWidget
{
    Q_OBJECT

public:
    struct Mark
    {
        double share = 0; ///< 0 to 1
        QString words;    ///< "80 %"
    };
    explicit Meter(const QString &name, QWidget *parent = nullptr);

    void setMarks(std::vector<Mark> marks);
    /// `share`: 0 to 1, more when over full; `words` for those who cannot see it: "3 of 25 in use".
    void setShare(double share, Ink ink, const QString &words);
    double share() const { return m_share; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QFont markFont() const;
    std::vector<Mark> m_marks;
    double m_share = 0;
    Ink m_ink = Ink::Accent;
};

} // namespace a360::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/question.h"

#include "theme/icons.h"

namespace a360::ui {

namespace {
constexpr int symbolSize = 32;
}

QMessageBox *makeQuestion(const QString &title, const QString &question, const QString &explanation, QWidget *parent)
{
    auto *box = new QMessageBox(QMessageBox::NoIcon, title, question, QMessageBox::NoButton, parent);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setInformativeText(explanation);
    box->setIconPixmap(icon(Icon::Warning).pixmap(QSize(symbolSize, symbolSize), parent->devicePixelRatioF()));
    return box;
}

} // namespace a360::ui

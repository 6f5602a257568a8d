// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMessageBox>

namespace a360::ui {

/// A question over the window of `parent` that goes when it is answered; the caller adds the buttons and open()s it.
QMessageBox *makeQuestion(const QString &title, const QString &question, const QString &explanation, QWidget *parent);

} // namespace a360::ui

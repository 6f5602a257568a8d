// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

class QWidget;

namespace a360::ui {

/// What would end with the window.
struct EndingWork
{
    int jobs = 0; ///< imports and the like that run
    bool service = false; ///< the REST service
    bool any() const { return jobs > 0 || service; }
};

/// Asks over the window whether all that may end; `quit` runs if it may. Returns at once.
void askToQuit(const EndingWork &ending, QWidget *window, std::function<void()> quit);

} // namespace a360::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QIcon>

namespace a360::ui {

/// The four words of a verdict as shapes, so that they are told apart without their colours.
enum class Sign {
    Done,    ///< a disc with a tick
    Warning, ///< a triangle with an exclamation mark
    Failed,  ///< an octagon with a cross
    Note,    ///< a disc with an i
};
/// Drawn in the colours of the theme that is on when it is painted: an icon theme's own are of other greens and reds,
/// and not even of one style.
QIcon signIcon(Sign sign);

} // namespace a360::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "theme/tokens.h"

namespace a360::ui {

/// The colours charts are drawn in, by purpose. Lines differ in their dashes and have labels as well: none of these is
/// needed to read a chart.
enum class Ink { Accent, Ok, Warning, Bad, Muted };

inline QColor inkColour(Ink ink, const Tokens &tokens)
{
    switch (ink) {
    case Ink::Ok:
        return tokens.ok;
    case Ink::Warning:
        return tokens.warning;
    case Ink::Bad:
        return tokens.bad;
    case Ink::Muted:
        return tokens.muted;
    case Ink::Accent:
        break;
    }
    return tokens.accent;
}

} // namespace a360::ui

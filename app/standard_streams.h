// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace a360::app {

/// Takes the places of those of standard input, output and error that the caller has closed, so that no file or socket gets
/// their numbers and is read or written in their stead; using them fails. To be called first of all.
void occupyClosedStreams();

} // namespace a360::app

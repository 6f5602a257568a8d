// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayView>

namespace a360::cache {

/// Does the whole text match? `*` any bytes, `?` one byte, `[abc]` `[a-z]` `[^a]` one of a set, `\` takes the next byte
/// literally; a `[` without its `]` is literal. The syntax of Redis' MATCH. Linear in text times pattern at worst.
bool globMatches(QByteArrayView pattern, QByteArrayView text);
/// A pattern that matches exactly this text.
QByteArray escapeGlob(QByteArrayView text);

} // namespace a360::cache

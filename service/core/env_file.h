// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <QMap>

namespace a360 {

struct EnvFileValue
{
    QString value;
    int line = 0; ///< from 1
};

/// Parses the text of a `.env` file: `NAME=value`, optional `export`, blank lines, `# comments` (also behind a value,
/// after white space), 'literal' and "escaped" quotes. Names come back in upper case; the last of equal names wins.
/// Error{InvalidArgument} names the line of what cannot be read.
Result<QMap<QString, EnvFileValue>> parseEnvFile(const QString &text, const QString &path);

} // namespace a360

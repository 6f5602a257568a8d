// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transfer/csv_format.h"

#include <QByteArray>

namespace a360::transfer {

/// The decoded start of a file, behind its byte order mark.
struct FileHead
{
    QByteArray text;        ///< UTF-8, or the file's own bytes when its encoding is a superset of ASCII
    qint64 offset = 0;      ///< of its first byte, in bytes of the file
    bool whole = false;     ///< the file ends where `text` does
};

/// Fills in what only the text can tell: delimiter, quote, newline, header and where the rows begin (decision 10).
/// `format.encoding` is set already. Errors: UnusableInput for no header, an endless one, no data row, or a header name
/// that comes twice.
Result<void> detectDialect(const FileHead &head, const CsvOverrides &overrides, CsvFormat &format);

} // namespace a360::transfer

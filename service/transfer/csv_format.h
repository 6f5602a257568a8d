// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancel_token.h"
#include "core/progress.h"
#include "core/result.h"
#include "transfer/byte_source.h"

#include <QStringList>

#include <optional>

namespace a360::transfer {

enum class Encoding { Utf8, Utf16Le, Utf16Be, Windows1252, Latin1 };
std::optional<Encoding> encodingByName(QStringView name); ///< "utf-8", "utf-16le", "windows-1252", "cp1252", "latin1" …
QString encodingName(Encoding encoding);

enum class Newline { Lf, CrLf, Cr };

/// How a CSV file is written (decisions 9 and 10). Offsets count bytes of the decompressed file from 0.
struct CsvFormat
{
    Encoding encoding = Encoding::Utf8;
    char delimiter = ',';
    char quote = '"';
    Newline newline = Newline::Lf;
    bool byteOrderMark = false;
    qint64 headerOffset = 0;  ///< first byte of the header record (behind BOM and `sep=` line)
    qint64 headerLine = 1;    ///< its physical line
    QStringList header;       ///< trimmed cells, empty ones included so that positions hold
    qint64 firstRowOffset = 0; ///< first byte behind the header record
    qint64 firstRowLine = 2;
};

struct CsvOverrides
{
    std::optional<Encoding> encoding;
    std::optional<char> delimiter;
    std::optional<char> quote;
};

/// Finds out a file's format. Reads the whole file once, at memory speed, as the encoding rule needs it (decision 9);
/// a preview passes `wholeFile` false and looks at the first 4 MiB only. Errors: UnusableInput for files that are not
/// text (NUL bytes outside UTF-16), have no data row, or have duplicate header names, saying which and where.
Result<CsvFormat> sniffCsv(const InputFile &file, const CsvOverrides &overrides, bool wholeFile,
                           ProgressCounter *progress = nullptr, CancelToken cancel = {});

} // namespace a360::transfer

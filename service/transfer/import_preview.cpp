// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/csv_reader.h"
#include "transfer/importer.h"
#include "transfer/value_rules.h"

namespace a360::transfer {

Result<ImportPreview> previewImport(const InputFile &file, contacts::Entity entity, const CsvOverrides &overrides,
                                    const QMap<QString, QString> &mapping, int rows)
{
    ImportPreview preview;
    A360_TRY_ASSIGN(preview.format, sniffCsv(file, overrides, false));
    A360_TRY_ASSIGN(preview.mapping, mapHeader(entity, preview.format.header, mapping));
    A360_TRY_ASSIGN(auto source, file.source());
    // Lenient: a preview shows what there is; the run itself says what is wrong with it.
    ChunkReader reader(std::move(source), preview.format, true);
    RecordChunk chunk;
    std::vector<char> scratch;
    while (preview.rows.size() < static_cast<size_t>(rows)) {
        A360_TRY_ASSIGN(const bool more, reader.next(chunk));
        if (!more)
            break;
        RecordCursor cursor(chunk, preview.format);
        while (preview.rows.size() < static_cast<size_t>(rows) && cursor.next()) {
            QStringList cells;
            bool blank = true; // as the import passes over it
            for (const std::string_view cell : cursor.cells()) {
                std::string_view text;
                if (!decodeCell(cell, preview.format.encoding, scratch, text))
                    text = cell; // shown with replacement characters
                blank = blank && normaliseText(text).empty();
                cells.append(QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size())));
            }
            if (!blank)
                preview.rows.push_back(std::move(cells));
        }
    }
    return preview;
}

} // namespace a360::transfer

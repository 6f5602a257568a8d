// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/row_encoder.h"

namespace a360::transfer {

void RowEncoder::rows(const db::RowBatch &batch, bool first, std::string &out)
{
    for (qsizetype i = 0; i < batch.rowCount(); ++i) {
        if (!first || i > 0)
            out += separator();
        row(batch, i, out);
    }
}

std::optional<Format> formatByName(QStringView name)
{
    if (name == QLatin1String("csv"))
        return Format::Csv;
    if (name == QLatin1String("jsonl"))
        return Format::JsonLines;
    if (name == QLatin1String("json"))
        return Format::Json;
    return std::nullopt;
}

QByteArray contentType(Format format)
{
    switch (format) {
    case Format::Csv: return "text/csv";
    case Format::JsonLines: return "application/x-ndjson";
    case Format::Json: return "application/json";
    }
    return "application/octet-stream";
}

std::unique_ptr<RowEncoder> makeEncoder(Format format, std::vector<contacts::OutputColumn> columns,
                                        bool spreadsheetSafe)
{
    switch (format) {
    case Format::Csv: return makeCsvEncoder(std::move(columns), spreadsheetSafe);
    case Format::JsonLines: return makeJsonLinesEncoder(std::move(columns));
    case Format::Json: return makeJsonArrayEncoder(std::move(columns));
    }
    return nullptr;
}

} // namespace a360::transfer

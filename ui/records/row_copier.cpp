// SPDX-License-Identifier: GPL-3.0-or-later
#include "records/row_copier.h"

#include "records/cell_text.h"
#include "records/present_records.h"

namespace a360::ui {

namespace {

QString tsvCell(QString text)
{
    for (QChar &c : text) {
        if (c == QLatin1Char('\t') || c == QLatin1Char('\n') || c == QLatin1Char('\r'))
            c = QLatin1Char(' ');
    }
    return text;
}

} // namespace

Result<QString> copyRows(RecordSource &source, const contacts::Query &query,
                         const std::vector<const contacts::Field *> &fields,
                         const std::vector<RecordModel::PlannedPage> &pages, const CancelToken &cancel)
{
    std::vector<contacts::OutputColumn> columns;
    for (const contacts::Field *field : fields) {
        columns.push_back({QByteArray(field->name.data(), static_cast<qsizetype>(field->name.size())), field->type,
                           field->source, field->fallback, ", "});
    }
    QString text;
    for (const RecordModel::PlannedPage &planned : pages) {
        contacts::PageRequest request;
        request.limit = planned.slice.limit;
        request.place = planned.slice;
        A360_TRY_ASSIGN(const contacts::Page page, source.page(query, columns, request, cancel));
        for (const qint64 row : planned.rows) {
            if (row >= page.rows.rowCount())
                continue; // deleted meanwhile
            for (size_t column = 0; column < columns.size(); ++column) {
                if (column > 0)
                    text += QLatin1Char('\t');
                text += tsvCell(exactText(page.rows.cell(row, static_cast<int>(column)), columns[column].type));
            }
            text += QLatin1Char('\n');
        }
    }
    return text;
}

Result<QString> copyRecords(RecordSource &source, const contacts::Query &query,
                            const std::vector<const contacts::Field *> &fields, const std::vector<QByteArray> &uuids,
                            const CancelToken &cancel)
{
    A360_TRY_ASSIGN(const contacts::Query narrowed, onlyRecords(query, uuids));
    RecordModel::PlannedPage all{0, {}, {}};
    all.slice.limit = static_cast<qint64>(uuids.size());
    for (qint64 row = 0; row < all.slice.limit; ++row)
        all.rows.push_back(row);
    return copyRows(source, narrowed, fields, {all}, cancel);
}

} // namespace a360::ui

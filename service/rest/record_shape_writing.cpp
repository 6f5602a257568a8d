// SPDX-License-Identifier: GPL-3.0-or-later
#include "record_shape.h"

#include "contacts/read_rules.h"
#include "transfer/json_text.h"

#include <algorithm>

namespace a360::rest {

using contacts::OutputColumn;
using transfer::appendJsonString;

namespace {

/// Elements worth showing: neither NULL nor empty nor the placeholder.
template <typename Use>
void eachElement(db::Cell cell, Use use)
{
    for (db::TextListReader reader(cell); reader.next();) {
        if (!reader.elementIsNull() && !reader.element().empty() && reader.element() != "_")
            use(reader.element());
    }
}

bool cellIsNull(db::Cell cell, db::ColumnType type)
{
    if (cell.isNull())
        return true;
    if (type == db::ColumnType::Text)
        return !contacts::readText(cell);
    if (type != db::ColumnType::TextList)
        return false;
    bool any = false;
    eachElement(cell, [&any](std::string_view) { any = true; });
    return !any;
}

void appendCell(std::string &out, db::Cell cell, const OutputColumn &column)
{
    switch (column.type) {
    case db::ColumnType::Integer:
        transfer::appendInteger(out, cell.integer());
        return;
    case db::ColumnType::Timestamp:
        out += '"';
        transfer::appendTimestamp(out, cell.integer());
        out += '"';
        return;
    case db::ColumnType::Text:
        appendJsonString(out, *contacts::readText(cell));
        return;
    case db::ColumnType::TextList: {
        std::string joined;
        eachElement(cell, [&](std::string_view element) {
            if (!joined.empty())
                joined.append(column.listSeparator.constData(), size_t(column.listSeparator.size()));
            joined.append(element);
        });
        appendJsonString(out, joined);
        return;
    }
    }
}

} // namespace

bool RecordShape::isNull(const Member &member, const db::RowBatch &batch, qsizetype row) const
{
    if (member.kind != Member::Object)
        return cellIsNull(batch.cell(row, member.column), m_columns[size_t(member.column)].type);
    return std::all_of(member.members.begin(), member.members.end(),
                       [&](const Member &inner) { return !inner.decides || isNull(inner, batch, row); });
}

void RecordShape::appendMember(std::string &out, const Member &member, const db::RowBatch &batch, qsizetype row) const
{
    out += member.key;
    if (member.kind == Member::Array) {
        out += '[';
        bool first = true;
        eachElement(batch.cell(row, member.column), [&](std::string_view element) {
            if (!std::exchange(first, false))
                out += ',';
            appendJsonString(out, element);
        });
        out += ']';
        return;
    }
    if (isNull(member, batch, row)) {
        out += "null";
        return;
    }
    if (member.kind == Member::Object) {
        appendMembers(out, member.members, batch, row);
        return;
    }
    if (member.kind == Member::Quoted)
        out += '"';
    appendCell(out, batch.cell(row, member.column), m_columns[size_t(member.column)]);
    if (member.kind == Member::Quoted)
        out += '"';
}

void RecordShape::appendMembers(std::string &out, const Members &members, const db::RowBatch &batch, qsizetype row) const
{
    out += '{';
    bool first = true;
    for (const Member &member : members) {
        if (!std::exchange(first, false))
            out += ',';
        appendMember(out, member, batch, row);
    }
    out += '}';
}

void RecordShape::append(std::string &out, const db::RowBatch &batch, qsizetype row) const
{
    appendMembers(out, m_members, batch, row);
}

void RecordShape::serialize(std::string &out, const db::RowBatch &batch) const
{
    out += '[';
    for (qsizetype row = 0; row < batch.rowCount(); ++row) {
        if (row > 0)
            out += ',';
        append(out, batch, row);
    }
    out += ']';
}

} // namespace a360::rest

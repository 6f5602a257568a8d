// SPDX-License-Identifier: GPL-3.0-or-later
#include "contacts/page_bytes.h"

#include <QDataStream>
#include <QIODevice>

namespace a360::contacts {

namespace {

constexpr quint32 format = 0x61333601; // grows when the bytes change
constexpr quint32 mostColumns = 4096;

void writeValue(QDataStream &out, const db::Value &value)
{
    out << static_cast<quint8>(value.index());
    if (const auto *number = std::get_if<qint64>(&value))
        out << *number;
    else if (const auto *text = std::get_if<QByteArray>(&value))
        out << *text;
}

db::Value readValue(QDataStream &in)
{
    quint8 kind = 0;
    in >> kind;
    if (kind == 1) {
        qint64 number = 0;
        in >> number;
        return number;
    }
    if (kind == 2) {
        QByteArray text;
        in >> text;
        return text;
    }
    if (kind != 0)
        in.setStatus(QDataStream::ReadCorruptData); // keys are never lists
    return {};
}

void writeKeyset(QDataStream &out, const std::optional<Keyset> &keyset)
{
    out << static_cast<qint32>(keyset ? qint32(keyset->values.size()) : -1);
    for (size_t i = 0; keyset && i < keyset->values.size(); ++i)
        writeValue(out, keyset->values[i]);
}

std::optional<Keyset> readKeyset(QDataStream &in)
{
    qint32 count = -1;
    in >> count;
    if (count < 0)
        return std::nullopt;
    Keyset keyset;
    for (qint32 i = 0; i < count && in.status() == QDataStream::Ok; ++i)
        keyset.values.push_back(readValue(in));
    return keyset;
}

void writeRows(QDataStream &out, const db::RowBatch &rows)
{
    out << static_cast<quint32>(rows.columnCount()) << static_cast<quint32>(rows.rowCount());
    for (const db::ColumnType type : rows.types())
        out << static_cast<quint8>(type);
    for (qsizetype row = 0; row < rows.rowCount(); ++row) {
        for (int column = 0; column < rows.columnCount(); ++column) {
            const db::Cell cell = rows.cell(row, column);
            out << cell.size;
            if (!cell.isNull())
                out.writeRawData(cell.data, cell.size);
        }
    }
}

bool readRows(QDataStream &in, db::RowBatch &rows)
{
    quint32 columns = 0, count = 0;
    in >> columns >> count;
    if (columns > mostColumns)
        return false;
    std::vector<db::ColumnType> types;
    for (quint32 i = 0; i < columns; ++i) {
        quint8 type = 0;
        in >> type;
        types.push_back(static_cast<db::ColumnType>(type));
    }
    rows = db::RowBatch(std::move(types));
    for (quint64 i = 0; i < quint64(columns) * count; ++i) {
        qint32 size = -1;
        in >> size;
        if (in.status() != QDataStream::Ok || size > in.device()->bytesAvailable())
            return false;
        if (size < 0)
            rows.appendNull();
        else if (in.readRawData(rows.appendUninitialized(static_cast<size_t>(size)), size) != size)
            return false;
    }
    return true;
}

} // namespace

QByteArray encodePage(const Page &page)
{
    QByteArray bytes;
    QDataStream out(&bytes, QIODevice::WriteOnly);
    out.setVersion(QDataStream::Qt_6_4);
    out << format << page.more << page.scannedWithoutIndex;
    writeKeyset(out, page.first);
    writeKeyset(out, page.last);
    writeRows(out, page.rows);
    return bytes;
}

std::optional<Page> decodePage(const QByteArray &bytes, const std::vector<OutputColumn> &columns)
{
    QDataStream in(bytes);
    in.setVersion(QDataStream::Qt_6_4);
    quint32 found = 0;
    Page page;
    in >> found >> page.more >> page.scannedWithoutIndex;
    if (found != format)
        return std::nullopt;
    page.first = readKeyset(in);
    page.last = readKeyset(in);
    if (!readRows(in, page.rows) || in.status() != QDataStream::Ok || !in.atEnd())
        return std::nullopt;
    if (static_cast<size_t>(page.rows.columnCount()) < columns.size())
        return std::nullopt;
    for (size_t i = 0; i < columns.size(); ++i) {
        if (page.rows.types()[i] != columns[i].type)
            return std::nullopt;
    }
    page.columns = columns;
    return page;
}

} // namespace a360::contacts

// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/importer.h"

#include <QJsonArray>

namespace a360::transfer {

namespace {

QJsonArray toJson(const std::vector<Reject> &rejects)
{
    QJsonArray out;
    for (const Reject &reject : rejects) {
        QJsonObject entry{{QStringLiteral("row"), reject.row},
                          {QStringLiteral("line"), reject.line},
                          {QStringLiteral("offset"), reject.offset},
                          {QStringLiteral("column"), reject.column},
                          {QStringLiteral("value"), reject.value},
                          {QStringLiteral("reason"), reject.reason}};
        if (reject.limit > 0)
            entry.insert(QStringLiteral("limit"), reject.limit);
        out.append(entry);
    }
    return out;
}

QJsonObject toJson(const CsvFormat &format)
{
    const QString newline = format.newline == Newline::CrLf ? QStringLiteral("crlf")
        : format.newline == Newline::Cr                     ? QStringLiteral("cr")
                                                            : QStringLiteral("lf");
    return {{QStringLiteral("encoding"), encodingName(format.encoding)},
            {QStringLiteral("delimiter"), QString(QLatin1Char(format.delimiter))},
            {QStringLiteral("quote"), QString(QLatin1Char(format.quote))},
            {QStringLiteral("newline"), newline},
            {QStringLiteral("byte_order_mark"), format.byteOrderMark}};
}

QJsonObject toJson(const HeaderMapping &mapping)
{
    QJsonObject out;
    for (const ColumnTarget &column : mapping.columns) {
        if (!column.header.isEmpty())
            out.insert(column.header, column.field.isEmpty() ? QJsonValue() : QJsonValue(column.field));
    }
    return out;
}

} // namespace

QJsonObject ImportReport::toJson() const
{
    QJsonObject reasons;
    for (auto it = rejectedByReason.begin(); it != rejectedByReason.end(); ++it)
        reasons.insert(it.key(), it.value());
    const QJsonObject skippedBy{{QStringLiteral("duplicate_in_file"), skippedDuplicates},
                                {QStringLiteral("existing"), skippedExisting},
                                {QStringLiteral("cancelled"), skippedByCancel}};
    const QJsonObject companies{{QStringLiteral("inserted"), companiesInserted},
                                {QStringLiteral("updated"), companiesUpdated},
                                {QStringLiteral("unchanged"), companiesUnchanged},
                                {QStringLiteral("rows_without_identity"), companiesLost}};
    return {{QStringLiteral("read"), read},
            {QStringLiteral("inserted"), inserted},
            {QStringLiteral("updated"), updated},
            {QStringLiteral("unchanged"), unchanged},
            {QStringLiteral("skipped"), skipped},
            {QStringLiteral("rejected"), rejected},
            {QStringLiteral("warnings"), warnings},
            {QStringLiteral("skipped_by_reason"), skippedBy},
            {QStringLiteral("rejected_by_reason"), reasons},
            {QStringLiteral("companies"), companies},
            {QStringLiteral("seconds"), seconds},
            {QStringLiteral("input_sha256"), QString::fromLatin1(inputSha256)},
            {QStringLiteral("format"), transfer::toJson(format)},
            {QStringLiteral("mapping"), transfer::toJson(mapping)},
            {QStringLiteral("unmapped"), QJsonArray::fromStringList(mapping.unmapped)},
            {QStringLiteral("dry_run"), dryRun},
            {QStringLiteral("cancelled"), cancelled},
            {QStringLiteral("indexes_left"), indexesLeft},
            {QStringLiteral("first_rejects"), transfer::toJson(firstRejects)},
            {QStringLiteral("first_warnings"), transfer::toJson(firstWarnings)},
            {QStringLiteral("notes"), QJsonArray::fromStringList(notes)}};
}

} // namespace a360::transfer

// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/staging_rows.h"

#include "transfer/value_rules.h"

#include <QHash>

namespace a360::transfer {

namespace {

db::ColumnType stagedType(ValueKind kind)
{
    switch (kind) {
    case ValueKind::Number: return db::ColumnType::Integer;
    case ValueKind::Timestamp: return db::ColumnType::Timestamp;
    case ValueKind::List: return db::ColumnType::TextList;
    case ValueKind::Text:
    case ValueKind::Email:
    case ValueKind::Date: break;
    }
    return db::ColumnType::Text;
}

void appendTextOrNull(db::RowBatch &rows, std::string_view text)
{
    text.empty() ? rows.appendNull() : rows.appendText(text);
}

} // namespace

std::vector<QByteArray> stagingColumnNames(const ImportPlan &plan)
{
    std::vector<QByteArray> names{"rn", "u", "mk", "cid", "cu"};
    for (const StagedColumn &column : plan.own)
        names.push_back(column.stagingName);
    for (const StagedColumn &column : plan.company)
        names.push_back(column.stagingName);
    return names;
}

std::vector<db::ColumnType> stagingColumnTypes(const ImportPlan &plan)
{
    using enum db::ColumnType;
    std::vector<db::ColumnType> types{Integer, Text, Text, Text, Text};
    for (const StagedColumn &column : plan.own)
        types.push_back(stagedType(column.kind));
    for (const StagedColumn &column : plan.company)
        types.push_back(stagedType(column.kind));
    return types;
}

StagingRows::StagingRows(const ImportPlan &plan) : rows(stagingColumnTypes(plan)), m_plan(plan) {}

void StagingRows::append(qint64 row, const RowKeys &keys, const RecordValues &values)
{
    rows.appendInteger(row);
    rows.appendText(keys.uuid);
    rows.appendText(keys.matchKey);
    appendTextOrNull(rows, keys.companyId);
    appendTextOrNull(rows, keys.companyUuid);
    appendValues(m_plan.own, values.own);
    appendValues(m_plan.company, values.company);
    companies.push_back(digestOf(keys, values));
}

CompanyDigest StagingRows::digestOf(const RowKeys &keys, const RecordValues &values)
{
    if (keys.companyUuid.empty())
        return {};
    m_payload.clear();
    for (const std::string_view text : values.company) {
        m_payload += std::to_string(text.size());
        m_payload += ':';
        m_payload += text;
    }
    return {qHashBits(keys.companyUuid.data(), keys.companyUuid.size(), 1) | 1u,
            qHashBits(m_payload.data(), m_payload.size(), 2)};
}

void StagingRows::appendValues(const std::vector<StagedColumn> &columns, const std::vector<std::string_view> &texts)
{
    for (size_t i = 0; i < columns.size(); ++i) {
        if (texts[i].empty()) {
            rows.appendNull();
            continue;
        }
        switch (columns[i].kind) {
        case ValueKind::Number: rows.appendInteger(*parseNumber(texts[i])); break;
        case ValueKind::Timestamp: rows.appendTimestamp(*parseTimestamp(texts[i])); break;
        case ValueKind::List:
            m_list.clear();
            appendList(texts[i], m_list);
            m_list.empty() ? rows.appendNull() : rows.appendListBytes(m_list);
            break;
        case ValueKind::Text:
        case ValueKind::Email:
        case ValueKind::Date: rows.appendText(texts[i]); break;
        }
    }
}

} // namespace a360::transfer

// SPDX-License-Identifier: GPL-3.0-or-later
#include "records/present_records.h"

namespace a360::ui {

namespace {
constexpr qsizetype mostAtOnce = 2000; // uuids in one statement; more than a page that a cache would keep

Result<std::vector<QByteArray>> uuidsOf(RecordSource &source, const contacts::Query &query, const contacts::PageRequest &request,
                                        const CancelToken &cancel)
{
    A360_TRY_ASSIGN(const std::vector<contacts::OutputColumn> columns,
                    contacts::columnsByName(query.entity, {QStringLiteral("uuid")}));
    A360_TRY_ASSIGN(const contacts::Page page, source.page(query, columns, request, cancel));
    std::vector<QByteArray> uuids;
    for (qsizetype row = 0; row < page.rows.rowCount(); ++row) {
        const std::string_view uuid = page.rows.cell(row, 0).text();
        uuids.emplace_back(uuid.data(), static_cast<qsizetype>(uuid.size()));
    }
    return uuids;
}
} // namespace

Result<contacts::Query> onlyRecords(const contacts::Query &query, const std::vector<QByteArray> &uuids)
{
    contacts::Query narrowed = query;
    A360_TRY_ASSIGN(contacts::Filter chosen, contacts::filterByUuids(query.entity, uuids));
    narrowed.filters.push_back(std::move(chosen));
    return narrowed;
}

Result<QSet<QByteArray>> presentRecords(RecordSource &source, const contacts::Query &query, const QSet<QByteArray> &uuids,
                                        const CancelToken &cancel)
{
    const QList<QByteArray> all = uuids.values();
    QSet<QByteArray> present;
    for (qsizetype first = 0; first < all.size(); first += mostAtOnce) {
        const QList<QByteArray> some = all.mid(first, mostAtOnce);
        A360_TRY_ASSIGN(const contacts::Query narrowed, onlyRecords(query, {some.begin(), some.end()}));
        A360_TRY_ASSIGN(const std::vector<QByteArray> there, uuidsOf(source, narrowed, {mostAtOnce, {}}, cancel));
        for (const QByteArray &uuid : there)
            present.insert(uuid);
    }
    return present;
}

Result<std::map<qint64, QByteArray>> recordsAt(RecordSource &source, const contacts::Query &query,
                                               const std::vector<RecordModel::PlannedPage> &pages, const CancelToken &cancel)
{
    std::map<qint64, QByteArray> records;
    for (const RecordModel::PlannedPage &planned : pages) {
        A360_TRY_ASSIGN(const std::vector<QByteArray> uuids,
                        uuidsOf(source, query, {planned.slice.limit, planned.slice}, cancel));
        for (const qint64 row : planned.rows) {
            if (row < static_cast<qint64>(uuids.size()))
                records[planned.number * PageCache::pageRows + row] = uuids[static_cast<size_t>(row)];
        }
    }
    return records;
}

} // namespace a360::ui

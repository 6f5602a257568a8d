// SPDX-License-Identifier: GPL-3.0-or-later
#include "records/present_records.h"

namespace a360::ui {

namespace {
constexpr qsizetype mostAtOnce = 2000; // uuids in one statement; more than a page that a cache would keep
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
    A360_TRY_ASSIGN(const std::vector<contacts::OutputColumn> columns,
                    contacts::columnsByName(query.entity, {QStringLiteral("uuid")}));
    const QList<QByteArray> all = uuids.values();
    QSet<QByteArray> present;
    for (qsizetype first = 0; first < all.size(); first += mostAtOnce) {
        const QList<QByteArray> some = all.mid(first, mostAtOnce);
        A360_TRY_ASSIGN(const contacts::Query narrowed, onlyRecords(query, {some.begin(), some.end()}));
        contacts::PageRequest request;
        request.limit = mostAtOnce;
        A360_TRY_ASSIGN(const contacts::Page page, source.page(narrowed, columns, request, cancel));
        for (qsizetype row = 0; row < page.rows.rowCount(); ++row) {
            const std::string_view uuid = page.rows.cell(row, 0).text();
            present.insert(QByteArray(uuid.data(), static_cast<qsizetype>(uuid.size())));
        }
    }
    return present;
}

} // namespace a360::ui

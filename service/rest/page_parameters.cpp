// SPDX-License-Identifier: GPL-3.0-or-later
#include "page_parameters.h"

#include "api_errors.h"
#include "field_filter.h"
#include "query_string.h"

#include <QUrl>

namespace a360::rest {

namespace {

constexpr qint64 kHighestOffset = 1'000'000'000'000;

} // namespace

Result<qint64> numberParameter(const contacts::Parameters &parameters, const char *name, qint64 least, qint64 standard,
                               const char *complaint)
{
    const QString key = QString::fromLatin1(name);
    const QString text = lastValue(parameters, key).trimmed();
    if (text.isEmpty())
        return standard;
    bool ok = false;
    const qint64 number = text.toLongLong(&ok);
    if (!ok || number < least)
        return schemaError(QString::fromLatin1(complaint), key);
    return number;
}

bool flagParameter(const contacts::Parameters &parameters, QStringView name)
{
    static const QStringList yes{QStringLiteral("true"), QStringLiteral("1"), QStringLiteral("yes"),
                                 QStringLiteral("y"), QStringLiteral("on")};
    return yes.contains(lastValue(parameters, name).trimmed(), Qt::CaseInsensitive);
}

contacts::Parameters withoutOwnParameters(const contacts::Parameters &parameters)
{
    contacts::Parameters rest;
    for (const auto &pair : parameters) {
        const QString &name = pair.first;
        if (name != u"count_mode" && name != u"preset" && name != u"estimated" && !FieldFilter::isParameter(name))
            rest.append(pair);
    }
    return rest;
}

void tellIgnored(Headers &headers, const contacts::Parameters &parameters, QStringList ignored, const QStringList &heeded)
{
    static const QStringList own{QStringLiteral("limit"),      QStringLiteral("offset"),    QStringLiteral("cursor"),
                                 QStringLiteral("page"),       QStringLiteral("page_size"), QStringLiteral("view"),
                                 QStringLiteral("format"),     QStringLiteral("columns"),   QStringLiteral("max_results"),
                                 QStringLiteral("count_mode"), QStringLiteral("preset"),    QStringLiteral("estimated")};
    for (const auto &[name, value] : parameters) {
        if ((own.contains(name) || FieldFilter::isParameter(name)) && !heeded.contains(name) && !ignored.contains(name))
            ignored.append(name);
    }
    if (ignored.isEmpty())
        return;
    QByteArrayList names; // a client chose them: nothing of theirs may end the field
    for (const QString &name : std::as_const(ignored))
        names.append(QUrl::toPercentEncoding(name));
    headers.push_back({"X-Ignored-Parameters", names.join(", ")});
}

Result<PageParameters> PageParameters::parse(const contacts::Parameters &parameters, const PageLimits &limits)
{
    PageParameters page;
    constexpr qint64 notGiven = 0;
    A360_TRY_ASSIGN(const qint64 pageSize, numberParameter(parameters, "page_size", 1, notGiven,
                                                           "page_size must be a positive integer"));
    A360_TRY_ASSIGN(const qint64 limit,
                    numberParameter(parameters, "limit", 1, pageSize, "limit must be a positive integer"));
    page.limit = contacts::normalizePageSize(limit, limits.standard, limits.most);
    A360_TRY_ASSIGN(page.offset, numberParameter(parameters, "offset", 0, 0, "offset must be zero or greater"));
    A360_TRY_ASSIGN(const qint64 number,
                    numberParameter(parameters, "page", 1, notGiven, "page must be a positive integer"));
    page.cursor = lastValue(parameters, u"cursor").trimmed().toUtf8();
    page.offsetGiven = page.cursor.isEmpty() && (!lastValue(parameters, u"offset").isEmpty() || number != notGiven);
    if (page.offset == 0 && number != notGiven)
        page.offset = contacts::pageOffset(number, page.limit);
    if (page.offset > kHighestOffset)
        return schemaError(QStringLiteral("offset is too large"), QStringLiteral("offset"));
    page.advice = contacts::optimizePaginationParams(page.cursor.isEmpty() ? page.offset : 0, page.limit, page.cursor);
    page.simple = lastValue(parameters, u"view") == u"simple";
    const QString mode = lastValue(parameters, u"count_mode").trimmed().toLower();
    if (mode == u"estimated")
        page.count = contacts::CountMode::Estimated;
    else if (mode == u"actual" || mode == u"exact")
        page.count = contacts::CountMode::Exact;
    else if (!mode.isEmpty() && mode != u"none")
        return schemaError(QStringLiteral("count_mode must be actual, estimated or none"), QStringLiteral("count_mode"));
    return page;
}

} // namespace a360::rest

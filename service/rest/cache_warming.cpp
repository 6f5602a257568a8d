// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache_warming.h"

#include "core/logging.h"
#include "record_controller.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace a360::rest {

namespace {

Result<void> warmSettings(const ApiContext &context, const CancelToken &cancel)
{
    const ApiOptions &options = context.options;
    const QJsonObject app{{QStringLiteral("project_name"), options.projectName},
                          {QStringLiteral("version"), options.version},
                          {QStringLiteral("environment"), options.environment},
                          {QStringLiteral("debug"), options.debug}};
    const QByteArray json = QJsonDocument(app).toJson(QJsonDocument::Compact);
    A360_TRY(cache::warmEntry(context.service.cache(),
                              {"settings:app", appSettingsKey(),
                               [json](const CancelToken &) -> Result<std::optional<QByteArray>> { return std::optional(json); },
                               std::nullopt},
                              cancel));
    return {};
}

Result<void> warm(const ApiContext &context, const QString &name, const CancelToken &cancel)
{
    A360_TRY(cancel.check());
    if (name == u"contacts:popular")
        return RecordController(context, contacts::Entity::Contact).warmFirstPage(cancel);
    if (name == u"companies:active")
        return RecordController(context, contacts::Entity::Company).warmFirstPage(cancel);
    if (name == u"settings:app")
        return warmSettings(context, cancel);
    return makeError(ErrorCode::InvalidArgument,
                     QStringLiteral("There is no such query to warm; there are contacts:popular, companies:active and settings:app."));
}

} // namespace

QByteArray appSettingsKey()
{
    return cache::makeKey("settings:app");
}

cache::WarmReport warmCache(const ApiContext &context, const QStringList &names, const CancelToken &cancel)
{
    cache::WarmReport report;
    report.total = names.size();
    for (const QString &name : names) {
        const Result<void> warmed = warm(context, name.trimmed(), cancel);
        if (warmed.ok()) {
            ++report.successful;
            continue;
        }
        report.fail(name.toUtf8(), warmed.error().message);
        if (warmed.error().code != ErrorCode::Cancelled)
            qCWarning(lcRest).noquote() << "the cache could not be warmed with" << name << ":" << warmed.error().message;
    }
    qCInfo(lcRest) << "warmed the cache:" << report.successful << "of" << report.total;
    return report;
}

CacheWarming::CacheWarming(const ApiContext &context, const QStringList &names)
    : m_thread([&context, names, token = m_cancel.token()] { warmCache(context, names, token); })
{
}

CacheWarming::~CacheWarming()
{
    m_cancel.cancel();
    m_thread.join();
}

} // namespace a360::rest

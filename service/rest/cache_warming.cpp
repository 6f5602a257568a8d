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

/// Of the task: a name that is none was warned of, and is no reason to call the rest a failure; a query that failed is.
Result<void> outcomeOf(const cache::WarmReport &report)
{
    for (const cache::WarmReport::Failure &failure : report.errors) {
        if (failure.error.code != ErrorCode::InvalidArgument)
            return failure.error;
    }
    return {};
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
        report.fail(name.toUtf8(), warmed.error());
        if (warmed.error().code != ErrorCode::Cancelled)
            qCWarning(lcRest).noquote() << "the cache could not be warmed with" << name << ":" << warmed.error().message;
    }
    qCInfo(lcRest) << "warmed the cache:" << report.successful << "of" << report.total;
    return report;
}

CacheWarming::CacheWarming(const ApiContext &context, const QStringList &names) : m_runner(context.service.tasks())
{
    const auto work = [&context, names, token = m_cancel.token()]() -> Result<void> {
        return outcomeOf(warmCache(context, names, token));
    };
    if (m_runner) {
        tasks::Task task;
        task.name = QStringLiteral("warm_cache");
        task.isAsync = true; // it waits for the database
        task.trackStatus = true;
        auto submitted = m_runner->run(std::move(task), work);
        if (submitted.ok()) {
            m_task = submitted->id;
            m_done = submitted->future;
            return;
        }
    }
    m_thread = std::thread([work] { (void)work(); });
}

CacheWarming::~CacheWarming()
{
    m_cancel.cancel();
    if (m_thread.joinable())
        m_thread.join();
    if (m_task.isNull())
        return;
    m_runner->cancel(m_task);
    m_done.waitForFinished();
}

} // namespace a360::rest

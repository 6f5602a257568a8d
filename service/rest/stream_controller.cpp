// SPDX-License-Identifier: GPL-3.0-or-later
#include "stream_controller.h"

#include "api_errors.h"
#include "core/logging.h"
#include "query_string.h"
#include "transfer/exporter.h"

namespace a360::rest {

namespace {

Result<std::vector<contacts::OutputColumn>> columnsOf(contacts::Entity entity, const contacts::Parameters &parameters)
{
    QStringList names;
    for (const auto &[key, value] : parameters) {
        if (key == u"columns") {
            for (const QString &name : value.split(u',', Qt::SkipEmptyParts))
                names += name.trimmed();
        }
    }
    if (!names.isEmpty())
        return contacts::columnsByName(entity, names);
    const QString presetName = lastValue(parameters, u"preset").trimmed();
    if (presetName.isEmpty())
        return contacts::presetColumns(entity, contacts::Preset::Stream);
    const std::optional<contacts::Preset> preset = contacts::presetByName(presetName);
    if (!preset)
        return makeError(ErrorCode::InvalidArgument, QStringLiteral("preset must be list, full or stream"),
                         QStringLiteral("preset"));
    return contacts::presetColumns(entity, *preset);
}

} // namespace

struct StreamController::Plan
{
    transfer::ExportRequest request;
    Answer head;
};

Result<StreamController::Plan> StreamController::plan(const Call &call) const
{
    const contacts::Parameters parameters = parseQueryString(call.request->query);
    Plan plan;
    const QString formatName = lastValue(parameters, u"format").trimmed();
    const std::optional<transfer::Format> format =
        formatName.isEmpty() ? transfer::Format::JsonLines : transfer::formatByName(formatName);
    if (!format || *format == transfer::Format::Json)
        return schemaError(QStringLiteral("format must be jsonl or csv"), QStringLiteral("format"));
    plan.request.format = *format;
    plan.request.pace = m_context.service.pace();
    A360_TRY_ASSIGN(plan.request.maxRows, numberParameter(parameters, "max_results", 1, -1,
                                                          "max_results must be a positive integer"));
    if (const std::optional<qint64> cap = m_context.options.maxStreamingResults)
        plan.request.maxRows = plan.request.maxRows < 0 ? *cap : qMin(plan.request.maxRows, *cap);
    A360_TRY_ASSIGN(plan.request.columns, columnsOf(m_entity, parameters));
    A360_TRY_ASSIGN(contacts::ParsedQuery parsed,
                    contacts::parseQuery(m_entity, withoutOwnParameters(parameters), contacts::DefaultOrder::ById));
    plan.request.query = std::move(parsed.query);

    const bool csv = *format == transfer::Format::Csv;
    const std::string_view name = contacts::entityName(m_entity);
    plan.head.contentType = csv ? "text/csv" : "application/x-ndjson";
    plan.head.headers.push_back({"Content-Disposition", "attachment; filename=\"" + QByteArray(name.data(), qsizetype(name.size()))
                                                            + (csv ? ".csv\"" : ".jsonl\"")});
    tellIgnored(plan.head.headers, parameters, parsed.ignored,
                {QStringLiteral("format"), QStringLiteral("max_results"), QStringLiteral("columns"), QStringLiteral("preset")});
    return plan;
}

std::optional<Answer> StreamController::stream(const Call &call, const OpenStream &open) const
{
    const std::variant<access::Identity, Answer> caller = authenticate(m_context, call);
    if (const Answer *refusal = std::get_if<Answer>(&caller))
        return *refusal;
    if (!m_context.options.streamingEnabled)
        return errorAnswer(503, "Streaming queries are disabled", "streaming_disabled");
    Result<Plan> planned = plan(call);
    if (!planned.ok())
        return answerFor(planned.error(), call.request->id);
    if (call.request->isHead())
        return planned->head;

    ProgressCounter progress;
    const Result<transfer::Receipt> receipt =
        transfer::runExport({m_context.service.reads(), "rest stream"}, m_context.service.schema(), planned->request,
                            open(std::move(planned->head)), progress, call.cancel);
    if (!receipt.ok())
        return answerFor(receipt.error(), call.request->id);
    qCInfo(lcRest).noquote() << "stream" << call.request->id << "sent" << receipt->rows << "rows," << receipt->bytes
                             << "bytes";
    return std::nullopt;
}

} // namespace a360::rest

// SPDX-License-Identifier: GPL-3.0-or-later
#include "api_context.h"

#include "api_errors.h"

namespace a360::rest {

std::variant<access::Identity, Answer> authenticate(const ApiContext &context, const Call &call)
{
    const QByteArray field = headerValue(call.request->headers, "Authorization");
    if (field.isEmpty())
        return unauthorized(false);
    const qsizetype space = field.indexOf(' ');
    if (space < 0 || QByteArrayView(field).first(space).compare("Bearer", Qt::CaseInsensitive) != 0)
        return unauthorized(false);
    Result<access::Identity> identity =
        context.tokens.verify(QByteArrayView(field).sliced(space + 1).trimmed(), call.cancel);
    if (identity.ok())
        return std::move(identity).value();
    if (identity.error().code == ErrorCode::PermissionDenied)
        return unauthorized(true);
    return answerFor(identity.error(), call.request->id);
}

Handler requireToken(const ApiContext &context, AuthorizedHandler handler)
{
    return [&context, handler = std::move(handler)](const Call &call) {
        std::variant<access::Identity, Answer> caller = authenticate(context, call);
        if (Answer *refusal = std::get_if<Answer>(&caller))
            return std::move(*refusal);
        return handler(call, std::get<access::Identity>(caller));
    };
}

Handler requireAdmin(const ApiContext &context, Handler handler)
{
    return requireToken(context, [handler = std::move(handler)](const Call &call, const access::Identity &caller) {
        if (caller.role != access::Role::SuperAdmin && caller.role != access::Role::Admin)
            return errorAnswer(403, "Forbidden", "forbidden");
        return handler(call);
    });
}

Answer jsonAnswer(std::string body)
{
    Answer answer;
    answer.body = QByteArray(body.data(), static_cast<qsizetype>(body.size()));
    return answer;
}

} // namespace a360::rest

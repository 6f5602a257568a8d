// SPDX-License-Identifier: GPL-3.0-or-later
#include "route.h"

namespace a360::rest {

std::optional<QStringList> matchPattern(const QByteArray &pattern, const QByteArray &path)
{
    const QByteArrayList wanted = pattern.split('/');
    const QByteArrayList given = path.split('/');
    if (wanted.size() != given.size())
        return std::nullopt;
    QStringList arguments;
    for (qsizetype i = 0; i < wanted.size(); ++i) {
        if (wanted[i].startsWith('<') && !given[i].isEmpty())
            arguments += QString::fromUtf8(given[i]);
        else if (wanted[i] != given[i])
            return std::nullopt;
    }
    return arguments;
}

QByteArrayList allowedMethods(const Routes &routes, const QByteArray &path)
{
    QByteArrayList methods;
    const auto add = [&methods](const QByteArray &method) {
        if (!methods.contains(method))
            methods += method;
    };
    for (const Route &route : routes) {
        if (!matchPattern(route.pattern, path))
            continue;
        add(route.method);
        if (route.method == "GET")
            add("HEAD");
    }
    if (!methods.isEmpty())
        add("OPTIONS");
    return methods;
}

QByteArray withoutTrailingSlash(const QByteArray &path)
{
    return path.size() > 1 && path.endsWith('/') ? path.chopped(1) : path;
}

} // namespace a360::rest

// SPDX-License-Identifier: GPL-3.0-or-later
#include "field_filter.h"

#include "core/nearest_name.h"

namespace a360::rest {

namespace {

constexpr QLatin1StringView shownParameter("fields");
constexpr QLatin1StringView hiddenParameter("exclude_fields");

Result<void> checkNames(const QStringList &names, const QStringList &known, QLatin1StringView parameter)
{
    for (const QString &name : names) {
        if (known.contains(name))
            continue;
        const QString nearest = nearestName(known, name);
        return makeError(ErrorCode::InvalidArgument,
                         QStringLiteral("Unknown field: %1. ").arg(name)
                             + (nearest.isEmpty() ? QStringLiteral("There are %1.").arg(known.join(QStringLiteral(", ")))
                                                  : QStringLiteral("Did you mean '%1'?").arg(nearest)),
                         parameter);
    }
    return {};
}

} // namespace

FieldFilter FieldFilter::parse(const contacts::Parameters &parameters)
{
    FieldFilter filter;
    for (const auto &[key, value] : parameters) {
        if (!isParameter(key))
            continue;
        QStringList &names = key == shownParameter ? filter.m_shown : filter.m_hidden;
        for (const QString &name : value.split(u',')) {
            if (const QString trimmed = name.trimmed(); !trimmed.isEmpty())
                names += trimmed;
        }
    }
    for (QStringList *names : {&filter.m_shown, &filter.m_hidden}) {
        names->sort();
        names->removeDuplicates();
    }
    return filter;
}

bool FieldFilter::isParameter(QStringView name)
{
    return name == shownParameter || name == hiddenParameter;
}

bool FieldFilter::shows(const QString &name) const
{
    return m_shown.isEmpty() ? !m_hidden.contains(name) : m_shown.contains(name);
}

Result<void> FieldFilter::check(const QStringList &known) const
{
    A360_TRY(checkNames(m_shown, known, shownParameter));
    return checkNames(m_hidden, known, hiddenParameter);
}

QString FieldFilter::canonical() const
{
    if (!m_shown.isEmpty())
        return u'+' + m_shown.join(u',');
    return m_hidden.isEmpty() ? QString() : u'-' + m_hidden.join(u',');
}

} // namespace a360::rest

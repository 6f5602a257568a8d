// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "contacts/query.h"

namespace a360::rest {

/// Which members of a record an answer shows: those of `fields` or, without that parameter, all but those of
/// `exclude_fields` (contract §11, filter_response_data). Meant are the record's own members, not those of an object in it.
class FieldFilter
{
public:
    FieldFilter() = default; ///< shows everything
    /// Reads the two parameters: comma lists, which may be repeated.
    static FieldFilter parse(const contacts::Parameters &parameters);
    /// True for their names.
    static bool isParameter(QStringView name);

    bool isEmpty() const { return m_shown.isEmpty() && m_hidden.isEmpty(); }
    bool shows(const QString &name) const;
    /// Error{InvalidArgument} naming the first name that is none of `known`, and what may have been meant.
    Result<void> check(const QStringList &known) const;
    /// One text for every way of writing the same choice; empty when everything is shown.
    QString canonical() const;

private:
    QStringList m_shown, m_hidden; // sorted, each name once
};

} // namespace a360::rest

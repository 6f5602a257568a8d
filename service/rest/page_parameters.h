// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "contacts/pagination.h"
#include "contacts/query.h"
#include "contacts/repository.h"
#include "http_message.h"

#include <optional>

namespace a360::rest {

struct PageLimits
{
    qint64 standard = 100; ///< DEFAULT_PAGE_SIZE
    qint64 most = 1000;    ///< MAX_PAGE_SIZE; larger requests are cut to it
};

/// The paging part of a list's parameters (contract §4.2, §4.4).
struct PageParameters
{
    qint64 limit = 0;
    qint64 offset = 0;
    bool offsetGiven = false; ///< `offset` or `page` was there, and no cursor
    QByteArray cursor;        ///< wins over offset
    bool simple = false;      ///< view=simple
    std::optional<contacts::CountMode> count; ///< count_mode=actual|estimated: the total goes into meta
    contacts::PaginationAdvice advice;        ///< what would be quicker; of a keyset cursor it knows no offset

    /// Error{UnusableInput} with the contract's words for values out of range (422).
    static Result<PageParameters> parse(const contacts::Parameters &parameters, const PageLimits &limits);
};

/// A whole number of a parameter, at least `least`; `standard` when it is absent or empty.
Result<qint64> numberParameter(const contacts::Parameters &parameters, const char *name, qint64 least, qint64 standard,
                               const char *complaint);
/// "true", "1", "yes", "y", "on" in any case.
bool flagParameter(const contacts::Parameters &parameters, QStringView name);
/// `parameters` without those that belong to the REST face alone and that no query knows.
contacts::Parameters withoutOwnParameters(const contacts::Parameters &parameters);
/// For answers without `meta`: says which parameters made no difference, so that a mistyped filter cannot pass for none:
/// those that the query's parser did not know (`ignored`), and of the face's own (paging, fields, formats) all but `heeded`.
void tellIgnored(Headers &headers, const contacts::Parameters &parameters, QStringList ignored, const QStringList &heeded);

} // namespace a360::rest

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cache/cache_key.h"
#include "contacts/repository.h"
#include "field_filter.h"
#include "page_parameters.h"

namespace a360::rest {

/// One list request, understood: what it asks for and what its cached page is called.
struct ListRequest
{
    contacts::ParsedQuery parsed;
    bool filtered = false; ///< the parameters filter; being those of one company is no filter of the contacts
    PageParameters paging;
    FieldFilter fields; ///< not checked yet: which names there are is the record's affair
    contacts::Slice place;

    /// Error{InvalidArgument, UnusableInput} with the contract's words. `company`: only contacts of the company with that uuid;
    /// whether there is one is not looked at.
    static Result<ListRequest> parse(contacts::Entity entity, const contacts::Parameters &parameters, const PageLimits &limits,
                                     const QByteArray &company = {});
    /// What the stored page depends on (contract §7.1: filters, limit, offset, use_cursor, and what we added).
    cache::CacheArguments cacheArguments(const PageLimits &limits) const;
};

} // namespace a360::rest

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

class QIODevice;

namespace a360::sample {

/// Writes a CSV file of `contacts` invented contacts with their companies (about one company for eight contacts), with the
/// list preset's 38 column names. The same number of contacts always gives the same bytes. All addresses are under the
/// reserved domain `example`, all phone numbers in the reserved 555-01xx range. Error{Io} when the device does not take it.
Result<void> writeContacts(QIODevice &device, int contacts);

} // namespace a360::sample

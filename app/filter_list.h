// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console.h"
#include "contacts/field_catalogue.h"

namespace a360::app {

/// Prints all names that a query of an entity knows, one a line with its meaning, to standard output; returns the exit code.
int printFilters(Console &console, contacts::Entity entity);
/// The column names likewise, one a line with its label.
int printColumns(Console &console, contacts::Entity entity);
/// An error about a column, with the way to see which there are.
Error withColumnHint(Error error, contacts::Entity entity);

} // namespace a360::app

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

namespace a360::db {

/// A statement without its values, so that runs that differ in nothing else are the same: literals, numbers and
/// parameters (with their cast) become `?`, a list of them in parentheses or brackets becomes `(...)`, comments go and
/// white space becomes one space. Names keep their digits. For statistics and for people: no value is left in it.
QByteArray statementFingerprint(QByteArrayView text);

/// True when the text is one statement that changes no data: SELECT, a WITH without INSERT, UPDATE, DELETE or MERGE,
/// EXPLAIN, SHOW, SET, PRAGMA, VALUES, BEGIN, COMMIT, ROLLBACK. When in doubt: false.
bool onlyReads(QByteArrayView text);

/// SELECT, or WITH that only reads: what EXPLAIN can be asked about without a second thought.
bool isSelect(QByteArrayView text);

} // namespace a360::db

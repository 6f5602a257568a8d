-- SPDX-License-Identifier: GPL-3.0-or-later
-- Tables of this program. They carry the prefix a360_, so that they never meet a table of another one.

-- Facts about this database. own_schema = 'true': the four data tables were made by these migrations.
CREATE TABLE IF NOT EXISTS a360_meta (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

-- Access tokens of the HTTP API; only their hash is kept.
CREATE TABLE IF NOT EXISTS a360_tokens (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    token_hash TEXT NOT NULL UNIQUE,
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000'),
    last_used_at TEXT,
    revoked_at TEXT
);

-- Indexes and triggers taken down for a load and not yet back; what a crash leaves here is rebuilt at the next start.
-- owner is the process of the load.
CREATE TABLE IF NOT EXISTS a360_deferred_indexes (
    name TEXT PRIMARY KEY,
    table_name TEXT NOT NULL,
    definition TEXT NOT NULL,
    dropped_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000'),
    owner TEXT
);

-- SPDX-License-Identifier: GPL-3.0-or-later
-- Tables of this program. They carry the prefix a360_, so that they never meet a table of the existing service.

-- Facts about this database. own_schema = 'true': the four data tables were made by these migrations.
CREATE TABLE IF NOT EXISTS a360_meta (
    key text PRIMARY KEY,
    value text NOT NULL
);

-- Access tokens of the HTTP API; only their hash is kept.
CREATE TABLE IF NOT EXISTS a360_tokens (
    id bigserial PRIMARY KEY,
    name text NOT NULL,
    role text NOT NULL,
    token_hash text NOT NULL UNIQUE,
    created_at timestamp NOT NULL DEFAULT (now() AT TIME ZONE 'utc'),
    last_used_at timestamp,
    revoked_at timestamp
);

-- Indexes taken down for a load and not yet back; what a crash leaves here is rebuilt at the next start. owner is the
-- server process of the load.
CREATE TABLE IF NOT EXISTS a360_deferred_indexes (
    name text PRIMARY KEY,
    table_name text NOT NULL,
    definition text NOT NULL,
    dropped_at timestamp NOT NULL DEFAULT (now() AT TIME ZONE 'utc'),
    owner text
);

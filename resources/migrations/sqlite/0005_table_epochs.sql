-- SPDX-License-Identifier: GPL-3.0-or-later
-- Counters of what has changed (decision 26): whoever writes contacts or companies raises them in one UPDATE, the last
-- statement of his transaction. Cached pages carry the counters of the tables they were read from. identity tells this
-- database from others that share a cache.
CREATE TABLE IF NOT EXISTS a360_table_epochs (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    identity TEXT NOT NULL,
    contacts INTEGER NOT NULL,
    companies INTEGER NOT NULL
);
INSERT INTO a360_table_epochs (id, identity, contacts, companies)
VALUES (1, lower(hex(randomblob(8))), 1, 1)
ON CONFLICT DO NOTHING;

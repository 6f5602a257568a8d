// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/adopted_database.h"

namespace a360::test {

namespace {

constexpr char postgresTables[] = R"sql(
CREATE TABLE companies (id bigserial PRIMARY KEY, uuid text NOT NULL UNIQUE, name text, employees_count bigint,
    industries text[], keywords text[], address text, annual_revenue bigint, total_funding bigint, technologies text[],
    text_search text, created_at timestamp, updated_at timestamp);
CREATE TABLE companies_metadata (id bigserial PRIMARY KEY, uuid text NOT NULL UNIQUE, linkedin_url text, facebook_url text,
    twitter_url text, website text, company_name_for_emails text, phone_number text, latest_funding text,
    latest_funding_amount bigint, last_raised_at text, city text, state text, country text);
CREATE TABLE contacts (id bigserial PRIMARY KEY, uuid text NOT NULL UNIQUE, first_name text, last_name text,
    company_id text REFERENCES companies (uuid) ON DELETE SET NULL, email text, title text, departments text[],
    mobile_phone text, email_status text, text_search text, created_at timestamp, updated_at timestamp,
    seniority text DEFAULT '_');
CREATE TABLE contacts_metadata (id bigserial PRIMARY KEY, uuid text NOT NULL UNIQUE, linkedin_url text DEFAULT '_',
    facebook_url text DEFAULT '_', twitter_url text DEFAULT '_', website text DEFAULT '_',
    work_direct_phone text DEFAULT '_', home_phone text DEFAULT '_', city text DEFAULT '_', state text DEFAULT '_',
    country text DEFAULT '_', other_phone text DEFAULT '_', stage text DEFAULT '_');
INSERT INTO companies (uuid, name, industries, keywords, employees_count, created_at) VALUES
    ('k1', 'Acme Pumps', ARRAY['mining', 'pumps'], ARRAY['deep "wells"', NULL], 120, '2024-01-02 03:04:05.678901'),
    ('k2', '_', ARRAY[]::text[], NULL, NULL, NULL),
    ('k3', NULL, NULL, ARRAY['_'], -1, '0044-03-15 12:00:00 BC');
INSERT INTO companies_metadata (uuid, city, country, website) VALUES
    ('k1', 'Zürich', 'Switzerland', 'https://www.acme.example/pumps'), ('k2', '_', '_', '_');
INSERT INTO contacts (uuid, first_name, last_name, company_id, email, title, departments, created_at, mobile_phone) VALUES
    ('p1', 'Ada', 'Byron', 'k1', 'ada@acme.example', 'Chief Engineer', ARRAY['engineering'], '2024-02-01', '_'),
    ('p2', '_', 'O''Neil', NULL, '_', 'head_of_sales', NULL, NULL, '+41 1'),
    ('p3', NULL, NULL, 'k2', NULL, NULL, ARRAY['_', ''], '9999-12-31 23:59:59', NULL),
    ('p4', 'ſtraße', 'İpek', 'k3', 'x@y.example', 'ENGINEER', ARRAY[]::text[], '2024-02-01', '');
INSERT INTO contacts_metadata (uuid, city, linkedin_url) VALUES ('p1', 'London', 'https://linkedin.example/in/ada'),
    ('p2', '_', '_'), ('gone', 'Nowhere', NULL))sql";

constexpr char sqliteTables[] = R"sql(
CREATE TABLE companies (id INTEGER PRIMARY KEY, uuid TEXT NOT NULL UNIQUE, name TEXT, employees_count INTEGER,
    industries TEXT, keywords TEXT, address TEXT, annual_revenue INTEGER, total_funding INTEGER, technologies TEXT,
    text_search TEXT, created_at TEXT, updated_at TEXT);
CREATE TABLE companies_metadata (id INTEGER PRIMARY KEY, uuid TEXT NOT NULL UNIQUE, linkedin_url TEXT, facebook_url TEXT,
    twitter_url TEXT, website TEXT, company_name_for_emails TEXT, phone_number TEXT, latest_funding TEXT,
    latest_funding_amount INTEGER, last_raised_at TEXT, city TEXT, state TEXT, country TEXT);
CREATE TABLE contacts (id INTEGER PRIMARY KEY, uuid TEXT NOT NULL UNIQUE, first_name TEXT, last_name TEXT,
    company_id TEXT, email TEXT, title TEXT, departments TEXT, mobile_phone TEXT, email_status TEXT, text_search TEXT,
    created_at TEXT, updated_at TEXT, seniority TEXT DEFAULT '_');
CREATE TABLE contacts_metadata (id INTEGER PRIMARY KEY, uuid TEXT NOT NULL UNIQUE, linkedin_url TEXT DEFAULT '_',
    facebook_url TEXT DEFAULT '_', twitter_url TEXT DEFAULT '_', website TEXT DEFAULT '_', work_direct_phone TEXT,
    home_phone TEXT, city TEXT DEFAULT '_', state TEXT, country TEXT, other_phone TEXT, stage TEXT);
INSERT INTO companies (uuid, name, industries, created_at) VALUES ('k1', 'Acme Pumps', '["mining"]', '2024-01-02 03:04:05'),
    ('k2', '_', '[]', NULL);
INSERT INTO contacts (uuid, first_name, last_name, company_id, email, title, created_at) VALUES
    ('p1', 'Ada', 'Byron', 'k1', 'ada@acme.example', 'Chief Engineer', '2024-02-01'), ('p2', '_', NULL, 'k2', '_', '_', NULL);
INSERT INTO contacts_metadata (uuid, city) VALUES ('p1', 'London'), ('p2', '_'))sql";

// What CREATE INDEX does not show up in.
constexpr char postgresFacts[] = R"sql(
SELECT string_agg(line, E'\n' ORDER BY line) FROM (
    SELECT concat_ws('|', table_name, column_name, data_type, column_default, is_nullable, ordinal_position) AS line
    FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL SELECT concat_ws('|', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT concat_ws('|', relname, relowner, relkind) FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind <> 'i'
    UNION ALL SELECT c::text FROM contacts c UNION ALL SELECT c::text FROM contacts_metadata c
    UNION ALL SELECT c::text FROM companies c UNION ALL SELECT c::text FROM companies_metadata c) facts)sql";

constexpr char sqliteFacts[] = R"sql(
SELECT group_concat(line, char(10)) FROM (
    SELECT name || sql AS line FROM sqlite_master WHERE type <> 'index'
    UNION ALL SELECT concat FROM (SELECT uuid || coalesce(title, '-') || coalesce(created_at, '-') AS concat FROM contacts)
    UNION ALL SELECT uuid || coalesce(name, '-') || coalesce(industries, '-') FROM companies))sql";

} // namespace

QByteArray adoptedDatabase(db::Dialect dialect)
{
    return dialect == db::Dialect::PostgreSql ? postgresTables : sqliteTables;
}

QByteArray fingerprint(db::Lease &lease)
{
    const bool postgres = lease.dialect() == db::Dialect::PostgreSql;
    const auto rows = lease.query(db::Sql(lease.dialect(), postgres ? postgresFacts : sqliteFacts), {db::ColumnType::Text});
    if (!rows.ok() || rows->rowCount() != 1)
        return {};
    const std::string_view text = rows->cell(0, 0).text();
    return {text.data(), static_cast<qsizetype>(text.size())};
}

} // namespace a360::test

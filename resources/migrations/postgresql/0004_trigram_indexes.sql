-- SPDX-License-Identifier: GPL-3.0-or-later
-- requires: own schema, trigram
-- Substring search (decisions 15 and 16): trigram indexes on single columns for the filters, and one per table on all of
-- its searched columns for `search`. A query hits <table>_search_trgm only when it repeats the indexed expression:
-- postgresSearchExpression() in service/db/search_expressions.h writes it for both sides, and a test compares them.

-- An index needs an IMMUTABLE expression. array_to_string is only STABLE, because it must be so for every element type;
-- for text it depends on nothing but its arguments.
CREATE OR REPLACE FUNCTION a360_list_text(list text[]) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
    AS $$ SELECT array_to_string(list, E'\n') $$;

CREATE INDEX IF NOT EXISTS idx_contacts_title_trgm ON contacts USING gin (title gin_trgm_ops);
CREATE INDEX IF NOT EXISTS idx_contacts_email_trgm ON contacts USING gin (email gin_trgm_ops);
CREATE INDEX IF NOT EXISTS idx_contacts_dec_trgm ON contacts USING gin (text_search gin_trgm_ops);
CREATE INDEX IF NOT EXISTS idx_companies_name_trgm ON companies USING gin (name gin_trgm_ops);
CREATE INDEX IF NOT EXISTS idx_dec_trgm ON companies USING gin (text_search gin_trgm_ops);

CREATE INDEX IF NOT EXISTS contacts_search_trgm ON contacts USING gin ((coalesce(first_name, '') || E'\n' ||
    coalesce(last_name, '') || E'\n' ||
    coalesce(email, '') || E'\n' ||
    coalesce(title, '') || E'\n' ||
    coalesce(seniority, '') || E'\n' ||
    coalesce(text_search, '')) gin_trgm_ops);

CREATE INDEX IF NOT EXISTS contacts_metadata_search_trgm ON contacts_metadata USING gin ((coalesce(city, '') || E'\n' ||
    coalesce(state, '') || E'\n' ||
    coalesce(country, '') || E'\n' ||
    coalesce(linkedin_url, '') || E'\n' ||
    coalesce(twitter_url, '')) gin_trgm_ops);

CREATE INDEX IF NOT EXISTS companies_search_trgm ON companies USING gin ((coalesce(name, '') || E'\n' ||
    coalesce(address, '') || E'\n' ||
    coalesce(text_search, '') || E'\n' ||
    coalesce(a360_list_text(industries), '') || E'\n' ||
    coalesce(a360_list_text(keywords), '') || E'\n' ||
    coalesce(a360_list_text(technologies), '')) gin_trgm_ops);

CREATE INDEX IF NOT EXISTS companies_metadata_search_trgm ON companies_metadata USING gin ((coalesce(city, '') || E'\n' ||
    coalesce(state, '') || E'\n' ||
    coalesce(country, '') || E'\n' ||
    coalesce(phone_number, '') || E'\n' ||
    coalesce(website, '') || E'\n' ||
    coalesce(linkedin_url, '')) gin_trgm_ops);

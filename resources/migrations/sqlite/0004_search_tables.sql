-- SPDX-License-Identifier: GPL-3.0-or-later
-- requires: own schema, trigram
-- Substring search (decision 15): one FTS5 table with trigrams per data table, over the columns that `search` and the
-- substring filters look at (service/db/search_expressions.h names the same ones; a test compares them). The texts stay
-- in the data tables (external content). Triggers keep the search tables up to date; a bulk load takes the triggers down
-- and rebuilds instead. A match is a candidate only: FTS5 folds by an older Unicode, and a query rechecks it.

CREATE VIRTUAL TABLE IF NOT EXISTS contacts_fts USING fts5(
    first_name, last_name, email, title, seniority, text_search,
    content='contacts', content_rowid='id', tokenize='trigram', detail=full);
INSERT INTO contacts_fts(contacts_fts) VALUES ('rebuild');
CREATE TRIGGER IF NOT EXISTS contacts_fts_insert AFTER INSERT ON contacts BEGIN
    INSERT INTO contacts_fts(rowid, first_name, last_name, email, title, seniority, text_search)
    VALUES (new.id, new.first_name, new.last_name, new.email, new.title, new.seniority, new.text_search);
END;
CREATE TRIGGER IF NOT EXISTS contacts_fts_delete AFTER DELETE ON contacts BEGIN
    INSERT INTO contacts_fts(contacts_fts, rowid, first_name, last_name, email, title, seniority, text_search)
    VALUES ('delete', old.id, old.first_name, old.last_name, old.email, old.title, old.seniority, old.text_search);
END;
CREATE TRIGGER IF NOT EXISTS contacts_fts_update AFTER UPDATE OF id, first_name, last_name, email, title, seniority, text_search ON contacts BEGIN
    INSERT INTO contacts_fts(contacts_fts, rowid, first_name, last_name, email, title, seniority, text_search)
    VALUES ('delete', old.id, old.first_name, old.last_name, old.email, old.title, old.seniority, old.text_search);
    INSERT INTO contacts_fts(rowid, first_name, last_name, email, title, seniority, text_search)
    VALUES (new.id, new.first_name, new.last_name, new.email, new.title, new.seniority, new.text_search);
END;

CREATE VIRTUAL TABLE IF NOT EXISTS contacts_metadata_fts USING fts5(
    city, state, country, linkedin_url, twitter_url,
    content='contacts_metadata', content_rowid='id', tokenize='trigram', detail=full);
INSERT INTO contacts_metadata_fts(contacts_metadata_fts) VALUES ('rebuild');
CREATE TRIGGER IF NOT EXISTS contacts_metadata_fts_insert AFTER INSERT ON contacts_metadata BEGIN
    INSERT INTO contacts_metadata_fts(rowid, city, state, country, linkedin_url, twitter_url)
    VALUES (new.id, new.city, new.state, new.country, new.linkedin_url, new.twitter_url);
END;
CREATE TRIGGER IF NOT EXISTS contacts_metadata_fts_delete AFTER DELETE ON contacts_metadata BEGIN
    INSERT INTO contacts_metadata_fts(contacts_metadata_fts, rowid, city, state, country, linkedin_url, twitter_url)
    VALUES ('delete', old.id, old.city, old.state, old.country, old.linkedin_url, old.twitter_url);
END;
CREATE TRIGGER IF NOT EXISTS contacts_metadata_fts_update AFTER UPDATE OF id, city, state, country, linkedin_url, twitter_url ON contacts_metadata BEGIN
    INSERT INTO contacts_metadata_fts(contacts_metadata_fts, rowid, city, state, country, linkedin_url, twitter_url)
    VALUES ('delete', old.id, old.city, old.state, old.country, old.linkedin_url, old.twitter_url);
    INSERT INTO contacts_metadata_fts(rowid, city, state, country, linkedin_url, twitter_url)
    VALUES (new.id, new.city, new.state, new.country, new.linkedin_url, new.twitter_url);
END;

CREATE VIRTUAL TABLE IF NOT EXISTS companies_fts USING fts5(
    name, address, text_search, industries, keywords, technologies,
    content='companies', content_rowid='id', tokenize='trigram', detail=full);
INSERT INTO companies_fts(companies_fts) VALUES ('rebuild');
CREATE TRIGGER IF NOT EXISTS companies_fts_insert AFTER INSERT ON companies BEGIN
    INSERT INTO companies_fts(rowid, name, address, text_search, industries, keywords, technologies)
    VALUES (new.id, new.name, new.address, new.text_search, new.industries, new.keywords, new.technologies);
END;
CREATE TRIGGER IF NOT EXISTS companies_fts_delete AFTER DELETE ON companies BEGIN
    INSERT INTO companies_fts(companies_fts, rowid, name, address, text_search, industries, keywords, technologies)
    VALUES ('delete', old.id, old.name, old.address, old.text_search, old.industries, old.keywords, old.technologies);
END;
CREATE TRIGGER IF NOT EXISTS companies_fts_update AFTER UPDATE OF id, name, address, text_search, industries, keywords, technologies ON companies BEGIN
    INSERT INTO companies_fts(companies_fts, rowid, name, address, text_search, industries, keywords, technologies)
    VALUES ('delete', old.id, old.name, old.address, old.text_search, old.industries, old.keywords, old.technologies);
    INSERT INTO companies_fts(rowid, name, address, text_search, industries, keywords, technologies)
    VALUES (new.id, new.name, new.address, new.text_search, new.industries, new.keywords, new.technologies);
END;

CREATE VIRTUAL TABLE IF NOT EXISTS companies_metadata_fts USING fts5(
    city, state, country, phone_number, website, linkedin_url,
    content='companies_metadata', content_rowid='id', tokenize='trigram', detail=full);
INSERT INTO companies_metadata_fts(companies_metadata_fts) VALUES ('rebuild');
CREATE TRIGGER IF NOT EXISTS companies_metadata_fts_insert AFTER INSERT ON companies_metadata BEGIN
    INSERT INTO companies_metadata_fts(rowid, city, state, country, phone_number, website, linkedin_url)
    VALUES (new.id, new.city, new.state, new.country, new.phone_number, new.website, new.linkedin_url);
END;
CREATE TRIGGER IF NOT EXISTS companies_metadata_fts_delete AFTER DELETE ON companies_metadata BEGIN
    INSERT INTO companies_metadata_fts(companies_metadata_fts, rowid, city, state, country, phone_number, website, linkedin_url)
    VALUES ('delete', old.id, old.city, old.state, old.country, old.phone_number, old.website, old.linkedin_url);
END;
CREATE TRIGGER IF NOT EXISTS companies_metadata_fts_update AFTER UPDATE OF id, city, state, country, phone_number, website, linkedin_url ON companies_metadata BEGIN
    INSERT INTO companies_metadata_fts(companies_metadata_fts, rowid, city, state, country, phone_number, website, linkedin_url)
    VALUES ('delete', old.id, old.city, old.state, old.country, old.phone_number, old.website, old.linkedin_url);
    INSERT INTO companies_metadata_fts(rowid, city, state, country, phone_number, website, linkedin_url)
    VALUES (new.id, new.city, new.state, new.country, new.phone_number, new.website, new.linkedin_url);
END;

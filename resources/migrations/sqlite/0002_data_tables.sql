-- SPDX-License-Identifier: GPL-3.0-or-later
-- The four data tables, as on PostgreSQL (see there). Lists are JSON arrays as text, ["a","b"]; times are text of fixed
-- width, YYYY-MM-DDTHH:MM:SS.ffffff in UTC, so that the order of the bytes is the order of time.

CREATE TABLE IF NOT EXISTS companies (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid TEXT NOT NULL UNIQUE,
    name TEXT,
    employees_count INTEGER,
    industries TEXT,
    keywords TEXT,
    address TEXT,
    annual_revenue INTEGER,
    total_funding INTEGER,
    technologies TEXT,
    text_search TEXT,
    created_at TEXT,
    updated_at TEXT
);

CREATE TABLE IF NOT EXISTS companies_metadata (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid TEXT NOT NULL UNIQUE,
    linkedin_url TEXT,
    linkedin_sales_url TEXT,
    facebook_url TEXT,
    twitter_url TEXT,
    website TEXT,
    normalized_domain TEXT,
    company_name_for_emails TEXT,
    phone_number TEXT,
    latest_funding TEXT,
    latest_funding_amount INTEGER,
    last_raised_at TEXT,
    city TEXT,
    state TEXT,
    country TEXT
);

CREATE TABLE IF NOT EXISTS contacts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid TEXT NOT NULL UNIQUE,
    first_name TEXT,
    last_name TEXT,
    company_id TEXT,
    email TEXT,
    title TEXT,
    departments TEXT,
    mobile_phone TEXT,
    email_status TEXT,
    text_search TEXT,
    created_at TEXT,
    updated_at TEXT,
    seniority TEXT,
    status TEXT
);

CREATE TABLE IF NOT EXISTS contacts_metadata (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid TEXT NOT NULL UNIQUE,
    linkedin_url TEXT,
    linkedin_sales_url TEXT,
    facebook_url TEXT,
    twitter_url TEXT,
    website TEXT,
    work_direct_phone TEXT,
    home_phone TEXT,
    city TEXT,
    state TEXT,
    country TEXT,
    other_phone TEXT,
    stage TEXT
);

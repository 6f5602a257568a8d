-- SPDX-License-Identifier: GPL-3.0-or-later
-- The four data tables, with the names and columns of the existing service. A table that is there already is adopted as
-- it is. Our own have no '_' defaults (NULL means no value) and no foreign key on company_id: exports keep ids of
-- companies that are gone, and importing them must give the same rows again.

CREATE TABLE IF NOT EXISTS companies (
    id bigserial PRIMARY KEY,
    uuid text NOT NULL UNIQUE,
    name text,
    employees_count bigint,
    industries text[],
    keywords text[],
    address text,
    annual_revenue bigint,
    total_funding bigint,
    technologies text[],
    text_search text,
    created_at timestamp,
    updated_at timestamp
);

CREATE TABLE IF NOT EXISTS companies_metadata (
    id bigserial PRIMARY KEY,
    uuid text NOT NULL UNIQUE,
    linkedin_url text,
    linkedin_sales_url text,
    facebook_url text,
    twitter_url text,
    website text,
    normalized_domain text,
    company_name_for_emails text,
    phone_number text,
    latest_funding text,
    latest_funding_amount bigint,
    last_raised_at text,
    city text,
    state text,
    country text
);

CREATE TABLE IF NOT EXISTS contacts (
    id bigserial PRIMARY KEY,
    uuid text NOT NULL UNIQUE,
    first_name text,
    last_name text,
    company_id text,
    email text,
    title text,
    departments text[],
    mobile_phone text,
    email_status text,
    text_search text,
    created_at timestamp,
    updated_at timestamp,
    seniority text,
    status text
);

CREATE TABLE IF NOT EXISTS contacts_metadata (
    id bigserial PRIMARY KEY,
    uuid text NOT NULL UNIQUE,
    linkedin_url text,
    linkedin_sales_url text,
    facebook_url text,
    twitter_url text,
    website text,
    work_direct_phone text,
    home_phone text,
    city text,
    state text,
    country text,
    other_phone text,
    stage text
);

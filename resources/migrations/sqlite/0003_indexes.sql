-- SPDX-License-Identifier: GPL-3.0-or-later
-- requires: own schema
-- The b-tree indexes of PostgreSQL's set (decisions 13 and 21). List columns are left out of them: their JSON text has no
-- useful order, and substrings in it are found by the search tables.

CREATE INDEX IF NOT EXISTS idx_contacts_last_name ON contacts (last_name);
CREATE INDEX IF NOT EXISTS idx_contacts_mobile_phone ON contacts (mobile_phone);
CREATE INDEX IF NOT EXISTS idx_contacts_email_status ON contacts (email_status);
CREATE INDEX IF NOT EXISTS idx_contacts_title ON contacts (title);
CREATE INDEX IF NOT EXISTS idx_contacts_email_company ON contacts (email, company_id);
CREATE INDEX IF NOT EXISTS idx_contacts_name_company ON contacts (first_name, last_name, company_id);
CREATE INDEX IF NOT EXISTS idx_contacts_created_at_id ON contacts (created_at, id);
CREATE INDEX IF NOT EXISTS idx_contacts_seniority_company_id ON contacts (seniority, company_id);
CREATE INDEX IF NOT EXISTS idx_contacts_company_id ON contacts (company_id);
CREATE INDEX IF NOT EXISTS idx_contacts_status_company_id ON contacts (status, company_id);

CREATE INDEX IF NOT EXISTS idx_contacts_metadata_city ON contacts_metadata (city);
CREATE INDEX IF NOT EXISTS idx_contacts_metadata_state ON contacts_metadata (state);
CREATE INDEX IF NOT EXISTS idx_contacts_metadata_country ON contacts_metadata (country);

CREATE INDEX IF NOT EXISTS idx_companies_name ON companies (name);
CREATE INDEX IF NOT EXISTS idx_companies_employees_count ON companies (employees_count);
CREATE INDEX IF NOT EXISTS idx_companies_total_funding ON companies (total_funding);
CREATE INDEX IF NOT EXISTS idx_companies_created_at_id ON companies (created_at, id);
CREATE INDEX IF NOT EXISTS idx_companies_annual_revenue ON companies (annual_revenue);

CREATE INDEX IF NOT EXISTS idx_companies_metadata_company_name_for_emails ON companies_metadata (company_name_for_emails);
CREATE INDEX IF NOT EXISTS idx_companies_metadata_city ON companies_metadata (city);
CREATE INDEX IF NOT EXISTS idx_companies_metadata_state ON companies_metadata (state);
CREATE INDEX IF NOT EXISTS idx_companies_metadata_country ON companies_metadata (country);

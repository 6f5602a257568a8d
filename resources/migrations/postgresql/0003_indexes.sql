-- SPDX-License-Identifier: GPL-3.0-or-later
-- requires: own schema
-- The indexes of the existing service, without those that are exact prefixes of another one (decision 21), and with
-- (created_at, id) for the default order of the lists (decision 13).

CREATE INDEX IF NOT EXISTS idx_contacts_last_name ON contacts (last_name);
CREATE INDEX IF NOT EXISTS idx_contacts_mobile_phone ON contacts (mobile_phone);
CREATE INDEX IF NOT EXISTS idx_contacts_email_status ON contacts (email_status);
CREATE INDEX IF NOT EXISTS idx_contacts_title ON contacts (title);
CREATE INDEX IF NOT EXISTS idx_contacts_email_company ON contacts (email, company_id);
CREATE INDEX IF NOT EXISTS idx_contacts_name_company ON contacts (first_name, last_name, company_id);
CREATE INDEX IF NOT EXISTS idx_contacts_created_at_id ON contacts (created_at, id);
CREATE INDEX IF NOT EXISTS idx_contacts_seniority_company_id ON contacts (seniority, company_id);
CREATE INDEX IF NOT EXISTS idx_contacts_departments_gin ON contacts USING gin (departments);
CREATE INDEX IF NOT EXISTS idx_contacts_company_department ON contacts (company_id, departments);
CREATE INDEX IF NOT EXISTS idx_contacts_seniority_department ON contacts (seniority, departments);
CREATE INDEX IF NOT EXISTS idx_contacts_status_company_id ON contacts (status, company_id);

CREATE INDEX IF NOT EXISTS idx_contacts_metadata_city ON contacts_metadata (city);
CREATE INDEX IF NOT EXISTS idx_contacts_metadata_state ON contacts_metadata (state);
CREATE INDEX IF NOT EXISTS idx_contacts_metadata_country ON contacts_metadata (country);

CREATE INDEX IF NOT EXISTS idx_companies_name ON companies (name);
CREATE INDEX IF NOT EXISTS idx_companies_employees_count ON companies (employees_count);
CREATE INDEX IF NOT EXISTS idx_companies_total_funding ON companies (total_funding);
CREATE INDEX IF NOT EXISTS idx_companies_industries_gin ON companies USING gin (industries);
CREATE INDEX IF NOT EXISTS idx_companies_keywords_gin ON companies USING gin (keywords);
CREATE INDEX IF NOT EXISTS idx_companies_technologies_gin ON companies USING gin (technologies);
CREATE INDEX IF NOT EXISTS idx_companies_created_at_id ON companies (created_at, id);
CREATE INDEX IF NOT EXISTS idx_companies_annual_revenue_industries ON companies (annual_revenue, industries);

CREATE INDEX IF NOT EXISTS idx_companies_metadata_company_name_for_emails ON companies_metadata (company_name_for_emails);
CREATE INDEX IF NOT EXISTS idx_companies_metadata_city ON companies_metadata (city);
CREATE INDEX IF NOT EXISTS idx_companies_metadata_state ON companies_metadata (state);
CREATE INDEX IF NOT EXISTS idx_companies_metadata_country ON companies_metadata (country);

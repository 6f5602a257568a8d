// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace a360::sample {

inline constexpr std::string_view firstNames[] = {
    "Ada",    "Adam",   "Agnes",  "Aïcha",   "Alan",   "Amara",  "Amir",   "Anna",    "Antonio", "Anya",   "Aroha",
    "Beatriz", "Björn", "Bruno",  "Camille", "Carlos", "Chloé",  "Claire", "Daniel",  "Diego",   "Elena",  "Emeka",
    "Emil",   "Erik",   "Fatima", "Felix",   "Freya",  "Giulia", "Grace",  "Hana",    "Hugo",    "Ines",   "Ingrid",
    "Ivan",   "Jan",    "Jörg",   "José",    "Julia",  "Kofi",   "Lars",   "Leila",   "Liam",    "Łukasz", "Maja",
    "Marta",  "Mateo",  "Mei",    "Nadia",   "Noah",   "Nuria",  "Olga",   "Oskar",   "Paulo",   "Petra",  "Priya",
    "Rania",  "Ravi",   "Renée",  "Samir",   "Sofia",  "Søren",  "Tariq",  "Tomáš",   "Uma",     "Viktor", "Wanjiru",
    "Yara",   "Yusuf",  "Zoë",    "Дмитрий", "Ольга",  "Γιώργος"};

inline constexpr std::string_view lastNames[] = {
    "Abara",   "Adeyemi", "Ahlström", "Almeida", "Andersson", "Bakker",  "Baros",   "Becker",  "Bianchi", "Bjørnstad",
    "Brandt",  "Castillo", "Chen",    "Costa",   "Dąbrowski", "Danso",   "Demir",   "Dubois",  "Eriksen", "Falk",
    "Farouk",  "Ferrari", "Fischer",  "Fontaine", "García",   "Gruber",  "Gupta",   "Haddad",  "Hansen",  "Horváth",
    "Ibarra",  "Ito",     "Jansen",   "Jovanović", "Kaya",    "Keller",  "Kimura",  "Kovács",  "Larsson", "Lefèvre",
    "Lindqvist", "Lopes", "Marin",    "Mbeki",   "Molina",    "Moreau",  "Müller",  "Nakata",  "Ndiaye",  "Nowak",
    "O'Brien", "Okafor",  "Olsen",    "Park",    "Pereira",   "Petrov",  "Popescu", "Quill",   "Rao",     "Ricci",
    "Romero",  "Rossi",   "Schäfer",  "Silva",   "Singh",     "Šimić",   "Sørensen", "Tanaka", "Vargas",  "Weber",
    "Winter",  "Yılmaz",  "Zhou",     "Иванова", "Παππάς"};

struct Place
{
    std::string_view city, state, country;
};
inline constexpr Place places[] = {
    {"Austin", "Texas", "United States"},         {"Boston", "Massachusetts", "United States"},
    {"Denver", "Colorado", "United States"},      {"Seattle", "Washington", "United States"},
    {"New York", "New York", "United States"},    {"London", "England", "United Kingdom"},
    {"Leeds", "England", "United Kingdom"},       {"Glasgow", "Scotland", "United Kingdom"},
    {"Berlin", "Berlin", "Germany"},              {"München", "Bavaria", "Germany"},
    {"Hamburg", "Hamburg", "Germany"},            {"Paris", "Île-de-France", "France"},
    {"Lyon", "Auvergne-Rhône-Alpes", "France"},   {"Madrid", "Community of Madrid", "Spain"},
    {"Milano", "Lombardy", "Italy"},              {"Zürich", "Zürich", "Switzerland"},
    {"Kraków", "Lesser Poland", "Poland"},        {"Stockholm", "Stockholm County", "Sweden"},
    {"Toronto", "Ontario", "Canada"},             {"Montréal", "Québec", "Canada"},
    {"São Paulo", "São Paulo", "Brazil"},         {"Bengaluru", "Karnataka", "India"},
    {"Pune", "Maharashtra", "India"},             {"Singapore", "", "Singapore"},
    {"Sydney", "New South Wales", "Australia"},   {"Nairobi", "Nairobi County", "Kenya"}};

struct Industry
{
    std::string_view name, keywords, technologies;
};
inline constexpr Industry industries[] = {
    {"computer software", "saas, b2b, cloud, automation, data platform", "Kubernetes, React, PostgreSQL, Stripe"},
    {"machinery", "pumps, valves, b2b, maintenance, spare parts", "SAP, Outlook, Qt"},
    {"renewables & environment", "solar, wind, storage, grid, engineering", "Salesforce, Tableau"},
    {"logistics & supply chain", "freight, warehousing, tracking, customs", "SAP, Oracle, Power BI"},
    {"hospital & health care", "clinics, diagnostics, patient care", "Epic, Microsoft 365"},
    {"financial services", "payments, lending, compliance, b2b", "Snowflake, Salesforce, Workday"},
    {"food & beverages", "organic, bakery, distribution", "Shopify, Mailchimp"},
    {"education management", "e-learning, training, schools", "Moodle, Google Workspace, Zoom"},
    {"construction", "civil engineering, timber, planning", "AutoCAD, Microsoft 365"},
    {"biotechnology", "genomics, laboratories, research", "Python, AWS, Benchling"},
    {"retail", "e-commerce, fashion, omnichannel", "Shopify, Klaviyo, Google Analytics"},
    {"telecommunications", "fibre, mobile, networks", "Cisco, Oracle, Zendesk"}};

inline constexpr std::string_view companyStarts[] = {
    "Northwind", "Blue Harbor", "Cedar", "Brightwater", "Iron Gate", "Lumen", "Oakfield", "Polaris", "Quarry", "Redwood",
    "Silverlake", "Summit", "Tern", "Vela", "Westbrook", "Alder", "Beacon", "Copper", "Drift", "Evergreen", "Foundry",
    "Granite", "Heron", "Juniper"};
inline constexpr std::string_view companyEnds[] = {"Labs", "Systems", "Works", "Pumps", "Energy", "Logistics", "Health",
                                                   "Capital", "Foods", "Robotics", "Partners", "Networks", "Materials"};

struct Role
{
    std::string_view title, seniority, department;
};
inline constexpr Role roles[] = {{"Chief Executive Officer", "C suite", "C-Suite"},
                                 {"Chief Technology Officer", "C suite", "C-Suite, Engineering & Technical"},
                                 {"Founder", "Founder", "C-Suite"},
                                 {"VP of Sales", "VP", "Sales"},
                                 {"VP Engineering", "VP", "Engineering & Technical"},
                                 {"Head of Marketing", "Head", "Marketing"},
                                 {"Director of Operations", "Director", "Operations"},
                                 {"Finance Director", "Director", "Finance"},
                                 {"Plant Manager", "Manager", "Operations, Product"},
                                 {"Product Manager", "Manager", "Product"},
                                 {"Sales Manager", "Manager", "Sales"},
                                 {"IT Manager", "Manager", "Information Technology"},
                                 {"Senior Software Engineer", "Senior", "Engineering & Technical"},
                                 {"Senior Accountant", "Senior", "Finance"},
                                 {"Account Executive", "Entry", "Sales"},
                                 {"Marketing Specialist", "Entry", "Marketing"},
                                 {"Consultant", "Entry", "Consulting"},
                                 {"Research Intern", "Intern", "Product"}};

inline constexpr std::string_view streets[] = {"Main Street", "Station Road", "Harbor Lane", "Mill Street", "Park Avenue",
                                               "Kirchweg", "Rue du Port", "Via Verdi"};
inline constexpr std::string_view fundingRounds[] = {"Seed", "Series A", "Series B", "Debt Financing", "Private Equity"};
inline constexpr std::string_view stages[] = {"Cold", "Cold", "Cold", "Warm", "Hot"};

} // namespace a360::sample

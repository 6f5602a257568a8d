// SPDX-License-Identifier: GPL-3.0-or-later
#include "sample/sample_data.h"

#include "sample/sample_words.h"

#include <QIODevice>
#include <QString>

#include <iterator>
#include <string>
#include <utility>
#include <vector>

namespace a360::sample {

namespace {

constexpr int contactsPerCompany = 8;
constexpr qsizetype blockSize = 256 * 1024;

constexpr std::string_view header =
    "first_name,last_name,title,company,company_name_for_emails,email,email_status,primary_email_catch_all_status,"
    "seniority,departments,work_direct_phone,home_phone,mobile_phone,corporate_phone,other_phone,stage,employees,industry,"
    "keywords,person_linkedin_url,website,company_linkedin_url,facebook_url,twitter_url,city,state,country,company_address,"
    "company_city,company_state,company_country,company_phone,technologies,annual_revenue,total_funding,latest_funding,"
    "latest_funding_amount,last_raised_at\n";

/// SplitMix64: the same everywhere, unlike the standard library's distributions.
class Dice
{
public:
    explicit Dice(quint64 seed) : m_state(seed) {}
    quint64 next()
    {
        quint64 z = (m_state += 0x9E3779B97F4A7C15u);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
        return z ^ (z >> 31);
    }
    int below(int n) { return static_cast<int>(next() % static_cast<quint64>(n)); }
    bool oneIn(int n) { return below(n) == 0; }
    template <typename Table>
    const auto &pick(const Table &table)
    {
        return table[below(static_cast<int>(std::size(table)))];
    }

private:
    quint64 m_state;
};

struct Company
{
    std::string name, domain, slug, address, phone;
    Place place;
    Industry industry;
    int employees;
    qint64 revenue, funding, round;
    std::string_view roundName;
    int raisedYear, raisedMonth;
};

/// Lower-case ASCII letters and digits: "Jörg" gives "jorg"; names in other scripts give "person".
std::string slugOf(std::string_view text)
{
    QString plain = QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
    constexpr std::pair<char16_t, char> letters[] = {{u'Ł', 'L'}, {u'ł', 'l'}, {u'Ø', 'O'}, {u'ø', 'o'}, {u'ı', 'i'}, {u'ą', 'a'}};
    for (const auto &[from, to] : letters)
        plain.replace(QChar(from), QLatin1Char(to));
    std::string slug;
    // Decomposed, so that accents are characters of their own and fall away.
    for (const char c : plain.normalized(QString::NormalizationForm_D).toLatin1().toStdString()) {
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            slug += c;
        else if (c >= 'A' && c <= 'Z')
            slug += static_cast<char>(c - 'A' + 'a');
    }
    return slug.empty() ? "person" : slug;
}

std::string phoneNumber(Dice &dice)
{
    return "+1 " + std::to_string(200 + dice.below(700)) + "-555-01" + std::to_string(10 + dice.below(90));
}

Company makeCompany(int number)
{
    Dice dice(0xC0FFEEu + static_cast<quint64>(number) * 7919u);
    Company company;
    const std::string_view start = companyStarts[static_cast<size_t>(number) % std::size(companyStarts)];
    const std::string_view end = dice.pick(companyEnds);
    company.name = std::string(start) + ' ' + std::string(end);
    if (number >= static_cast<int>(std::size(companyStarts)))
        company.name += ' ' + std::to_string(number / static_cast<int>(std::size(companyStarts)) + 1);
    company.slug = slugOf(company.name);
    company.domain = company.slug + ".example";
    company.place = dice.pick(places);
    company.industry = dice.pick(industries);
    company.address = std::to_string(1 + dice.below(400)) + ' ' + std::string(dice.pick(streets)) + ", "
                      + std::string(company.place.city) + ", " + std::string(company.place.country);
    company.phone = phoneNumber(dice);
    // Many small companies, few large ones.
    company.employees = 3 + dice.below(12);
    for (int grow = dice.below(6); grow > 0; --grow)
        company.employees = company.employees * (2 + dice.below(3));
    company.revenue = static_cast<qint64>(company.employees) * (60 + dice.below(180)) * 1000;
    const bool funded = dice.oneIn(3);
    company.round = funded ? (1 + dice.below(80)) * qint64(250'000) : 0;
    company.funding = funded ? company.round * (1 + dice.below(4)) : 0;
    company.roundName = funded ? dice.pick(fundingRounds) : std::string_view();
    company.raisedYear = 2015 + dice.below(10);
    company.raisedMonth = 1 + dice.below(12);
    return company;
}

class RowWriter
{
public:
    explicit RowWriter(std::string &out) : m_out(out) {}
    RowWriter &cell(std::string_view text)
    {
        if (!m_first)
            m_out += ',';
        m_first = false;
        if (text.find_first_of(",\"\n") == std::string_view::npos) {
            m_out += text;
            return *this;
        }
        m_out += '"';
        for (const char c : text) {
            if (c == '"')
                m_out += '"';
            m_out += c;
        }
        m_out += '"';
        return *this;
    }
    RowWriter &number(qint64 value) { return value > 0 ? cell(std::to_string(value)) : cell({}); }
    void end() { m_out += '\n'; }

private:
    std::string &m_out;
    bool m_first = true;
};

void writeContact(std::string &out, int number, const Company &company)
{
    Dice dice(0xADA0u + static_cast<quint64>(number) * 104729u);
    const std::string_view first = dice.pick(firstNames);
    const std::string_view last = dice.pick(lastNames);
    const Role &role = dice.pick(roles);
    const std::string handle = slugOf(first) + '.' + slugOf(last) + std::to_string(number);
    const Place &home = dice.oneIn(5) ? dice.pick(places) : company.place;
    const std::string_view shortName = std::string_view(company.name).substr(0, company.name.find(' '));
    const std::string mobile = dice.oneIn(2) ? phoneNumber(dice) : std::string();
    const std::string direct = dice.oneIn(4) ? phoneNumber(dice) : std::string();
    const std::string raised = company.round > 0
        ? std::to_string(company.raisedYear) + (company.raisedMonth < 10 ? "-0" : "-") + std::to_string(company.raisedMonth) + "-01"
        : std::string();
    RowWriter row(out);
    row.cell(first).cell(last).cell(role.title).cell(company.name).cell(shortName);
    row.cell(dice.oneIn(12) ? std::string() : handle + '@' + company.domain);
    row.cell(dice.oneIn(6) ? "User Managed" : "Verified").cell({});
    row.cell(role.seniority).cell(role.department).cell(direct).cell({}).cell(mobile).cell(company.phone).cell({});
    row.cell(dice.pick(stages)).number(company.employees).cell(company.industry.name).cell(company.industry.keywords);
    row.cell("https://www.linkedin.com/in/" + slugOf(first) + '-' + slugOf(last) + '-' + std::to_string(number));
    row.cell("https://www." + company.domain).cell("https://www.linkedin.com/company/" + company.slug);
    row.cell({}).cell({}).cell(home.city).cell(home.state).cell(home.country).cell(company.address);
    row.cell(company.place.city).cell(company.place.state).cell(company.place.country).cell(company.phone);
    row.cell(company.industry.technologies).number(company.revenue).number(company.funding).cell(company.roundName);
    row.number(company.round).cell(raised);
    row.end();
}

} // namespace

Result<void> writeContacts(QIODevice &device, int contacts)
{
    std::vector<Company> companies;
    for (int i = 0; i < contacts / contactsPerCompany + 1; ++i)
        companies.push_back(makeCompany(i));
    std::string out(header);
    Dice dice(2024);
    for (int i = 1; i <= contacts; ++i) {
        writeContact(out, i, companies[static_cast<size_t>(dice.below(static_cast<int>(companies.size())))]);
        if (static_cast<qsizetype>(out.size()) < blockSize && i < contacts)
            continue;
        if (device.write(out.data(), static_cast<qint64>(out.size())) != static_cast<qint64>(out.size()))
            return makeError(ErrorCode::Io, QStringLiteral("The sample data could not be written: %1.").arg(device.errorString()));
        out.clear();
    }
    return {};
}

} // namespace a360::sample

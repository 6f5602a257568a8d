// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/timestamp_text.h"

#include <cstdio>

namespace a360::db {

namespace {

constexpr qint64 microsPerSecond = 1'000'000;
constexpr qint64 microsPerDay = 86'400 * microsPerSecond;

struct CivilDate
{
    qint64 year;
    int month, day;
};

/// Days since 1970-01-01 in the proleptic Gregorian calendar. Years are counted from March, so that the leap day is the
/// last one, and in eras of 400 years, which all have 146097 days.
qint64 daysFromCivil(CivilDate date)
{
    const qint64 year = date.month <= 2 ? date.year - 1 : date.year;
    const qint64 era = (year >= 0 ? year : year - 399) / 400;
    const qint64 yearOfEra = year - era * 400;
    const qint64 monthFromMarch = (date.month + 9) % 12;
    const qint64 dayOfYear = (153 * monthFromMarch + 2) / 5 + date.day - 1;
    const qint64 dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
    return era * 146'097 + dayOfEra - 719'468;
}

CivilDate civilFromDays(qint64 days)
{
    days += 719'468;
    const qint64 era = (days >= 0 ? days : days - 146'096) / 146'097;
    const qint64 dayOfEra = days - era * 146'097;
    const qint64 yearOfEra = (dayOfEra - dayOfEra / 1'460 + dayOfEra / 36'524 - dayOfEra / 146'096) / 365;
    const qint64 dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    const qint64 monthFromMarch = (5 * dayOfYear + 2) / 153;
    const int month = static_cast<int>(monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9);
    return {yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month,
            static_cast<int>(dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)};
}

struct SplitTime
{
    CivilDate date;
    qint64 micros; ///< of the day
};

SplitTime split(qint64 microseconds)
{
    qint64 days = microseconds / microsPerDay;
    qint64 rest = microseconds % microsPerDay;
    if (rest < 0) {
        rest += microsPerDay;
        --days;
    }
    return {civilFromDays(days), rest};
}

void writeDigits(char *out, qint64 value, int width)
{
    for (int i = width - 1; i >= 0; --i) {
        out[i] = static_cast<char>('0' + value % 10);
        value /= 10;
    }
}

/// "THH:MM:SS.ffffff"
void writeTimeOfDay(char *out, qint64 micros)
{
    const qint64 seconds = micros / microsPerSecond;
    out[0] = 'T';
    writeDigits(out + 1, seconds / 3600, 2);
    out[3] = ':';
    writeDigits(out + 4, seconds / 60 % 60, 2);
    out[6] = ':';
    writeDigits(out + 7, seconds % 60, 2);
    out[9] = '.';
    writeDigits(out + 10, micros % microsPerSecond, 6);
}

class Reader
{
public:
    explicit Reader(std::string_view text) : m_text(text) {}
    bool atEnd() const { return m_at == m_text.size(); }
    bool take(char c)
    {
        if (atEnd() || m_text[m_at] != c)
            return false;
        ++m_at;
        return true;
    }
    bool isDigit() const { return !atEnd() && m_text[m_at] >= '0' && m_text[m_at] <= '9'; }
    /// Exactly `width` digits.
    bool number(int width, int &out)
    {
        out = 0;
        for (int i = 0; i < width; ++i) {
            if (!isDigit())
                return false;
            out = out * 10 + (m_text[m_at++] - '0');
        }
        return true;
    }
    /// One or more digits as a fraction of a second; those after the sixth are dropped.
    bool fraction(int &micros)
    {
        micros = 0;
        int digits = 0;
        for (; isDigit(); ++m_at, ++digits) {
            if (digits < 6)
                micros = micros * 10 + (m_text[m_at] - '0');
        }
        for (int i = digits; i < 6; ++i)
            micros *= 10;
        return digits > 0;
    }

private:
    std::string_view m_text;
    size_t m_at = 0;
};

bool isValidDate(CivilDate date)
{
    if (date.month < 1 || date.month > 12 || date.day < 1 || date.year < 1)
        return false;
    const CivilDate back = civilFromDays(daysFromCivil(date));
    return back.month == date.month && back.day == date.day;
}

/// The part behind the date, up to the end of the text. Gives microseconds to add to the date's midnight.
std::optional<qint64> readTime(Reader &in)
{
    int hour = 0, minute = 0, second = 0, micros = 0;
    if (!in.number(2, hour) || !in.take(':') || !in.number(2, minute))
        return std::nullopt;
    if (in.take(':')) {
        if (!in.number(2, second) || (in.take('.') && !in.fraction(micros)))
            return std::nullopt;
    }
    if (hour > 23 || minute > 59 || second > 59)
        return std::nullopt;
    qint64 offsetSeconds = 0;
    if (!in.take('Z')) {
        const bool east = in.take('+');
        if (east || in.take('-')) {
            int hours = 0, minutes = 0;
            if (!in.number(2, hours))
                return std::nullopt;
            in.take(':');
            if (!in.atEnd() && !in.number(2, minutes))
                return std::nullopt;
            if (hours > 23 || minutes > 59)
                return std::nullopt;
            offsetSeconds = (hours * 3600 + minutes * 60) * (east ? 1 : -1);
        }
    }
    return (hour * 3600LL + minute * 60 + second - offsetSeconds) * microsPerSecond + micros;
}

} // namespace

bool writeTimestampText(qint64 microseconds, char *out)
{
    const SplitTime parts = split(calendarTime(microseconds));
    if (parts.date.year < 1 || parts.date.year > 9999)
        return false;
    writeDigits(out, parts.date.year, 4);
    out[4] = '-';
    writeDigits(out + 5, parts.date.month, 2);
    out[7] = '-';
    writeDigits(out + 8, parts.date.day, 2);
    writeTimeOfDay(out + 10, parts.micros);
    return true;
}

std::string timestampText(qint64 microseconds)
{
    std::string text(timestampTextSize, '0');
    if (writeTimestampText(microseconds, text.data()))
        return text;
    const SplitTime parts = split(microseconds);
    char date[40];
    std::snprintf(date, sizeof date, "%05lld-%02d-%02d", static_cast<long long>(parts.date.year), parts.date.month,
                  parts.date.day);
    char time[16];
    writeTimeOfDay(time, parts.micros);
    return std::string(date) + std::string(time, sizeof time);
}

std::optional<qint64> parseTimestampText(std::string_view text)
{
    Reader in(text);
    int year = 0, month = 0, day = 0;
    if (!in.number(4, year) || !in.take('-') || !in.number(2, month) || !in.take('-') || !in.number(2, day))
        return std::nullopt;
    const CivilDate date{year, month, day};
    if (!isValidDate(date))
        return std::nullopt;
    const qint64 midnight = daysFromCivil(date) * microsPerDay;
    if (in.atEnd())
        return midnight;
    if (!in.take('T') && !in.take(' '))
        return std::nullopt;
    const std::optional<qint64> time = readTime(in);
    if (!time || !in.atEnd())
        return std::nullopt;
    return midnight + *time;
}

} // namespace a360::db

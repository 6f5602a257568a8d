// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text.h"
#include "db/timestamp_text.h"
#include "transfer/value_rules.h"

#include <algorithm>
#include <chrono>

namespace a360::transfer {

namespace {

/// Reads numbers and signs off the front of a text.
class Scanner
{
public:
    explicit Scanner(std::string_view text) : m_rest(text) {}
    bool atEnd() const { return m_rest.empty(); }
    bool take(char c)
    {
        if (!m_rest.starts_with(c))
            return false;
        m_rest.remove_prefix(1);
        return true;
    }
    bool takeOneOf(std::string_view chars)
    {
        if (m_rest.empty() || chars.find(m_rest.front()) == std::string_view::npos)
            return false;
        m_rest.remove_prefix(1);
        return true;
    }
    size_t digits() const
    {
        size_t n = 0;
        while (n < m_rest.size() && m_rest[n] >= '0' && m_rest[n] <= '9')
            ++n;
        return n;
    }
    /// Exactly `count` digits; -1 when there are fewer.
    int number(size_t count)
    {
        if (digits() < count)
            return -1;
        int value = 0;
        for (size_t i = 0; i < count; ++i)
            value = value * 10 + (m_rest[i] - '0');
        m_rest.remove_prefix(count);
        return value;
    }
    void skip(size_t count) { m_rest.remove_prefix(count); }

private:
    std::string_view m_rest;
};

bool inRange(int value, int lowest, int highest)
{
    return value >= lowest && value <= highest;
}

std::optional<std::chrono::sys_days> takeDate(Scanner &s)
{
    using namespace std::chrono;
    const int y = s.digits() == 4 ? s.number(4) : -1;
    if (!inRange(y, 1, 9999) || !s.take('-'))
        return std::nullopt;
    const int m = s.number(2);
    if (!inRange(m, 1, 12) || !s.take('-'))
        return std::nullopt;
    const int d = s.number(2);
    if (!inRange(d, 1, 31))
        return std::nullopt;
    const year_month_day date{year{y}, month{static_cast<unsigned>(m)}, day{static_cast<unsigned>(d)}};
    return date.ok() ? std::optional(sys_days(date)) : std::nullopt;
}

/// hh:mm, hh:mm:ss or hh:mm:ss.ffffff in microseconds.
std::optional<qint64> takeTime(Scanner &s)
{
    const int hour = s.number(2);
    if (!inRange(hour, 0, 23) || !s.take(':'))
        return std::nullopt;
    const int minute = s.number(2);
    if (!inRange(minute, 0, 59))
        return std::nullopt;
    int second = 0;
    qint64 fraction = 0;
    if (s.take(':')) {
        second = s.number(2);
        if (!inRange(second, 0, 59))
            return std::nullopt;
        if (s.take('.')) {
            const size_t digits = s.digits();
            if (digits == 0)
                return std::nullopt;
            const size_t kept = std::min<size_t>(digits, 6);
            fraction = s.number(kept);
            for (size_t i = kept; i < 6; ++i)
                fraction *= 10;
            s.skip(digits - kept);
        }
    }
    return ((qint64{hour} * 60 + minute) * 60 + second) * 1'000'000 + fraction;
}

/// Z, ±hh, ±hhmm, ±hh:mm, or nothing; in microseconds east of UTC.
std::optional<qint64> takeZone(Scanner &s)
{
    if (s.atEnd() || s.takeOneOf("Zz"))
        return 0;
    const bool east = s.take('+');
    if (!east && !s.take('-'))
        return std::nullopt;
    const int hours = s.number(2);
    if (!inRange(hours, 0, 23))
        return std::nullopt;
    int minutes = 0;
    if (!s.atEnd()) {
        s.take(':');
        minutes = s.number(2);
        if (!inRange(minutes, 0, 59))
            return std::nullopt;
    }
    const qint64 offset = (qint64{hours} * 60 + minutes) * 60 * 1'000'000;
    return east ? offset : -offset;
}

} // namespace

std::optional<qint64> parseTimestamp(std::string_view text)
{
    Scanner s(trimmed(text));
    const auto date = takeDate(s);
    if (!date)
        return std::nullopt;
    qint64 microseconds = date->time_since_epoch().count() * qint64{86'400'000'000};
    if (s.atEnd())
        return microseconds;
    if (!s.takeOneOf("Tt "))
        return std::nullopt;
    const auto time = takeTime(s);
    if (!time)
        return std::nullopt;
    const auto zone = takeZone(s);
    if (!zone || !s.atEnd())
        return std::nullopt;
    microseconds += *time - *zone;
    // In UTC the first and the last day may lie in years that SQLite's stored form does not have; refused on both databases
    // alike, by row, as it would refuse the whole load.
    const bool hasText = microseconds >= db::calendarTime(db::infinitePast) && microseconds <= db::calendarTime(db::infiniteFuture);
    return hasText ? std::optional(microseconds) : std::nullopt;
}

bool isDate(std::string_view text)
{
    Scanner s(trimmed(text));
    const bool plainYear = s.digits() == 4 && s.number(4) >= 1;
    if (plainYear && (s.atEnd() || (s.take('-') && inRange(s.number(2), 1, 12) && s.atEnd())))
        return true;
    return parseTimestamp(text).has_value();
}

} // namespace a360::transfer

// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/json_text.h"

#include "db/timestamp_text.h"

#include <array>
#include <charconv>

namespace a360::transfer {

namespace {

// Bytes that end a run which can be copied as it is: controls, quote, backslash, and the lead bytes of the characters
// that need a closer look (C2: U+0080..9F, E2: U+2028/2029).
constexpr std::array<bool, 256> makeStopTable()
{
    std::array<bool, 256> table{};
    for (size_t i = 0; i < 0x20; ++i)
        table[i] = true;
    table['"'] = table['\\'] = table[0xC2] = table[0xE2] = true;
    return table;
}
constexpr auto kStop = makeStopTable();
constexpr char kHex[] = "0123456789abcdef";

void appendEscape(std::string &out, unsigned codePoint)
{
    out += "\\u";
    for (int shift = 12; shift >= 0; shift -= 4)
        out += kHex[(codePoint >> shift) & 0xF];
}

void appendControl(std::string &out, unsigned char c)
{
    switch (c) {
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    case '\b': out += "\\b"; return;
    case '\f': out += "\\f"; return;
    default: appendEscape(out, c);
    }
}

void appendTwoDigits(std::string &out, unsigned value)
{
    out += static_cast<char>('0' + value / 10);
    out += static_cast<char>('0' + value % 10);
}

} // namespace

void appendJsonString(std::string &out, std::string_view utf8)
{
    out += '"';
    const size_t size = utf8.size();
    size_t from = 0;
    for (size_t i = 0; i < size;) {
        const auto byte = static_cast<unsigned char>(utf8[i]);
        if (!kStop[byte]) {
            ++i;
            continue;
        }
        size_t length = 1;
        const auto at = [&](size_t k) { return k < size ? static_cast<unsigned char>(utf8[k]) : 0u; };
        unsigned escape = 0;
        if (byte == 0xC2 && at(i + 1) >= 0x80 && at(i + 1) <= 0x9F) {
            escape = at(i + 1);
            length = 2;
        } else if (byte == 0xE2 && at(i + 1) == 0x80 && (at(i + 2) == 0xA8 || at(i + 2) == 0xA9)) {
            escape = 0x2000u + (at(i + 2) - 0x80u);
            length = 3;
        } else if (byte == 0xC2 || byte == 0xE2) {
            ++i;
            continue;
        }
        out.append(utf8, from, i - from);
        if (escape)
            appendEscape(out, escape);
        else if (byte == '"' || byte == '\\')
            (out += '\\') += static_cast<char>(byte);
        else
            appendControl(out, byte);
        i += length;
        from = i;
    }
    out.append(utf8, from, size - from);
    out += '"';
}

void appendTimestamp(std::string &out, qint64 microseconds)
{
    constexpr qint64 kDay = 86'400'000'000;
    microseconds = db::calendarTime(microseconds);
    qint64 days = microseconds / kDay;
    qint64 rest = microseconds % kDay;
    if (rest < 0) {
        rest += kDay;
        --days;
    }
    // Days to civil date in the proleptic Gregorian calendar, with years starting in March (Howard Hinnant's
    // public-domain derivation "chrono-Compatible Low-Level Date Algorithms").
    days += 719'468;
    const qint64 era = (days >= 0 ? days : days - 146'096) / 146'097;
    const auto dayOfEra = static_cast<unsigned>(days - era * 146'097);
    const unsigned yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36'524 - dayOfEra / 146'096) / 365;
    const unsigned dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    const unsigned marchMonth = (5 * dayOfYear + 2) / 153;
    const unsigned day = dayOfYear - (153 * marchMonth + 2) / 5 + 1;
    const unsigned month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
    const qint64 year = static_cast<qint64>(yearOfEra) + era * 400 + (month <= 2 ? 1 : 0);

    if (year >= 0 && year <= 9999) {
        appendTwoDigits(out, static_cast<unsigned>(year) / 100);
        appendTwoDigits(out, static_cast<unsigned>(year) % 100);
    } else {
        appendInteger(out, year);
    }
    out += '-';
    appendTwoDigits(out, month);
    out += '-';
    appendTwoDigits(out, day);
    out += 'T';
    const auto seconds = static_cast<unsigned>(rest / 1'000'000);
    appendTwoDigits(out, seconds / 3600);
    out += ':';
    appendTwoDigits(out, seconds / 60 % 60);
    out += ':';
    appendTwoDigits(out, seconds % 60);
    const auto fraction = static_cast<unsigned>(rest % 1'000'000);
    if (fraction) {
        out += '.';
        appendTwoDigits(out, fraction / 10'000);
        appendTwoDigits(out, fraction / 100 % 100);
        appendTwoDigits(out, fraction % 100);
    }
}

void appendInteger(std::string &out, qint64 value)
{
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    out.append(digits, static_cast<size_t>(end - digits));
}

} // namespace a360::transfer

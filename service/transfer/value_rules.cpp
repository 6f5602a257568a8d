// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/value_rules.h"

#include "core/text.h"
#include "transfer/byte_scan.h"

#include <QCryptographicHash>

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>

namespace a360::transfer {

namespace {

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// Digits behind the decimal point that a suffix makes whole; -1: no suffix.
int suffixDigits(char c)
{
    switch (c) {
    case 'K':
    case 'k':
        return 3;
    case 'M':
    case 'm':
        return 6;
    case 'B':
    case 'b':
        return 9;
    default:
        return -1;
    }
}

bool appendDigit(qint64 &value, int digit)
{
    return !__builtin_mul_overflow(value, qint64{10}, &value) && !__builtin_add_overflow(value, qint64{digit}, &value);
}

/// Takes digits, with commas in correct groups of three or with none, off the front of `text`.
std::optional<qint64> takeWhole(std::string_view &text)
{
    qint64 value = 0;
    size_t digits = 0;
    bool grouped = false, fits = true;
    size_t at = 0;
    for (; at < text.size(); ++at) {
        const char c = text[at];
        if (isDigit(c)) {
            ++digits;
            fits = fits && appendDigit(value, c - '0');
        } else if (c == ',') {
            if (grouped ? digits != 3 : digits == 0 || digits > 3)
                return std::nullopt;
            grouped = true;
            digits = 0;
        } else {
            break;
        }
    }
    if (!fits || (grouped ? digits != 3 : digits == 0))
        return std::nullopt;
    text.remove_prefix(at);
    return value;
}

/// FNV-1a: good enough to tell a few hundred list elements apart.
quint64 hashOf(std::string_view text)
{
    quint64 hash = 14695981039346656037u;
    for (const char c : text)
        hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
    return hash;
}

/// The elements of a list seen so far, folded. Reused, so that a row costs no allocation.
class FoldedSet
{
public:
    void clear()
    {
        m_text.clear();
        m_elements.clear();
    }
    /// False when it is there already.
    bool insert(std::string_view element)
    {
        foldCaseInto(m_folded, element);
        const quint64 hash = hashOf(m_folded);
        for (const Element &e : m_elements) {
            if (e.hash == hash && std::string_view(m_text).substr(e.at, e.size) == m_folded)
                return false;
        }
        m_elements.push_back({hash, m_text.size(), m_folded.size()});
        m_text += m_folded;
        return true;
    }

private:
    struct Element
    {
        quint64 hash;
        size_t at, size;
    };
    std::string m_text, m_folded;
    std::vector<Element> m_elements;
};

/// SHA-1 contexts are costly to make, so each thread keeps one.
class Sha1
{
public:
    Sha1() : m_context(::EVP_MD_CTX_new()), m_method(::EVP_MD_fetch(nullptr, "SHA1", nullptr)) {}
    ~Sha1()
    {
        ::EVP_MD_CTX_free(m_context);
        ::EVP_MD_free(m_method);
    }
    Sha1(const Sha1 &) = delete;
    Sha1 &operator=(const Sha1 &) = delete;

    using Digest = std::array<unsigned char, 20>;
    Digest of(std::string_view first, std::string_view second)
    {
        Digest digest{};
        if (m_context && m_method && ::EVP_DigestInit_ex2(m_context, m_method, nullptr) == 1 &&
            ::EVP_DigestUpdate(m_context, first.data(), first.size()) == 1 &&
            ::EVP_DigestUpdate(m_context, second.data(), second.size()) == 1 &&
            ::EVP_DigestFinal_ex(m_context, digest.data(), nullptr) == 1)
            return digest;
        // A libcrypto that is configured without SHA-1.
        QCryptographicHash hash(QCryptographicHash::Sha1);
        hash.addData(QByteArrayView(first.data(), static_cast<qsizetype>(first.size())));
        hash.addData(QByteArrayView(second.data(), static_cast<qsizetype>(second.size())));
        const QByteArray result = hash.result();
        std::memcpy(digest.data(), result.constData(), digest.size());
        return digest;
    }

private:
    EVP_MD_CTX *m_context;
    EVP_MD *m_method;
};

} // namespace

bool needsGuard(std::string_view text)
{
    const size_t at = text.find_first_not_of('\'');
    if (at == std::string_view::npos)
        return false;
    const char c = text[at];
    return c == '=' || c == '+' || c == '-' || c == '@' || c == '\t' || c == '\r' || c == '\n';
}

std::string_view normaliseText(std::string_view cell)
{
    // Nearly all cells begin and end with a visible ASCII character: nothing to trim.
    const auto isVisible = [](char c) { return c > ' ' && c < 0x7F; };
    const bool plain = !cell.empty() && isVisible(cell.front()) && isVisible(cell.back());
    std::string_view text = plain ? cell : trimmed(cell);
    if (text == "_")
        return {};
    if (text.starts_with('\'') && needsGuard(text))
        text.remove_prefix(1);
    return text;
}

std::optional<qint64> parseNumber(std::string_view text)
{
    text = trimmed(text);
    if (text.starts_with('$'))
        text.remove_prefix(1);
    const std::optional<qint64> whole = takeWhole(text);
    if (!whole)
        return std::nullopt;
    std::string_view fraction;
    if (text.starts_with('.')) {
        text.remove_prefix(1);
        size_t digits = 0;
        while (digits < text.size() && isDigit(text[digits]))
            ++digits;
        if (digits == 0)
            return std::nullopt;
        fraction = text.substr(0, digits);
        text.remove_prefix(digits);
    }
    int shift = 0;
    if (!text.empty()) {
        shift = suffixDigits(text.front());
        if (shift < 0 || text.size() != 1)
            return std::nullopt;
    }
    // A suffix moves that many digits in front of the point; the rest is cut off.
    qint64 value = *whole;
    for (int i = 0; i < shift; ++i) {
        const auto at = static_cast<size_t>(i);
        if (!appendDigit(value, at < fraction.size() ? fraction[at] - '0' : 0))
            return std::nullopt;
    }
    return value;
}

EmailFault emailFault(std::string_view text)
{
    const size_t at = text.find('@');
    if (at == std::string_view::npos)
        return EmailFault::NoAt;
    if (text.find('@', at + 1) != std::string_view::npos)
        return EmailFault::SeveralAt;
    if (at == 0)
        return EmailFault::NoLocalPart;
    for (std::string_view rest = text; !rest.empty();) {
        if (const char32_t c = takeCodePoint(rest); isUnicodeSpace(c) || c < 0x20 || c == 0x7F)
            return EmailFault::Space;
    }
    std::string_view domain = text.substr(at + 1);
    if (domain.empty())
        return EmailFault::NoDomain;
    size_t labels = 0;
    for (;;) {
        const size_t dot = domain.find('.');
        if (dot == 0 || domain.empty())
            return EmailFault::EmptyLabel;
        ++labels;
        if (dot == std::string_view::npos)
            return labels >= 2 ? EmailFault::None : EmailFault::NoDot;
        domain.remove_prefix(dot + 1);
    }
}

void appendList(std::string_view cell, std::string &listCell)
{
    thread_local FoldedSet seen;
    seen.clear();
    for (size_t at = 0; at < listCell.size();) {
        qint32 size = 0;
        std::memcpy(&size, listCell.data() + at, sizeof size);
        at += sizeof size;
        if (size < 0)
            continue;
        seen.insert(std::string_view(listCell).substr(at, static_cast<size_t>(size)));
        at += static_cast<size_t>(size);
    }
    while (!cell.empty()) {
        const size_t comma = std::min(cell.find(','), cell.size());
        const std::string_view element = trimmed(cell.substr(0, comma));
        cell.remove_prefix(std::min(comma + 1, cell.size()));
        if (element.empty() || !seen.insert(element))
            continue;
        const auto size = static_cast<qint32>(element.size());
        listCell.append(reinterpret_cast<const char *>(&size), sizeof size);
        listCell.append(element);
    }
}

std::string uuid5Url(std::string_view name)
{
    using namespace std::string_view_literals;
    constexpr auto urlNamespace = "\x6b\xa7\xb8\x11\x9d\xad\x11\xd1\x80\xb4\x00\xc0\x4f\xd4\x30\xc8"sv;
    thread_local Sha1 sha1;
    Sha1::Digest digest = sha1.of(urlNamespace, name);
    digest[6] = static_cast<unsigned char>((digest[6] & 0x0Fu) | 0x50u); // version
    digest[8] = static_cast<unsigned char>((digest[8] & 0x3Fu) | 0x80u); // variant
    std::string text(36, '-');
    size_t at = 0;
    for (size_t i = 0; i < 16; ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            ++at;
        text[at++] = "0123456789abcdef"[digest[i] >> 4];
        text[at++] = "0123456789abcdef"[digest[i] & 0x0Fu];
    }
    return text;
}

} // namespace a360::transfer

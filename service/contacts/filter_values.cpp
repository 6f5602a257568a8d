// SPDX-License-Identifier: GPL-3.0-or-later
#include "contacts/filter_values.h"

#include "core/text.h"
#include "db/timestamp_text.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>
#include <cmath>

namespace a360::contacts {

namespace {

QByteArray copy(std::string_view text)
{
    return {text.data(), static_cast<qsizetype>(text.size())};
}

Error wrongValue(const QString &parameter, const QString &expected, const QString &value)
{
    return makeError(ErrorCode::InvalidArgument,
                     QStringLiteral("%1 must be %2; \"%3\" is not.").arg(parameter, expected, value.left(100)), parameter);
}

/// Takes a quoted part off the front of `rest` (which starts with a quote). False, and nothing taken, when its closing
/// quote is missing or more than space follows it: the quote is then an ordinary character.
bool takeQuoted(std::string_view &rest, QByteArray &part)
{
    QByteArray text;
    for (size_t i = 1; i < rest.size(); ++i) {
        if (rest[i] != '"') {
            text += rest[i];
        } else if (i + 1 < rest.size() && rest[i + 1] == '"') {
            text += '"';
            ++i;
        } else {
            const size_t comma = std::min(rest.find(',', i + 1), rest.size());
            if (!trimmed(rest.substr(i + 1, comma - i - 1)).empty())
                return false;
            part = copy(trimmed(asView(text)));
            rest = rest.substr(std::min(comma + 1, rest.size()));
            return true;
        }
    }
    return false;
}

std::vector<QByteArray> commaList(std::string_view rest)
{
    std::vector<QByteArray> parts;
    while (!rest.empty()) {
        const std::string_view start = trimmed(rest);
        QByteArray part;
        std::string_view behind = start.empty() ? rest : rest.substr(static_cast<size_t>(start.data() - rest.data()));
        if (!start.empty() && start.front() == '"' && takeQuoted(behind, part)) {
            rest = behind;
        } else {
            const size_t comma = std::min(rest.find(','), rest.size());
            part = copy(trimmed(rest.substr(0, comma)));
            rest = rest.substr(std::min(comma + 1, rest.size()));
        }
        if (!part.isEmpty())
            parts.push_back(part);
    }
    return parts;
}

/// False when the text is no JSON array of texts and numbers; it is a comma list then.
bool jsonList(const QByteArray &text, std::vector<QByteArray> &parts)
{
    const QJsonDocument document = QJsonDocument::fromJson(text);
    if (!document.isArray())
        return false;
    const QJsonArray array = document.array();
    for (const QJsonValue &element : array) {
        QByteArray part;
        if (element.isString())
            part = copy(trimmed(asView(element.toString().toUtf8())));
        else if (element.isDouble())
            part = element.toVariant().toString().toUtf8();
        else if (!element.isNull())
            return false;
        if (!part.isEmpty())
            parts.push_back(part);
    }
    return true;
}

/// In a URL a plus sign means a space: `…T10:00:00+02:00` may arrive with one in front of the offset.
QByteArray withOffsetSign(QByteArray text)
{
    const qsizetype space = text.lastIndexOf(' ');
    if (space > 10 && text.indexOf(':') < space)
        text[space] = '+';
    return text;
}

} // namespace

Result<std::vector<QByteArray>> readList(const QString &value, ListSyntax syntax, const QString &parameter)
{
    if (value.contains(QChar::Null))
        return makeError(ErrorCode::InvalidArgument, QStringLiteral("%1 must not hold a NUL character.").arg(parameter),
                         parameter);
    const QByteArray utf8 = value.toUtf8();
    const QByteArray text = copy(trimmed(asView(utf8)));
    if (syntax == ListSyntax::CommasOrJson && text.startsWith('[')) {
        std::vector<QByteArray> parts;
        if (jsonList(text, parts))
            return parts;
    }
    return commaList(asView(text));
}

Result<qint64> readNumber(const QString &value, const QString &parameter)
{
    QString digits = value.trimmed();
    if (digits.startsWith(u'+'))
        digits.remove(0, 1);
    const bool plain = !digits.isEmpty() && std::all_of(digits.begin(), digits.end(),
                                                        [](QChar c) { return c >= u'0' && c <= u'9'; });
    bool fits = false;
    const qint64 number = plain ? digits.toLongLong(&fits) : 0;
    if (!fits)
        return wrongValue(parameter, QStringLiteral("a whole number, zero or more"), value);
    return number;
}

Result<qint64> readTime(const QString &value, const QString &parameter)
{
    const QByteArray text = value.trimmed().toUtf8();
    bool isNumber = false;
    const double seconds = text.toDouble(&isNumber);
    if (isNumber) {
        // Years 1 to 9999, what both databases can hold and show.
        if (!(seconds >= -62135596800.0 && seconds < 253402300800.0))
            return wrongValue(parameter, QStringLiteral("a time between the years 1 and 9999"), value);
        bool whole = false;
        const qint64 wholeSeconds = text.toLongLong(&whole);
        return whole ? wholeSeconds * 1'000'000 : static_cast<qint64>(std::llround(seconds * 1e6));
    }
    if (const auto time = db::parseTimestampText(asView(withOffsetSign(text))))
        return *time;
    return wrongValue(parameter, QStringLiteral("an ISO 8601 time or unix seconds"), value);
}

bool readFlag(const QString &value)
{
    const QString word = value.trimmed().toLower();
    return word == u"true" || word == u"1" || word == u"yes" || word == u"y" || word == u"on";
}

} // namespace a360::contacts

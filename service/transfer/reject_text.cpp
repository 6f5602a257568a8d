// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/reject_text.h"

#include "core/bytes.h"
#include "transfer/reject_reasons.h"
#include "transfer/value_rules.h"

#include <QLocale>

namespace a360::transfer {

namespace {

QString emailFaultText(const QString &email)
{
    // The end of a very long one is not here to be looked at.
    const bool whole = !email.endsWith(QChar(0x2026));
    switch (whole ? emailFault(viewOf(email.toUtf8())) : EmailFault::None) {
    case EmailFault::NoAt: return QStringLiteral("has no @");
    case EmailFault::SeveralAt: return QStringLiteral("has more than one @");
    case EmailFault::NoLocalPart: return QStringLiteral("has nothing before the @");
    case EmailFault::Space: return QStringLiteral("holds a space");
    case EmailFault::NoDomain: return QStringLiteral("has no domain");
    case EmailFault::NoDot: return QStringLiteral("has a domain without a dot");
    case EmailFault::EmptyLabel: return QStringLiteral("has a domain with a dot too many");
    case EmailFault::None: break;
    }
    return QStringLiteral("is no e-mail address");
}

QString quoted(const QString &value)
{
    constexpr qsizetype longest = 40;
    QString line = value;
    line.replace(QLatin1Char('\n'), QLatin1Char(' ')).replace(QLatin1Char('\r'), QLatin1Char(' '));
    if (line.size() > longest)
        line = line.left(line.at(longest - 1).isHighSurrogate() ? longest - 1 : longest) + QChar(0x2026);
    return QLatin1Char('\'') + line + QLatin1Char('\'');
}

struct Wording
{
    const char *code;
    const char *words;    ///< to be counted
    const char *sentence; ///< {quoted} or {value}, {fault} of an e-mail, {limit}
};
constexpr Wording wordings[] = {
    {kWrongColumnCount, "wrong number of cells", "the row has {value}"},
    {kInvalidEncoding, "invalid encoding", "{quoted} holds bytes that are no text in the file's encoding"},
    {kInvalidEmail, "invalid e-mail", "e-mail {quoted} {fault}"},
    {kInvalidNumber, "invalid number", "{quoted} is no number"},
    {kInvalidDate, "invalid date", "{quoted} is no date"},
    {kTextTooLong, "text too long", "the text {quoted} is longer than {limit} bytes"},
    {kUnterminatedQuote, "quote never closed", "a quoted cell is never closed: {quoted}"},
    {kNoValues, "nothing in the mapped columns", "every mapped column is empty"},
    {kNoIdentity, "company without identity", "nothing says which company this is: {value}"},
};

const Wording *wordingOf(const QString &reason)
{
    for (const Wording &wording : wordings) {
        if (reason == QLatin1String(wording.code))
            return &wording;
    }
    return nullptr;
}

} // namespace

QString reasonWords(const QString &reason)
{
    if (const Wording *wording = wordingOf(reason))
        return QLatin1String(wording->words);
    return QString(reason).replace(QLatin1Char('_'), QLatin1Char(' '));
}

QString rejectSentence(const Reject &reject)
{
    const Wording *wording = wordingOf(reject.reason);
    if (!wording)
        return reject.value.isEmpty() ? reasonWords(reject.reason) : reasonWords(reject.reason) + QLatin1Char(' ') + quoted(reject.value);
    // The value last, as it may hold anything.
    return QString(QLatin1String(wording->sentence))
        .replace(QLatin1String("{limit}"), QLocale(QLocale::English).toString(reject.limit))
        .replace(QLatin1String("{fault}"), emailFaultText(reject.value))
        .replace(QLatin1String("{value}"), reject.value)
        .replace(QLatin1String("{quoted}"), quoted(reject.value));
}

QString rejectLine(const Reject &reject)
{
    const QLocale locale(QLocale::English);
    QString place = QStringLiteral("row %1, line %2").arg(locale.toString(reject.row), locale.toString(reject.line));
    if (!reject.column.isEmpty())
        place += QStringLiteral(", column ") + reject.column;
    return place + QStringLiteral(": ") + rejectSentence(reject);
}

} // namespace a360::transfer

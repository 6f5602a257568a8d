// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/env_file.h"

#include <QRegularExpression>

namespace a360 {

namespace {

bool isName(QStringView text)
{
    static const QRegularExpression name(QStringLiteral("^[A-Za-z_][A-Za-z0-9_.]*$"));
    return name.match(text.toString()).hasMatch();
}

QChar unescaped(QChar c)
{
    switch (c.unicode()) {
    case 'n': return QLatin1Char('\n');
    case 'r': return QLatin1Char('\r');
    case 't': return QLatin1Char('\t');
    default: return c;
    }
}

/// Text of a quoted value whose quote is its first character; nullopt when the quote never closes or is followed by
/// anything but a comment.
std::optional<QString> quotedValue(QStringView text)
{
    const QChar quote = text.front();
    QString value;
    for (qsizetype i = 1; i < text.size(); ++i) {
        const QChar c = text[i];
        if (c == quote) {
            const QStringView rest = text.mid(i + 1).trimmed();
            return rest.isEmpty() || rest.startsWith(QLatin1Char('#')) ? std::optional(value) : std::nullopt;
        }
        if (c == QLatin1Char('\\') && quote == QLatin1Char('"') && i + 1 < text.size())
            value += unescaped(text[++i]);
        else
            value += c;
    }
    return std::nullopt;
}

/// A comment starts at a `#` that begins the value or follows white space, so that `pass#word` stays whole.
QString plainValue(QStringView text)
{
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (text[i] == QLatin1Char('#') && (i == 0 || text[i - 1].isSpace()))
            return text.left(i).trimmed().toString();
    }
    return text.trimmed().toString();
}

} // namespace

Result<QMap<QString, EnvFileValue>> parseEnvFile(const QString &text, const QString &path)
{
    static const QRegularExpression newline(QStringLiteral("\r\n|\n|\r"));
    static const QRegularExpression exportWord(QStringLiteral("^export\\s+"));
    QMap<QString, EnvFileValue> values;
    int number = 0;
    for (QString line : text.split(newline)) {
        ++number;
        if (number == 1 && line.startsWith(QChar(0xFEFF)))
            line.remove(0, 1);
        line = line.trimmed();
        if (line.isEmpty() || line.startsWith(QLatin1Char('#')))
            continue;
        line.remove(exportWord);
        const qsizetype equals = line.indexOf(QLatin1Char('='));
        const QString name = line.left(qMax<qsizetype>(equals, 0)).trimmed();
        if (equals < 0 || !isName(name)) {
            return makeError(ErrorCode::InvalidArgument,
                             QStringLiteral("%1 line %2: expected NAME=value.").arg(path).arg(number));
        }
        const QString rest = line.mid(equals + 1).trimmed();
        QString value;
        if (rest.startsWith(QLatin1Char('"')) || rest.startsWith(QLatin1Char('\''))) {
            const std::optional<QString> quoted = quotedValue(rest);
            if (!quoted) {
                return makeError(ErrorCode::InvalidArgument,
                                 QStringLiteral("%1 line %2: the quoted value of %3 does not end properly.")
                                     .arg(path).arg(number).arg(name), name);
            }
            value = *quoted;
        } else {
            value = plainValue(rest);
        }
        values.insert(name.toUpper(), {value, number});
    }
    return values;
}

} // namespace a360

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/setting_value.h"

#include "core/settings.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QLocale>
#include <QRegularExpression>

#include <cmath>
#include <span>

namespace a360 {

namespace {

QString latin1(std::string_view text)
{
    return QString::fromLatin1(text.data(), static_cast<qsizetype>(text.size()));
}

struct Suffix
{
    const char *text;
    double factor;
};

std::span<const Suffix> suffixes(SettingUnit unit)
{
    static constexpr Suffix bytes[] = {{"kib", 1024.0}, {"mib", 1024.0 * 1024}, {"gib", 1024.0 * 1024 * 1024}};
    static constexpr Suffix seconds[] = {{"s", 1}, {"m", 60}, {"h", 3600}, {"d", 86400}};
    switch (unit) {
    case SettingUnit::Bytes: return bytes;
    case SettingUnit::Seconds: return seconds;
    default: return {};
    }
}

/// Takes a unit suffix off the text and returns its factor.
double takeSuffix(QString &text, SettingUnit unit)
{
    for (const Suffix &suffix : suffixes(unit)) {
        const QLatin1String word(suffix.text);
        if (text.size() > word.size() && text.endsWith(word, Qt::CaseInsensitive)
            && text[text.size() - word.size() - 1].isDigit()) {
            text.chop(word.size());
            return suffix.factor;
        }
        if (text.size() > word.size() + 1 && text.endsWith(QLatin1Char(' ') + word, Qt::CaseInsensitive)) {
            text.chop(word.size() + 1);
            return suffix.factor;
        }
    }
    return 1.0;
}

std::optional<qint64> parseInteger(QString text, SettingUnit unit)
{
    const double factor = takeSuffix(text, unit);
    bool ok = false;
    const qint64 number = text.toLongLong(&ok);
    qint64 result = 0;
    if (!ok || __builtin_mul_overflow(number, static_cast<qint64>(factor), &result))
        return std::nullopt;
    return result;
}

std::optional<double> parseDecimal(QString text, SettingUnit unit)
{
    const double factor = takeSuffix(text, unit);
    bool ok = false;
    const double number = QLocale::c().toDouble(text, &ok) * factor;
    return ok && std::isfinite(number) ? std::optional(number) : std::nullopt;
}

std::optional<bool> parseBoolean(const QString &text)
{
    const QString word = text.toLower();
    for (const char *yes : {"true", "1", "yes", "on", "t", "y"}) {
        if (word == QLatin1String(yes))
            return true;
    }
    for (const char *no : {"false", "0", "no", "off", "f", "n"}) {
        if (word == QLatin1String(no))
            return false;
    }
    return std::nullopt;
}

std::optional<QStringList> parseList(const QString &text)
{
    QStringList items;
    if (text.startsWith(QLatin1Char('['))) {
        const QJsonDocument document = QJsonDocument::fromJson(text.toUtf8());
        if (!document.isArray())
            return std::nullopt;
        for (const QJsonValue item : document.array()) {
            if (!item.isString())
                return std::nullopt;
            items << item.toString().trimmed();
        }
    } else {
        for (const QString &item : text.split(QLatin1Char(',')))
            items << item.trimmed();
    }
    items.removeAll(QString());
    return items;
}

std::optional<QString> parseChoice(const QString &text, std::string_view choices)
{
    for (const QString &choice : latin1(choices).split(QLatin1Char('|'))) {
        if (choice.compare(text, Qt::CaseInsensitive) == 0)
            return choice;
    }
    return std::nullopt;
}

template <typename Number>
std::optional<SettingValue> bounded(const SettingSpec &spec, std::optional<Number> number)
{
    if (!number || static_cast<double>(*number) < spec.minimum || static_cast<double>(*number) > spec.maximum)
        return std::nullopt;
    return SettingValue(*number);
}

template <typename Value>
std::optional<SettingValue> wrapped(std::optional<Value> value)
{
    return value ? std::optional(SettingValue(std::move(*value))) : std::nullopt;
}

QString number(double value)
{
    return QLocale::c().toString(value, 'g', 15);
}

} // namespace

std::optional<SettingValue> parseSettingValue(const SettingSpec &spec, const QString &raw)
{
    const QString text = raw.trimmed();
    const bool isText = spec.type == SettingType::Text;
    if (spec.optional && (text.isEmpty() || (!isText && text.compare(QLatin1String("none"), Qt::CaseInsensitive) == 0)))
        return SettingValue();
    switch (spec.type) {
    case SettingType::Integer: return bounded(spec, parseInteger(text, spec.unit));
    case SettingType::Decimal: return bounded(spec, parseDecimal(text, spec.unit));
    case SettingType::Boolean: return wrapped(parseBoolean(text));
    case SettingType::Choice: return wrapped(parseChoice(text, spec.choices));
    case SettingType::List: return wrapped(parseList(text));
    case SettingType::Text: break;
    }
    if (static_cast<double>(text.toUtf8().size()) < spec.minimum)
        return std::nullopt;
    return SettingValue(text);
}

QString unitName(SettingUnit unit)
{
    switch (unit) {
    case SettingUnit::None: return {};
    case SettingUnit::Bytes: return QStringLiteral("bytes");
    case SettingUnit::Seconds: return QStringLiteral("seconds");
    case SettingUnit::Minutes: return QStringLiteral("minutes");
    case SettingUnit::Days: return QStringLiteral("days");
    case SettingUnit::Rows: return QStringLiteral("rows");
    case SettingUnit::Entries: return QStringLiteral("entries");
    case SettingUnit::Connections: return QStringLiteral("connections");
    case SettingUnit::Workers: return QStringLiteral("workers");
    case SettingUnit::Tasks: return QStringLiteral("tasks");
    case SettingUnit::Files: return QStringLiteral("files");
    }
    return {};
}

QString allowedValues(const SettingSpec &spec)
{
    switch (spec.type) {
    case SettingType::Boolean: return QStringLiteral("true or false");
    case SettingType::Choice: {
        QStringList choices = latin1(spec.choices).split(QLatin1Char('|'));
        const QString last = choices.takeLast();
        return choices.isEmpty() ? last : choices.join(QLatin1String(", ")) + QLatin1String(" or ") + last;
    }
    case SettingType::List: return QStringLiteral("a list: one, two or [\"one\", \"two\"]");
    case SettingType::Text:
        return spec.minimum > 0 ? QStringLiteral("text of at least %1 bytes").arg(number(spec.minimum))
                                : QStringLiteral("text");
    case SettingType::Integer:
    case SettingType::Decimal: break;
    }
    QString range = spec.type == SettingType::Integer ? QStringLiteral("a whole number") : QStringLiteral("a number");
    const bool upTo = std::isfinite(spec.maximum) || !spec.ceiling.empty();
    const QString top = spec.ceiling.empty() ? number(spec.maximum) : latin1(spec.ceiling);
    range += upTo ? QStringLiteral(" from %1 to %2").arg(number(spec.minimum), top)
                  : QStringLiteral(", at least %1").arg(number(spec.minimum));
    if (spec.unit != SettingUnit::None)
        range += QStringLiteral(" (%1)").arg(unitName(spec.unit));
    return spec.optional ? range + QStringLiteral(", or none") : range;
}

QString maskUrlPassword(const QString &text)
{
    // Greedy up to the last @ before the options: a password that was not percent-encoded may hold an @ or / itself. A
    // number before a / is a port.
    static const QRegularExpression password(QStringLiteral("(://[^:/?#@]*):(?!\\d+/)[^?#\\s]*@"));
    // One with a ? or # in it makes the address unreadable for everybody, but people still look at it; likewise when a slash
    // is missing in front. Hiding too much does no harm there.
    static const QRegularExpression odd(QStringLiteral("(:/{0,2}[^:/?#@]*):(?!\\d+/)\\S*@"));
    static const QRegularExpression parameter(QStringLiteral("([?&](?:ssl)?password=)[^&#]*"),
                                              QRegularExpression::CaseInsensitiveOption);
    // libpq's other form, "host=h password=p", which is no address here.
    static const QRegularExpression keyword(QStringLiteral("((?:^|\\s)(?:ssl)?password\\s*=\\s*)('[^']*'|\\S+)"),
                                            QRegularExpression::CaseInsensitiveOption);
    QString masked = text;
    if (text.contains(password))
        masked.replace(password, QStringLiteral("\\1:***@"));
    else
        masked.replace(odd, QStringLiteral("\\1:***@"));
    return masked.replace(parameter, QStringLiteral("\\1***")).replace(keyword, QStringLiteral("\\1***"));
}

QString maskedValue(const SettingSpec &spec, const QString &value)
{
    if (value.isEmpty() || spec.secret == SettingSecret::No)
        return value;
    return spec.secret == SettingSecret::Value ? QStringLiteral("***") : maskUrlPassword(value);
}

} // namespace a360

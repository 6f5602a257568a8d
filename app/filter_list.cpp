// SPDX-License-Identifier: GPL-3.0-or-later
#include "filter_list.h"

#include "contacts/query.h"

namespace a360::app {

namespace {

const char *meaning(contacts::FilterOp op)
{
    using Op = contacts::FilterOp;
    switch (op) {
    case Op::Contains: return "contains any of the values";
    case Op::ElementContains: return "an element contains any of the values";
    case Op::AllElementsContain: return "each value is in some element";
    case Op::NumberEquals: return "is the number";
    case Op::AtLeast: return "is at least the number";
    case Op::AtMost: return "is at most the number";
    case Op::TimeAtLeast: return "is at or after the time";
    case Op::TimeAtMost: return "is at or before the time";
    case Op::ExcludeContains: return "contains none of the values";
    case Op::ExcludeElements: return "no element contains any of the values";
    case Op::ExcludeEquals:
    case Op::ExcludeIds: return "is none of the values";
    case Op::IncludeIds: return "is one of the values";
    case Op::IncludeDomains: return "domain is one of the values";
    case Op::ExcludeDomains: return "domain is none of the values";
    case Op::WordsEqualSorted: return "has the same words in any order";
    case Op::AllWordsContained: return "holds every word";
    case Op::Search: return "every word is in some search column";
    }
    return "";
}

QString text(std::string_view view)
{
    return QString::fromUtf8(view.data(), static_cast<qsizetype>(view.size()));
}

QString nameAndMeaning(std::string_view name, const QString &meaning)
{
    constexpr int width = 36;
    return text(name).leftJustified(width) + QLatin1Char(' ') + meaning + QLatin1Char('\n');
}

} // namespace

Error withColumnHint(Error error, contacts::Entity entity)
{
    if (!error.message.endsWith(QLatin1Char('.')))
        error.message += QLatin1Char('.');
    error.message += QStringLiteral(" `a360 export --column-names %1` lists the names.").arg(text(contacts::entityName(entity)));
    return error;
}

int printColumns(Console &console, contacts::Entity entity)
{
    QString out;
    for (const contacts::Field &field : contacts::fields(entity))
        out += nameAndMeaning(field.name, text(field.label));
    const Result<void> printed = Console::data(out.toUtf8());
    return printed ? ExitDone : console.fail(printed.error(), ErrorOrigin::Files);
}

int printFilters(Console &console, contacts::Entity entity)
{
    QString out;
    for (const contacts::FilterSpec &spec : contacts::filterSpecs(entity))
        out += nameAndMeaning(spec.name, text(spec.label) + QLatin1Char(' ') + QLatin1String(meaning(spec.op)));
    for (const contacts::QueryModifier &modifier : contacts::queryModifiers(entity))
        out += nameAndMeaning(modifier.name, text(modifier.meaning));
    out += nameAndMeaning("ordering", QStringLiteral("what --order takes, where a command has it"));
    const Result<void> printed = Console::data(out.toUtf8());
    return printed ? ExitDone : console.fail(printed.error(), ErrorOrigin::Files);
}

} // namespace a360::app

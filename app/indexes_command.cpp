// SPDX-License-Identifier: GPL-3.0-or-later
#include "commands.h"

#include "opener.h"
#include "progress_line.h"

#include "db/index_advice.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace a360::app {

namespace {

using Advice = std::vector<db::IndexAdvice>;

QString stateName(db::IndexState state)
{
    switch (state) {
    case db::IndexState::Present: return QStringLiteral("present");
    case db::IndexState::Equivalent: return QStringLiteral("equivalent");
    case db::IndexState::Missing: return QStringLiteral("missing");
    case db::IndexState::Impossible: break;
    }
    return QStringLiteral("impossible");
}

QByteArray asText(const Advice &advice)
{
    QString out;
    for (const db::IndexAdvice &index : advice) {
        const QString served = index.servedBy.isEmpty() ? QString() : QStringLiteral("by ") + QString::fromUtf8(index.servedBy);
        out += QStringLiteral("%1\t%2\t%3\t%4\n")
                   .arg(stateName(index.state), QString::fromUtf8(index.table), QString::fromUtf8(index.name),
                        served.isEmpty() ? index.note : served);
    }
    return out.toUtf8();
}

QByteArray asJson(const Advice &advice)
{
    QJsonArray all;
    for (const db::IndexAdvice &index : advice) {
        QJsonObject one{{QStringLiteral("name"), QString::fromUtf8(index.name)},
                        {QStringLiteral("table"), QString::fromUtf8(index.table)},
                        {QStringLiteral("state"), stateName(index.state)},
                        {QStringLiteral("definition"), QString::fromUtf8(index.definition)}};
        if (!index.servedBy.isEmpty())
            one.insert(QStringLiteral("served_by"), QString::fromUtf8(index.servedBy));
        if (!index.note.isEmpty())
            one.insert(QStringLiteral("note"), index.note);
        all.append(one);
    }
    return QJsonDocument(all).toJson();
}

QString sums(const Advice &advice)
{
    const auto count = [&advice](db::IndexState state) {
        return std::count_if(advice.begin(), advice.end(),
                             [state](const db::IndexAdvice &index) { return index.state == state; });
    };
    const auto there = count(db::IndexState::Present) + count(db::IndexState::Equivalent);
    QString text = QStringLiteral("%1 of %2 recommended indexes are there").arg(there).arg(advice.size());
    if (const auto missing = count(db::IndexState::Missing); missing > 0)
        text += QStringLiteral("; `a360 indexes --create` makes the %1 missing ones").arg(missing);
    return text + QLatin1Char('.');
}

/// Makes what is missing and tells about it. True when every one could be made.
Result<bool> create(Console &console, Service &service, const CancelToken &cancel)
{
    ProgressCounter progress;
    const Result<db::IndexCreation> done = [&] {
        const ProgressLine line(console, progress);
        return service.createMissingIndexes(progress, cancel);
    }();
    if (!done)
        return done.error();
    for (const QString &note : done->notes)
        console.warning(note);
    for (const QString &failed : done->failed)
        console.warning(QStringLiteral("Not made: ") + failed);
    console.note(QStringLiteral("%1 indexes made.").arg(done->made.size()));
    return done->failed.isEmpty();
}

Result<Advice> look(Service &service, const CancelToken &cancel)
{
    A360_TRY_ASSIGN(db::Lease lease, service.pool().lease(db::Lane::Interactive, cancel, "index advice"));
    return db::adviseIndexes(lease);
}

} // namespace

int runIndexesCommand(const QStringList &arguments)
{
    CommandLine line({QStringLiteral("indexes"), {},
                      QStringLiteral("Tells which of the recommended indexes a database has: present, equivalent (another index "
                                     "does its work), missing, or impossible (a column is lacking). With --create the missing "
                                     "ones are made while others go on reading and writing; nothing else is changed."),
                      {QStringLiteral("a360 indexes --database postgresql://desk@db.example/desk"),
                       QStringLiteral("a360 indexes --create")}});
    line.addFlag(QStringLiteral("create"), QStringLiteral("Make the missing indexes; Ctrl+C keeps those made so far."));
    line.addFlag(QStringLiteral("json"), QStringLiteral("Print the list as JSON."));
    if (!line.parse(arguments, 0, 0))
        return line.exitCode();
    Opener opener(line);
    if (!opener.begin() || !opener.open(line.isSet("create") ? Access::Write : Access::ReadOnly))
        return opener.exitCode();
    Console &console = opener.console();
    bool complete = true;
    if (line.isSet("create")) {
        const Result<bool> created = create(console, opener.service(), opener.cancel());
        if (!created)
            return console.fail(created.error(), ErrorOrigin::Database);
        complete = *created;
    }
    const Result<Advice> advice = look(opener.service(), opener.cancel());
    if (!advice)
        return console.fail(advice.error(), ErrorOrigin::Database);
    const Result<void> printed = Console::data(line.isSet("json") ? asJson(*advice) : asText(*advice));
    if (!printed)
        return console.fail(printed.error(), ErrorOrigin::Files);
    console.note(sums(*advice));
    return complete ? ExitDone : ExitDatabase;
}

} // namespace a360::app

// SPDX-License-Identifier: GPL-3.0-or-later
#include "commands.h"

#include "files.h"
#include "import_summary.h"
#include "opener.h"
#include "progress_line.h"
#include "query_options.h"

#include "transfer/importer.h"

#include <unistd.h>

namespace a360::app {

namespace {

CommandLine importCommandLine()
{
    CommandLine line({QStringLiteral("import"), QStringLiteral("FILE"),
                      QStringLiteral("Reads contacts (with their companies) or companies from a CSV file, plain, gzip or zstd; "
                                     "- is standard input. Rows that are already there are updated; importing the same "
                                     "file again changes nothing. Bad rows are left out and reported, good rows always get in."),
                      {QStringLiteral("a360 import leads.csv"),
                       QStringLiteral("a360 import leads.csv.gz --rejects bad.csv --report report.json"),
                       QStringLiteral("a360 import leads.csv --dry-run"),
                       QStringLiteral("a360 import leads.csv --map \"Work e-mail=email\" --policy fill-empty"),
                       QStringLiteral("curl -s https://example.org/leads.csv | a360 import -")}});
    const auto option = [&line](const char *name, const char *valueName, const char *description) {
        line.addOption({QLatin1String(name)}, QLatin1String(valueName), QLatin1String(description));
    };
    option("entity", "KIND", "What the rows are: contacts (default) or companies.");
    option("map", "COLUMN=FIELD", "Import a column of the file as this field (`a360 export --column-names contacts` lists "
                                  "them); may be repeated. An empty FIELD leaves the column out.");
    option("policy", "POLICY",
           "For rows already there: overwrite (default; empty cells never erase), fill-empty or skip.");
    option("match", "KEY", "What tells that a row is already there: email, linkedin or uuid; default is the file's uuid "
                           "column, or else a key made of first name, last name, e-mail and company.");
    option("encoding", "NAME", "Encoding of the file instead of finding it out: utf-8, utf-16le, windows-1252 ...");
    option("delimiter", "CHAR", "Delimiter of the file instead of finding it out: , ; | or tab.");
    option("rejects", "FILE", "Write the rejected rows to this CSV file, with place and reason; mend and import it again.");
    option("report", "FILE", "Write the result to this JSON file.");
    option("max-rejects", "N", "Give up, with nothing changed and exit code 3, when more than N rows are rejected.");
    line.addFlag(QStringLiteral("lenient"), QStringLiteral("Keep rows with a bad value, without the value; it is listed as a warning."));
    line.addFlag(QStringLiteral("dry-run"), QStringLiteral("Only tell what would happen; change nothing."));
    line.addFlag(QStringLiteral("rebuild-indexes"),
                 QStringLiteral("Drop the search indexes for the load and rebuild them; faster for very big files."));
    return line;
}

Result<transfer::ConflictPolicy> parsePolicy(const QString &name)
{
    if (name.isEmpty() || name == QLatin1String("overwrite"))
        return transfer::ConflictPolicy::Overwrite;
    if (name == QLatin1String("fill-empty"))
        return transfer::ConflictPolicy::FillEmpty;
    if (name == QLatin1String("skip"))
        return transfer::ConflictPolicy::Skip;
    return makeError(ErrorCode::InvalidArgument,
                     QStringLiteral("--policy is '%1'; allowed: overwrite, fill-empty or skip.").arg(name),
                     QStringLiteral("--policy"));
}

Result<transfer::MatchBy> parseMatch(const QString &name)
{
    if (name.isEmpty() || name == QLatin1String("default"))
        return transfer::MatchBy::Default;
    if (name == QLatin1String("email"))
        return transfer::MatchBy::Email;
    if (name == QLatin1String("linkedin"))
        return transfer::MatchBy::LinkedIn;
    if (name == QLatin1String("uuid"))
        return transfer::MatchBy::Uuid;
    return makeError(ErrorCode::InvalidArgument,
                     QStringLiteral("--match is '%1'; allowed: email, linkedin or uuid.").arg(name), QStringLiteral("--match"));
}

Result<transfer::CsvOverrides> parseOverrides(const CommandLine &line)
{
    transfer::CsvOverrides overrides;
    if (line.isSet("encoding")) {
        overrides.encoding = transfer::encodingByName(line.value("encoding"));
        if (!overrides.encoding) {
            return makeError(ErrorCode::InvalidArgument,
                             QStringLiteral("--encoding is '%1'; allowed: utf-8, utf-16le, utf-16be, windows-1252 or latin1.")
                                 .arg(line.value("encoding")), QStringLiteral("--encoding"));
        }
    }
    if (line.isSet("delimiter")) {
        QString text = line.value("delimiter");
        if (text == QLatin1String("tab") || text == QLatin1String("\\t"))
            text = QStringLiteral("\t");
        if (text.size() != 1 || !QStringLiteral(",;|\t").contains(text)) {
            return makeError(ErrorCode::InvalidArgument,
                             QStringLiteral("--delimiter is '%1'; allowed: , ; | or tab.").arg(text),
                             QStringLiteral("--delimiter"));
        }
        overrides.delimiter = text.front().toLatin1();
    }
    return overrides;
}

/// Everything that can be wrong with the command line is found before the database is touched.
Result<transfer::ImportRequest> parseRequest(const CommandLine &line)
{
    transfer::ImportRequest request;
    if (line.isSet("entity")) {
        A360_TRY_ASSIGN(request.entity, parseEntity(line.value("entity")));
    }
    A360_TRY_ASSIGN(request.overrides, parseOverrides(line));
    A360_TRY_ASSIGN(request.policy, parsePolicy(line.value("policy")));
    A360_TRY_ASSIGN(request.match, parseMatch(line.value("match")));
    A360_TRY_ASSIGN(request.maxRejects, line.number("max-rejects", 0, -1));
    for (const QString &pair : line.values("map")) {
        const qsizetype equals = pair.lastIndexOf(QLatin1Char('='));
        if (equals < 1) {
            return makeError(ErrorCode::InvalidArgument, QStringLiteral("--map takes COLUMN=FIELD, not '%1'.").arg(pair),
                             QStringLiteral("--map"));
        }
        request.mapping.insert(pair.left(equals), pair.mid(equals + 1));
    }
    request.dryRun = line.isSet("dry-run");
    request.lenient = line.isSet("lenient");
    request.rebuildIndexes = line.isSet("rebuild-indexes");
    request.rejectsPath = line.value("rejects");
    return request;
}

Result<void> checkFiles(const CommandLine &line, const Settings &settings)
{
    std::vector<NamedFile> outputs, kept = databaseFiles(settings);
    for (const char *option : {"rejects", "report"}) {
        if (line.isSet(option))
            outputs.push_back({QLatin1String("--") + QLatin1String(option), line.value(option)});
    }
    const QString input = line.positional().constFirst();
    if (input != QLatin1String("-"))
        kept.push_back({QStringLiteral("the file that is imported"), input});
    return checkOutputs(outputs, std::move(kept));
}

/// The importer's UnusableInput and Io are about the files, whatever else it reports comes from the database.
ErrorOrigin originOf(const Error &error)
{
    return error.code == ErrorCode::UnusableInput || error.code == ErrorCode::InvalidArgument || error.code == ErrorCode::Io
        ? ErrorOrigin::Files
        : ErrorOrigin::Database;
}

/// The importer reads from an open file, which has no name for it.
Error withFileName(Error error, const transfer::InputFile &file)
{
    if (error.code == ErrorCode::UnusableInput && !error.message.contains(file.displayName()))
        error.message.prepend(file.displayName() + QStringLiteral(": "));
    return error;
}

int finish(Console &console, const CommandLine &line, const transfer::ImportReport &report)
{
    for (const QString &note : report.notes)
        console.note(note);
    console.note(importSummary(report, line.value("rejects")));
    if (line.isSet("report")) {
        if (const Result<void> written = writeJsonFile(line.value("report"), report.toJson()); !written) {
            Error error = written.error();
            error.message += report.dryRun ? QStringLiteral(" Only the report is missing; as this was a dry run, nothing was written.")
                                           : QStringLiteral(" Only the report is missing: %1 rows were inserted and %2 updated.")
                                                 .arg(report.inserted)
                                                 .arg(report.updated);
            return console.fail(error, ErrorOrigin::Files);
        }
    }
    if (!report.cancelled)
        return ExitDone;
    return console.fail(makeError(ErrorCode::Cancelled,
                                  report.skippedByCancel > 0
                                      ? QStringLiteral("Cancelled while merging; the rows counted above are in. Run the same "
                                                       "import again to add the rest.")
                                      : QStringLiteral("Cancelled while rebuilding indexes; all rows are in.")),
                        ErrorOrigin::Database);
}

} // namespace

int runImportCommand(const QStringList &arguments)
{
    CommandLine line = importCommandLine();
    if (!line.parse(arguments, 1, 1))
        return line.exitCode();
    Opener opener(line);
    Console &console = opener.console();
    Result<transfer::ImportRequest> request = parseRequest(line);
    if (!request)
        return console.fail(request.error(), ErrorOrigin::Usage);
    if (!opener.begin())
        return opener.exitCode();
    if (const Result<void> outputs = checkFiles(line, opener.settings()); !outputs)
        return console.fail(outputs.error(), ErrorOrigin::Files);
    auto file = transfer::InputFile::open(line.positional().constFirst(), opener.cancel());
    if (!file)
        return console.fail(file.error(), ErrorOrigin::Files);
    request->file = *file;
    if (!opener.open(Access::Migrate))
        return opener.exitCode();
    request->pace = opener.service().pace();
    ProgressCounter progress;
    Result<transfer::ImportReport> report = [&] {
        const ProgressLine progressLine(console, progress);
        return opener.service().import(*request, progress, opener.cancel());
    }();
    if (!report)
        return console.fail(withFileName(report.error(), **file), originOf(report.error()));
    return finish(console, line, *report);
}

} // namespace a360::app

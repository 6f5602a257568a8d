// SPDX-License-Identifier: GPL-3.0-or-later
#include "commands.h"

#include "files.h"
#include "filter_list.h"
#include "opener.h"
#include "progress_line.h"
#include "query_options.h"

#include "transfer/exporter.h"

namespace a360::app {

namespace {

CommandLine exportCommandLine()
{
    CommandLine line({QStringLiteral("export"), QStringLiteral("contacts|companies"),
                      QStringLiteral("Writes contacts or companies as they are at one moment, to a file or to standard output. "
                                     "A file appears under its name only when it is complete. Needs no more than the right "
                                     "to read and never changes the database."),
                      {QStringLiteral("a360 export contacts -o contacts.csv"),
                       QStringLiteral("a360 export contacts --filter title=cto,ceo --filter employees_min=50 --order=-created_at"),
                       QStringLiteral("a360 export contacts --columns email,first_name,company --safe spreadsheet -o mail.csv"),
                       QStringLiteral("a360 export companies --format jsonl --compress gzip -o companies.jsonl.gz"),
                       QStringLiteral("a360 export contacts --preset full -o backup.csv --receipt backup.json --fsync")}});
    const auto option = [&line](const QStringList &names, const char *valueName, const char *description) {
        line.addOption(names, QLatin1String(valueName), QLatin1String(description));
    };
    option({QStringLiteral("o"), QStringLiteral("output")}, "FILE", "Where to write; - (default) is standard output.");
    option({QStringLiteral("format")}, "FORMAT", "csv, jsonl or json; default: as FILE is named, or else csv.");
    option({QStringLiteral("preset")}, "NAME", "Columns: list (default; what the window shows), full (everything, for moving "
                                               "data) or stream (a short set).");
    option({QStringLiteral("columns")}, "NAMES", "These columns instead, a comma list; --column-names lists them.");
    line.addFlag(QStringLiteral("column-names"), QStringLiteral("List the column names and end."));
    addQueryOptions(line, contacts::DefaultOrder::ById);
    option({QStringLiteral("max-results")}, "N", "At most N rows.");
    option({QStringLiteral("compress")}, "METHOD", "none, gzip or zstd; default: as FILE is named, or else none.");
    option({QStringLiteral("safe")}, "PROGRAM", "spreadsheet: guard cells that a spreadsheet would take for formulas; our "
                                                "import takes the guard off again.");
    option({QStringLiteral("receipt")}, "FILE", "Write rows, bytes, SHA-256, query and snapshot to this JSON file.");
    line.addFlag(QStringLiteral("fsync"), QStringLiteral("End only when the file is on the disk."));
    line.addFlag(QStringLiteral("strict-snapshot"),
                 QStringLiteral("After a lost connection start over instead of going on from a newer state of the data."));
    return line;
}

/// Suffixes of files that people expect a table in and that are not written here.
const QStringList otherFormats{QStringLiteral("xlsx"), QStringLiteral("xls"), QStringLiteral("ods"), QStringLiteral("parquet"),
                               QStringLiteral("xml"), QStringLiteral("tsv"), QStringLiteral("zip"), QStringLiteral("bz2"),
                               QStringLiteral("xz"), QStringLiteral("db"), QStringLiteral("sqlite"), QStringLiteral("sql")};

/// "contacts.csv.gz" -> {"csv", "gz"}
std::pair<QString, QString> suffixes(const QString &path)
{
    QStringList parts = path.section(QLatin1Char('/'), -1).toLower().split(QLatin1Char('.'));
    QString packed;
    if (parts.size() > 1 && (parts.constLast() == QLatin1String("gz") || parts.constLast() == QLatin1String("zst")))
        packed = parts.takeLast();
    return {parts.size() > 1 ? parts.constLast() : QString(), packed};
}

Result<transfer::Format> parseFormat(const CommandLine &line)
{
    if (!line.isSet("format")) {
        return transfer::formatByName(suffixes(line.value("output")).first).value_or(transfer::Format::Csv);
    }
    if (const auto format = transfer::formatByName(line.value("format")))
        return *format;
    return makeError(ErrorCode::InvalidArgument,
                     QStringLiteral("--format is '%1'; allowed: csv, jsonl or json.").arg(line.value("format")),
                     QStringLiteral("--format"));
}

Result<transfer::Compression> parseCompression(const CommandLine &line)
{
    if (!line.isSet("compress")) {
        const QString packed = suffixes(line.value("output")).second;
        return packed == QLatin1String("gz")    ? transfer::Compression::Gzip
               : packed == QLatin1String("zst") ? transfer::Compression::Zstd
                                                : transfer::Compression::None;
    }
    if (const auto compression = transfer::compressionByName(line.value("compress")))
        return *compression;
    return makeError(ErrorCode::InvalidArgument,
                     QStringLiteral("--compress is '%1'; allowed: none, gzip or zstd.").arg(line.value("compress")),
                     QStringLiteral("--compress"));
}

Result<std::vector<contacts::OutputColumn>> parseColumns(const CommandLine &line, contacts::Entity entity)
{
    if (line.isSet("columns") && line.isSet("preset")) {
        return makeError(ErrorCode::InvalidArgument, QStringLiteral("--columns and --preset exclude each other."),
                         QStringLiteral("--columns"));
    }
    if (line.isSet("columns")) {
        QStringList names;
        for (const QString &name : line.value("columns").split(QLatin1Char(','), Qt::SkipEmptyParts))
            names << name.trimmed();
        if (names.isEmpty())
            return makeError(ErrorCode::InvalidArgument, QStringLiteral("--columns names no column."), QStringLiteral("--columns"));
        Result<std::vector<contacts::OutputColumn>> columns = contacts::columnsByName(entity, names);
        if (!columns)
            return withColumnHint(columns.error(), entity);
        return columns;
    }
    const QString name = line.isSet("preset") ? line.value("preset") : QStringLiteral("list");
    if (const auto preset = contacts::presetByName(name))
        return contacts::presetColumns(entity, *preset);
    return makeError(ErrorCode::InvalidArgument, QStringLiteral("--preset is '%1'; allowed: list, full or stream.").arg(name),
                     QStringLiteral("--preset"));
}

Result<transfer::ExportRequest> parseRequest(const CommandLine &line, contacts::Query query)
{
    transfer::ExportRequest request;
    request.query = std::move(query);
    A360_TRY_ASSIGN(request.columns, parseColumns(line, request.query.entity));
    A360_TRY_ASSIGN(request.format, parseFormat(line));
    A360_TRY_ASSIGN(request.compression, parseCompression(line));
    A360_TRY_ASSIGN(request.maxRows, line.number("max-results", 1, -1));
    const QString safe = line.value("safe");
    if (!safe.isEmpty() && safe != QLatin1String("spreadsheet") && safe != QLatin1String("none")) {
        return makeError(ErrorCode::InvalidArgument, QStringLiteral("--safe is '%1'; allowed: spreadsheet or none.").arg(safe),
                         QStringLiteral("--safe"));
    }
    request.spreadsheetSafe = safe == QLatin1String("spreadsheet");
    request.strictSnapshot = line.isSet("strict-snapshot");
    return request;
}

/// A program that opens the file by its name would find something else in it.
Result<void> checkNameOfFormat(const CommandLine &line)
{
    if (line.isSet("format") || !otherFormats.contains(suffixes(line.value("output")).first))
        return {};
    return makeError(ErrorCode::InvalidArgument,
                     QStringLiteral("--output %1 is named as a format that is not written here; name it .csv, .jsonl or .json, "
                                    "or choose with --format.").arg(line.value("output")),
                     QStringLiteral("--output"));
}

Result<void> checkFiles(const CommandLine &line, const QString &path, const Settings &settings)
{
    std::vector<NamedFile> outputs{{QStringLiteral("--output"), path}};
    if (line.isSet("receipt"))
        outputs.push_back({QStringLiteral("--receipt"), line.value("receipt")});
    A360_TRY(checkOutputs(outputs, databaseFiles(settings)));
    return checkNameOfFormat(line);
}

ErrorOrigin originOf(const Error &error)
{
    return error.code == ErrorCode::Io || error.code == ErrorCode::InvalidArgument ? ErrorOrigin::Files
                                                                                   : ErrorOrigin::Database;
}

int finish(Console &console, const CommandLine &line, const transfer::Receipt &receipt, contacts::Entity entity,
           const QString &path)
{
    if (line.isSet("receipt")) {
        if (const Result<void> written = writeJsonFile(line.value("receipt"), receipt.toJson()); !written) {
            Error error = written.error();
            error.message += QStringLiteral(" Only the receipt is missing: the %1 rows are written.").arg(receipt.rows);
            return console.fail(error, ErrorOrigin::Files);
        }
    }
    const std::string_view name = contacts::entityName(entity);
    console.note(QStringLiteral("%1 %2, %3, in %4 to %5. SHA-256 %6")
                     .arg(humanNumber(receipt.rows), QString::fromLatin1(name.data(), static_cast<qsizetype>(name.size())),
                          humanBytes(receipt.bytes), humanSeconds(receipt.seconds),
                          path == QLatin1String("-") ? QStringLiteral("standard output") : path,
                          QString::fromLatin1(receipt.sha256)));
    if (!receipt.consistent) {
        console.warning(QStringLiteral("The connection was lost on the way; the rows come from %1 snapshots of the data, each "
                                       "without gap or duplicate. --strict-snapshot starts over instead.")
                            .arg(receipt.snapshots.size()));
    }
    return ExitDone;
}

} // namespace

int runExportCommand(const QStringList &arguments)
{
    CommandLine line = exportCommandLine();
    if (!line.parse(arguments, 1, 1))
        return line.exitCode();
    Opener opener(line);
    Console &console = opener.console();
    std::variant<contacts::Query, int> read = readQuery(line, console);
    contacts::Query *query = std::get_if<contacts::Query>(&read);
    if (!query)
        return std::get<int>(read);
    const contacts::Entity entity = query->entity;
    Result<transfer::ExportRequest> request = parseRequest(line, std::move(*query));
    if (!request)
        return console.fail(request.error(), ErrorOrigin::Usage);
    if (!opener.begin())
        return opener.exitCode();
    const QString path = line.isSet("output") ? line.value("output") : QStringLiteral("-");
    if (const Result<void> outputs = checkFiles(line, path, opener.settings()); !outputs)
        return console.fail(outputs.error(), ErrorOrigin::Files);
    if (!opener.open(Access::ReadOnly))
        return opener.exitCode();
    noteSearchScan(console, *opener.service().schema(), request->query);
    request->pace = opener.service().pace();
    ProgressCounter progress;
    const Result<transfer::Receipt> receipt = [&] {
        const ProgressLine progressLine(console, progress);
        return transfer::exportToFile({opener.service().reads(), "export"}, opener.service().schema(), *request, path,
                                      line.isSet("fsync"), progress, opener.cancel());
    }();
    if (!receipt)
        return console.fail(receipt.error(), originOf(receipt.error()));
    return finish(console, line, *receipt, entity, path);
}

} // namespace a360::app

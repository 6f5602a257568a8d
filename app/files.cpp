// SPDX-License-Identifier: GPL-3.0-or-later
#include "files.h"

#include "db/database_url.h"
#include "transfer/output_file.h"

#include <QFileInfo>
#include <QJsonDocument>

#include <unistd.h>

namespace a360::app {

namespace {

bool isStandardStream(const QString &path)
{
    return path == QLatin1String("-");
}

/// A device or a named pipe: written as it comes, nothing of it is lost.
bool isDevice(const QString &path)
{
    const QFileInfo info(path);
    return info.exists() && !info.isFile() && !info.isDir();
}

Result<void> checkWritable(const NamedFile &output)
{
    if (isStandardStream(output.path))
        return {};
    if (isDevice(output.path)) {
        if (::access(QFile::encodeName(output.path).constData(), W_OK) == 0)
            return {};
        return makeError(ErrorCode::PermissionDenied, QStringLiteral("%1 may not be written.").arg(output.path), output.what);
    }
    Result<std::unique_ptr<transfer::ByteSink>> sink = transfer::openFileSink(output.path);
    if (sink.ok()) {
        (*sink)->abort();
        return {};
    }
    Error error = sink.error();
    error.field = output.what;
    return error;
}

} // namespace

Result<void> writeJsonFile(const QString &path, const QJsonObject &object)
{
    A360_TRY_ASSIGN(const auto sink, transfer::openFileSink(path));
    A360_TRY(sink->write(QJsonDocument(object).toJson()));
    return sink->finish();
}

std::vector<NamedFile> databaseFiles(const Settings &settings)
{
    const Result<db::DatabaseUrl> url = db::DatabaseUrl::parse(settings.text("DATABASE_URL"));
    if (!url)
        return {};
    std::vector<NamedFile> files;
    for (const QString &file : url->files())
        files.push_back({QStringLiteral("the database"), file});
    return files;
}

Result<void> checkOutputs(const std::vector<NamedFile> &outputs, std::vector<NamedFile> kept)
{
    for (const NamedFile &output : outputs) {
        for (const NamedFile &other : kept) {
            if (!transfer::writesOver(output.path, other.path))
                continue;
            return makeError(ErrorCode::InvalidArgument,
                             QStringLiteral("%1 would overwrite %2, %3.").arg(output.what, other.what, other.path),
                             output.what);
        }
        A360_TRY(checkWritable(output));
        kept.push_back(output);
    }
    return {};
}

} // namespace a360::app

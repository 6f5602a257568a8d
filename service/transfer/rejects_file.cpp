// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/rejects_file.h"

#include "core/bytes.h"
#include "transfer/row_encoder.h"

namespace a360::transfer {

Result<RejectsFile> RejectsFile::open(const QString &path, const ImportPlan &plan)
{
    RejectsFile file;
    if (path.isEmpty())
        return file;
    A360_TRY_ASSIGN(file.m_sink, openFileSink(path));
    std::string header = rejectColumnNames().join(u',').toStdString();
    for (size_t i = static_cast<size_t>(plan.rejectColumns); i < plan.headers.size(); ++i) {
        header += ',';
        appendCsvCell(header, viewOf(plan.headers[i].toUtf8()));
    }
    header += '\n';
    A360_TRY(file.append(header));
    return file;
}

Result<void> RejectsFile::append(const std::string &csvLines)
{
    if (!m_sink || csvLines.empty())
        return {};
    return m_sink->write(bytesOf(csvLines));
}

Result<void> RejectsFile::finish()
{
    return m_sink ? m_sink->finish() : Result<void>();
}

} // namespace a360::transfer

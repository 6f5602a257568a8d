// SPDX-License-Identifier: GPL-3.0-or-later
#include "import_summary.h"

#include "progress_line.h"

#include "transfer/reject_text.h"

namespace a360::app {

namespace {

constexpr size_t kShownRejects = 5;

QString rejectLines(const transfer::ImportReport &report, const QString &rejectsPath)
{
    QString text;
    QStringList reasons;
    for (auto it = report.rejectedByReason.cbegin(); it != report.rejectedByReason.cend(); ++it)
        reasons << QStringLiteral("%1 %2").arg(humanNumber(it.value()), transfer::reasonWords(it.key()));
    if (!reasons.isEmpty())
        text += QStringLiteral("\n  Reasons: %1").arg(reasons.join(QLatin1String(", ")));
    const auto &listed = report.rejected > 0 ? report.firstRejects : report.firstWarnings;
    for (size_t i = 0; i < listed.size() && i < kShownRejects; ++i)
        text += QStringLiteral("\n  ") + transfer::rejectLine(listed[i]);
    if (listed.size() > kShownRejects)
        text += QStringLiteral("\n  …");
    if (report.rejected == 0)
        return text;
    text += rejectsPath.isEmpty() ? QStringLiteral("\n  --rejects FILE writes all of them to a file you can mend and import again.")
                                  : QStringLiteral("\n  All of them are in %1; mend it and import it again.")
                             .arg(rejectsPath == QLatin1String("-") ? QStringLiteral("standard output") : rejectsPath);
    return text;
}

QString warningLine(const transfer::ImportReport &report)
{
    if (report.warnings == 1) {
        return report.dryRun ? QStringLiteral("\n  1 warning: a cell that would be emptied")
                             : QStringLiteral("\n  1 warning: a cell that was emptied");
    }
    return (report.dryRun ? QStringLiteral("\n  %1 warnings: cells that would be emptied")
                          : QStringLiteral("\n  %1 warnings: cells that were emptied"))
        .arg(humanNumber(report.warnings));
}

} // namespace

QString importSummary(const transfer::ImportReport &report, const QString &rejectsPath)
{
    // A dry run tells what would happen, and no word of it may read as if it had.
    const QString would = report.dryRun ? QStringLiteral("would be ") : QString();
    const std::pair<qint64, const char *> parts[] = {{report.inserted, "inserted"},
                                                     {report.updated, "updated"},
                                                     {report.unchanged, "unchanged"},
                                                     {report.skipped, "skipped"},
                                                     {report.rejected, "rejected"}};
    QStringList sum;
    for (const auto &[count, word] : parts)
        sum << QStringLiteral("%1 %2%3").arg(humanNumber(count), would, QLatin1String(word));
    QString text = QStringLiteral("%1%2 read = %3 (%4)")
                       .arg(report.dryRun ? QStringLiteral("Dry run, nothing kept: ") : QString(), humanNumber(report.read),
                            sum.join(QLatin1String(" + ")), humanSeconds(report.seconds));
    if (report.companiesInserted + report.companiesUpdated + report.companiesUnchanged > 0) {
        text += QStringLiteral("\n  Companies: %1 %2inserted, %3 updated, %4 unchanged")
                    .arg(humanNumber(report.companiesInserted), would, humanNumber(report.companiesUpdated),
                         humanNumber(report.companiesUnchanged));
    }
    if (!report.mapping.unmapped.isEmpty()) {
        text += (report.dryRun ? QStringLiteral("\n  Columns that would not be imported: %1") : QStringLiteral("\n  Columns not imported: %1"))
                    .arg(report.mapping.unmapped.join(QLatin1String(", ")));
    }
    if (report.warnings > 0)
        text += warningLine(report);
    if (report.rejected > 0 || report.warnings > 0)
        text += rejectLines(report, rejectsPath);
    return text;
}

} // namespace a360::app

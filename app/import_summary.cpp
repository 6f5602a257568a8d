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

} // namespace

QString importSummary(const transfer::ImportReport &report, const QString &rejectsPath)
{
    QString text = QStringLiteral("%1%2 read = %3 inserted + %4 updated + %5 unchanged + %6 skipped + %7 rejected (%8)")
                       .arg(report.dryRun ? QStringLiteral("Dry run, nothing kept: ") : QString(), humanNumber(report.read),
                            humanNumber(report.inserted), humanNumber(report.updated), humanNumber(report.unchanged),
                            humanNumber(report.skipped), humanNumber(report.rejected), humanSeconds(report.seconds));
    if (report.companiesInserted + report.companiesUpdated + report.companiesUnchanged > 0) {
        text += QStringLiteral("\n  Companies: %1 inserted, %2 updated, %3 unchanged")
                    .arg(humanNumber(report.companiesInserted), humanNumber(report.companiesUpdated),
                         humanNumber(report.companiesUnchanged));
    }
    if (!report.mapping.unmapped.isEmpty())
        text += QStringLiteral("\n  Columns not imported: %1").arg(report.mapping.unmapped.join(QLatin1String(", ")));
    if (report.warnings > 0)
        text += QStringLiteral("\n  %1 warnings: cells that were emptied").arg(humanNumber(report.warnings));
    if (report.rejected > 0 || report.warnings > 0)
        text += rejectLines(report, rejectsPath);
    return text;
}

} // namespace a360::app

// SPDX-License-Identifier: GPL-3.0-or-later
#include "import_summary.h"

#include "progress_line.h"

namespace a360::app {

namespace {

constexpr size_t kShownRejects = 5;

QString shortened(const QString &value)
{
    constexpr qsizetype longest = 40;
    QString line = value;
    line.replace(QLatin1Char('\n'), QLatin1Char(' ')).replace(QLatin1Char('\r'), QLatin1Char(' '));
    return line.size() > longest ? line.left(longest) + QStringLiteral("…") : line;
}

/// "invalid_email" for people
QString words(QString reason)
{
    return reason.replace(QLatin1Char('_'), QLatin1Char(' '));
}

QString rejectLines(const transfer::ImportReport &report, const QString &rejectsPath)
{
    QString text;
    QStringList reasons;
    for (auto it = report.rejectedByReason.cbegin(); it != report.rejectedByReason.cend(); ++it)
        reasons << QStringLiteral("%1 %2").arg(humanNumber(it.value()), words(it.key()));
    if (!reasons.isEmpty())
        text += QStringLiteral("\n  Reasons: %1").arg(reasons.join(QLatin1String(", ")));
    for (size_t i = 0; i < report.firstRejects.size() && i < kShownRejects; ++i) {
        const transfer::Reject &reject = report.firstRejects[i];
        text += QStringLiteral("\n  line %1: %2").arg(reject.line).arg(words(reject.reason));
        if (!reject.column.isEmpty())
            text += QStringLiteral(", column %1: '%2'").arg(reject.column, shortened(reject.value));
        else if (!reject.value.isEmpty())
            text += QStringLiteral(" (%1)").arg(shortened(reject.value));
    }
    if (report.rejected + report.warnings > static_cast<qint64>(kShownRejects) && !report.firstRejects.empty())
        text += QStringLiteral("\n  …");
    text += rejectsPath.isEmpty() ? QStringLiteral("\n  --rejects FILE writes all of them to a file you can mend and import again.")
                                  : QStringLiteral("\n  All of them are in %1; mend it and import it again.").arg(rejectsPath);
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

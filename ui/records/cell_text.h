// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "db/cell.h"

#include <QDateTime>
#include <QLocale>
#include <QString>

namespace a360::ui {

/// A cell as people read it: numbers grouped, lists joined with ", ", times relative ("3 h ago") while they are fresh.
/// Line breaks become spaces; at most `limit` characters are converted, so that a grid never pays for a long text.
QString displayText(db::Cell cell, db::ColumnType type, const QLocale &locale, const QDateTime &now, int limit = 400);
/// The whole value, exact: for tooltips, the detail panel and the clipboard. Numbers without grouping, times ISO 8601 UTC.
QString exactText(db::Cell cell, db::ColumnType type);

QDateTime timeOf(qint64 microseconds);
/// "just now", "5 min ago", "3 h ago", "yesterday", then the date.
QString relativeTime(const QDateTime &time, const QDateTime &now, const QLocale &locale);
/// "under 1 s", "0:09", "12:30", "1:02:03".
QString durationText(double seconds);
/// "41.3 MiB" in the locale's writing.
QString bytesText(qint64 bytes, const QLocale &locale);
/// "~1,204,311" when estimated.
QString countText(qint64 count, bool estimated, const QLocale &locale);
/// "1 row", "1,204 rows".
QString rowsText(qint64 count, const QLocale &locale);

} // namespace a360::ui

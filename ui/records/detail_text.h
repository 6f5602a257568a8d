// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "contacts/repository.h"

#include <QList>
#include <QPair>
#include <QString>

namespace a360::ui {

struct Tokens;

/// Scheme of a link that copies: its path is the place of the line in DetailText::lines.
inline const QString detailCopyScheme = QStringLiteral("copy");

/// A record as the detail panel shows it.
struct DetailText
{
    QString title;    ///< plain text; empty for a record without a name
    QString subtitle; ///< plain text; may be empty
    QString html;     ///< groups of lines, in the colours of the theme
    QList<QPair<QString, QString>> lines; ///< label and exact value of each
};

/// Of the first row of `row`, which holds these columns (the full preset). Empty values have no line.
DetailText detailText(contacts::Entity entity, const std::vector<contacts::OutputColumn> &columns, const db::RowBatch &row,
                      const Tokens &tokens);

} // namespace a360::ui

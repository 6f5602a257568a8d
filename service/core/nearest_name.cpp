// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nearest_name.h"

#include <algorithm>
#include <cstdlib>
#include <vector>

namespace a360 {

namespace {

/// Levenshtein distance; names are short.
int distance(const QString &a, const QString &b)
{
    std::vector<int> row(static_cast<size_t>(b.size()) + 1);
    for (size_t j = 0; j < row.size(); ++j)
        row[j] = static_cast<int>(j);
    for (qsizetype i = 1; i <= a.size(); ++i) {
        int diagonal = row[0];
        row[0] = static_cast<int>(i);
        for (qsizetype j = 1; j <= b.size(); ++j) {
            const auto at = static_cast<size_t>(j);
            const int change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[at];
            row[at] = std::min({row[at] + 1, row[at - 1] + 1, change});
        }
    }
    return row.back();
}

} // namespace

QString nearestName(const QStringList &names, const QString &typed)
{
    QString best;
    int bestDistance = static_cast<int>(std::min<qsizetype>(4, typed.size() / 2 + 1));
    for (const QString &name : names) {
        if (std::abs(name.size() - typed.size()) >= bestDistance)
            continue; // and so no work for texts of any length that are no names
        const int d = distance(name, typed.toLower());
        if (d < bestDistance) {
            bestDistance = d;
            best = name;
        }
    }
    return best;
}

} // namespace a360

// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/cache_card.h"

#include "charts/time_chart.h"
#include "figures/figure_strip.h"
#include "figures/figure_table.h"
#include "theme/theme.h"

#include <QVBoxLayout>

namespace a360::ui {

namespace {

enum Figure { HitRatio, Hits, Entries, Size, Evictions };

// The guide's advice (contract §7.1).
constexpr double goodPercent = 80;
constexpr double poorPercent = 50;

ChartModel chartModel()
{
    ChartModel model;
    model.title = CacheCard::tr("Hit ratio of the cache");
    model.unit = Unit::Percent;
    model.leastTop = 100;
    model.lines = {{CacheCard::tr("hits"), Ink::Accent, Qt::SolidLine, {}}};
    model.thresholds = {{goodPercent, CacheCard::tr("80 % good above"), Ink::Ok},
                        {poorPercent, CacheCard::tr("50 % reconsider below"), Ink::Bad}};
    return model;
}

/// A handful of reads says nothing about a cache that has only begun.
Ink ratioInk(double hits, double reads, bool judged)
{
    if (!judged)
        return Ink::Muted;
    const double percent = reads > 0 ? 100 * hits / reads : 100;
    return percent < poorPercent ? Ink::Bad : percent < goodPercent ? Ink::Warning : Ink::Ok;
}

FigureCell ratioCell(qint64 hits, qint64 misses, bool judged, const QLocale &locale)
{
    const auto read = static_cast<double>(hits + misses);
    FigureCell cell;
    cell.text = shareText(static_cast<double>(hits), read, locale);
    cell.tip = CacheCard::tr("%1 hits, %2 misses").arg(locale.toString(hits), locale.toString(misses));
    cell.share = read > 0 ? static_cast<double>(hits) / read : -1;
    cell.ink = ratioInk(static_cast<double>(hits), read, judged);
    return cell;
}

FigureCell countCell(qint64 count, const QLocale &locale)
{
    return {valueText(static_cast<double>(count), Unit::Count, locale), locale.toString(count)};
}

FigureCell bytesCell(qint64 bytes, const QLocale &locale)
{
    return bytes > 0 ? FigureCell{valueText(static_cast<double>(bytes), Unit::Bytes, locale), locale.toString(bytes)}
                     : FigureCell{QStringLiteral("–")};
}

std::vector<FigureRow> rowsOf(const CachePart &cache, const QLocale &locale)
{
    const bool judged = cache.verdict != CachePart::Verdict::TooEarly;
    std::vector<FigureRow> rows;
    for (const CacheTierPart &tier : cache.tiers) {
        rows.push_back({QStringLiteral("/") + tier.name,
                        {{CacheCard::tr("Everything")}, {tier.name}, ratioCell(tier.hits, tier.misses, judged, locale), countCell(tier.entries, locale),
                         bytesCell(tier.bytes, locale), countCell(tier.evictions, locale)}});
    }
    for (const CachePrefixPart &prefix : cache.prefixes) {
        rows.push_back({prefix.prefix + QLatin1Char('/') + prefix.tier,
                        {{prefix.prefix}, {prefix.tier}, ratioCell(prefix.hits, prefix.misses, judged, locale),
                         countCell(prefix.entries, locale), bytesCell(prefix.bytes, locale), countCell(prefix.evictions, locale)}});
    }
    return rows;
}

void showVerdict(VerdictLabel &label, const CachePart &cache)
{
    using Kind = VerdictLabel::Kind;
    switch (cache.verdict) {
    case CachePart::Verdict::Good:
        label.setVerdict(Kind::Good, CacheCard::tr("Good"), CacheCard::tr("More than 80 % of the reads are answered by the cache."));
        return;
    case CachePart::Verdict::Fair:
        label.setVerdict(Kind::Warning, CacheCard::tr("Fair"), CacheCard::tr("Between 50 % and 80 % of the reads are answered by the cache."));
        return;
    case CachePart::Verdict::Reconsider:
        label.setVerdict(Kind::Bad, CacheCard::tr("Reconsider"),
                         CacheCard::tr("Fewer than half of the reads are answered by the cache: a longer life of its entries or more "
                                       "room may help; else it costs more than it saves."));
        return;
    case CachePart::Verdict::TooEarly:
        break;
    }
    label.setVerdict(Kind::Neutral, CacheCard::tr("Too early to judge"), {});
}

} // namespace

CacheCard::CacheCard(QWidget *parent)
    : DashboardCard(tr("Query cache"), parent),
      m_figures(new FigureStrip({tr("Hit ratio"), tr("Hits"), tr("Entries"), tr("Size"), tr("Evictions")}, this)),
      m_chart(new TimeChart(chartModel(), this)),
      m_table(new FigureTable(tr("Cache by prefix and tier"), {{tr("Prefix"), false, 0}, {tr("Tier"), false, 72}, {tr("Hit ratio"), true, 124},
                               {tr("Entries"), true, 78}, {tr("Size"), true, 84}, {tr("Evicted"), true, 80}}, this))
{
    m_table->setVisibleRows(2, 6);
    body()->addWidget(m_figures);
    body()->addWidget(m_chart, 1);
    body()->addWidget(m_table);
}

void CacheCard::setMinutes(int minutes)
{
    m_chart->setMinutes(minutes);
}

void CacheCard::show(const CachePart &cache, qint64 now)
{
    setInstead(cache.enabled ? QString() : cache.howToEnable);
    if (!cache.enabled) {
        verdict()->setVerdict(VerdictLabel::Kind::Neutral, tr("Off"));
        setNote({});
        return;
    }
    const QLocale locale;
    qint64 entries = 0, bytes = 0, evictions = 0;
    QStringList troubles;
    for (const CacheTierPart &tier : cache.tiers) {
        entries += tier.entries;
        bytes += tier.bytes;
        evictions += tier.evictions;
        if (!tier.available)
            troubles.append(tr("%1 cannot be reached: %2. Reads go on without it.").arg(tier.name, tier.trouble));
    }
    m_figures->setFigure(HitRatio, shareText(static_cast<double>(cache.hits), static_cast<double>(cache.hits + cache.misses), locale),
                         tr("%1 hits, %2 misses").arg(locale.toString(cache.hits), locale.toString(cache.misses)));
    m_figures->setFigure(Hits, valueText(static_cast<double>(cache.hits), Unit::Count, locale), tr("%1 misses").arg(locale.toString(cache.misses)));
    m_figures->setFigure(Entries, valueText(static_cast<double>(entries), Unit::Count, locale), locale.toString(entries));
    m_figures->setFigure(Size, valueText(static_cast<double>(bytes), Unit::Bytes, locale));
    m_figures->setFigure(Evictions, valueText(static_cast<double>(evictions), Unit::Count, locale), locale.toString(evictions));
    m_chart->setEmptyText(cache.hits + cache.misses > 0 ? tr("No reads were measured in this time")
                                                        : tr("Nobody has read through the cache yet"));
    m_chart->setSamples({cache.hitPercent}, now);
    m_table->setRows(rowsOf(cache, locale), now);
    if (troubles.isEmpty())
        showVerdict(*verdict(), cache);
    else
        verdict()->setVerdict(VerdictLabel::Kind::Warning, tr("A tier is missing"), troubles.join(QLatin1Char('\n')));
    setNote(troubles.join(QLatin1Char('\n')));
}

} // namespace a360::ui

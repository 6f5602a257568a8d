// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/header_mapping.h"

#include "transfer/field_names.h"

#include <algorithm>
#include <map>
#include <numeric>

namespace a360::transfer {

namespace {

/// One column while the contest for fields is going on.
struct Candidate
{
    std::optional<ImportField> field;
    NameRank rank = NameRank::Alias;
    bool bareAddress = false;
};

Error unknownColumn(const QString &name, const QStringList &header)
{
    return makeError(ErrorCode::InvalidArgument,
                     QStringLiteral("The file has no column \"%1\" to map. Its columns are: %2.")
                         .arg(name, QStringList(header).join(QStringLiteral(", "))),
                     QStringLiteral("map"));
}

qsizetype findColumn(const QStringList &header, const QString &name)
{
    const qsizetype exact = header.indexOf(name);
    if (exact >= 0 && !name.isEmpty())
        return exact;
    for (qsizetype i = 0; i < header.size(); ++i) {
        if (!header[i].isEmpty() && header[i].compare(name.trimmed(), Qt::CaseInsensitive) == 0)
            return i;
    }
    return -1;
}

/// Without the headers of a full export, which are just as many.
QStringList fieldNames(contacts::Entity entity)
{
    QStringList names = importFieldNames(entity);
    names.removeIf([entity](const QString &name) { return contacts::findField(entity, name) == nullptr; });
    return names;
}

Result<void> applyChoices(contacts::Entity entity, const QStringList &header, const QMap<QString, QString> &chosen,
                          std::vector<Candidate> &candidates)
{
    std::map<std::pair<const contacts::PhysicalColumn *, int>, QString> taken;
    for (auto it = chosen.begin(); it != chosen.end(); ++it) {
        const qsizetype column = findColumn(header, it.key());
        if (column < 0)
            return unknownColumn(it.key(), header);
        Candidate &candidate = candidates[static_cast<size_t>(column)];
        candidate = {};
        candidate.rank = NameRank::Chosen;
        const QString name = it.value().trimmed();
        if (name.isEmpty())
            continue; // the user wants it nowhere
        candidate.field = importFieldByName(entity, name);
        if (!candidate.field)
            return makeError(ErrorCode::InvalidArgument,
                             QStringLiteral("There is no field \"%1\" to map column \"%2\" to. Fields are: %3; also the column "
                                            "names of a full export.")
                                 .arg(name, it.key(), fieldNames(entity).join(QStringLiteral(", "))),
                             QStringLiteral("map"));
        for (const auto *target : candidate.field->targets) {
            const auto [other, isNew] = taken.emplace(std::pair(target, candidate.field->priority), it.key());
            if (!isNew)
                return makeError(ErrorCode::InvalidArgument,
                                 QStringLiteral("The columns \"%1\" and \"%2\" are both mapped to %3.")
                                     .arg(other->second, it.key(), name),
                                 QStringLiteral("map"));
        }
    }
    return {};
}

/// §15.2: with a company address in the file, a bare one is the person's, and people have none.
void dropBareAddress(std::vector<Candidate> &candidates)
{
    const auto isCompanyAddress = [](const Candidate &c) {
        return c.field && !c.bareAddress && c.field->targets.size() == 1 &&
               c.field->targets.front()->table == contacts::Table::Companies &&
               c.field->targets.front()->name == "address";
    };
    if (!std::any_of(candidates.begin(), candidates.end(), isCompanyAddress))
        return;
    for (Candidate &c : candidates) {
        if (c.bareAddress)
            c.field.reset();
    }
}

/// Who takes part in the contest for each target, and who won it.
class Contest
{
public:
    /// Leaves the column the targets that no better one has taken. To be called in the order of preference.
    void enter(ColumnTarget &column, NameRank rank)
    {
        std::vector<const contacts::PhysicalColumn *> won;
        bool lostToAGuess = false;
        for (const auto *target : column.targets) {
            const auto [holder, isNew] = m_holders.emplace(std::pair(target, column.priority), Holder{&column, rank});
            if (isNew)
                won.push_back(target);
            else if (holder->second.rank != NameRank::Chosen && holder->second.rank != NameRank::CompanyName)
                lostToAGuess = true;
        }
        if (won.empty() && lostToAGuess)
            noteConflict(column);
        column.targets = std::move(won);
    }
    const std::vector<int> &contested() const { return m_contested; }

private:
    struct Holder
    {
        const ColumnTarget *column;
        NameRank rank;
    };
    void noteConflict(const ColumnTarget &loser)
    {
        m_contested.push_back(loser.column);
        for (const auto *target : loser.targets)
            m_contested.push_back(m_holders.at(std::pair(target, loser.priority)).column->column);
    }

    std::map<std::pair<const contacts::PhysicalColumn *, int>, Holder> m_holders;
    std::vector<int> m_contested;
};

Error nothingMapped(contacts::Entity entity, const QStringList &header)
{
    QStringList found;
    for (const QString &name : header) {
        if (!name.isEmpty())
            found.append(QStringLiteral("\"%1\"").arg(name.left(60)));
    }
    if (found.size() > 20)
        found = found.first(20) + QStringList(QStringLiteral("…"));
    const QString wanted = entity == contacts::Entity::Contact
                               ? QStringLiteral("First Name, Last Name, Email, Title, Company, Person Linkedin Url")
                               : QStringLiteral("Company Name, Website, Company Linkedin Url, Industry, # Employees");
    return makeError(ErrorCode::UnusableInput,
                     QStringLiteral("No column of the file is known. Its first line should name columns such as %1 (or be "
                                    "mapped by hand: column=field); it holds %2.")
                         .arg(wanted, found.isEmpty() ? QStringLiteral("no name at all")
                                                      : found.join(QStringLiteral(", "))));
}

} // namespace

std::vector<const ColumnTarget *> HeaderMapping::sourcesOf(const contacts::PhysicalColumn *target) const
{
    std::vector<const ColumnTarget *> sources;
    for (const ColumnTarget &column : columns) {
        if (std::find(column.targets.begin(), column.targets.end(), target) != column.targets.end())
            sources.push_back(&column);
    }
    std::stable_sort(sources.begin(), sources.end(),
                     [](const ColumnTarget *a, const ColumnTarget *b) { return a->priority < b->priority; });
    return sources;
}

Result<HeaderMapping> mapHeader(contacts::Entity entity, const QStringList &header, const QMap<QString, QString> &chosen)
{
    std::vector<Candidate> candidates(static_cast<size_t>(header.size()));
    for (size_t i = 0; i < candidates.size(); ++i) {
        const QString &name = header[static_cast<qsizetype>(i)];
        if (auto recognised = recogniseHeader(entity, name)) {
            candidates[i].field = std::move(recognised->field);
            candidates[i].rank = recognised->rank;
            candidates[i].bareAddress = entity == contacts::Entity::Contact &&
                                        name.compare(QStringLiteral("address"), Qt::CaseInsensitive) == 0;
        }
    }
    A360_TRY(applyChoices(entity, header, chosen, candidates));
    dropBareAddress(candidates);

    HeaderMapping mapping;
    mapping.columns.resize(candidates.size());
    std::vector<size_t> order(candidates.size());
    std::iota(order.begin(), order.end(), size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return candidates[a].rank < candidates[b].rank; });
    Contest contest;
    for (const size_t i : order) {
        ColumnTarget &column = mapping.columns[i];
        column.column = static_cast<int>(i);
        column.header = header[static_cast<qsizetype>(i)];
        if (!candidates[i].field)
            continue;
        column.field = candidates[i].field->name;
        column.targets = candidates[i].field->targets;
        column.fullName = candidates[i].field->fullName;
        column.priority = candidates[i].field->priority;
        contest.enter(column, candidates[i].rank);
    }

    bool any = false;
    for (const ColumnTarget &column : mapping.columns) {
        any = any || !column.targets.empty();
        const bool contested = std::count(contest.contested().begin(), contest.contested().end(), column.column) > 0;
        if (contested)
            mapping.conflicts.append(column.header);
        if (column.targets.empty() && !column.header.isEmpty())
            mapping.unmapped.append(column.header);
    }
    if (!any)
        return nothingMapped(entity, header);
    return mapping;
}

QStringList importableFields(contacts::Entity entity)
{
    return importFieldNames(entity);
}

} // namespace a360::transfer

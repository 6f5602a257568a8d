// SPDX-License-Identifier: GPL-3.0-or-later
#include "data_model.h"

#include <QDateTime>
#include <QTimeZone>

namespace a360::test {

using namespace contacts;

namespace {

constexpr const char *tokens[] = {
    "cto", "CTO", "Sales", "sales", "Vice President", "head", "of", "manager", "Engineering", "x", "ab", "42",
    "\u0130stanbul", "istanbul", "I\u015F\u0131k", "\u0131i\u0130I", "stra\u00DFe", "STRASSE", "STRA\u1E9EE",
    "\u017Fale\u017F", "Bu\u017Fine\u017Fs", "business", "BUSINESS", "\u03A3\u0391\u03A3", "\u03C3\u03B1\u03C2",
    "\u03C3\u03C3", "\u212Aelvin", "kelvin", "\u03A9mega", "\u2126MEGA", "\u00B5m", "\u03BCM", "\u0412\u043E\u0434\u0430",
    "\u1C80\u1C82\u0434\u0430", "\u0421\u0422\u041E", "\u1C84\u1C85\u1C83", "\u13A0\u13A1\u13F0", "\uAB70\uAB71\u13F8",
    "\u1F88\u03B9", "\u1F80\u0345", "\u1FBE", "\u1E9B\u1E61", "\u01C5ep", "\u01C6EP", "\U0001F600 ok", "\U0001F600",
    "\U00010400x", "\U00010428X", "50%", "100%%", "a_b", "aXb", "__", "back\\slash", "\\", "comma, inside", ",",
    "\"quoted\"", "O'Neil", "\u2019", "[x]", "{y}", "tab\there", "line\nfeed", "e\u0301", "\u00C9t\u00E9", "\u00E9T\u00C9",
    "\u4E2D\u6587", "\uAC00\uB098", "https://", "www.", "acme.example", "ACME.example", "c++", "AND", "NEAR", "*",
};
constexpr const char *joints[] = {" ", " ", "", ", ", "\u00A0", "  "};
constexpr const char *websites[] = {
    "https://www.Acme.example/path?x=1", "acme.example", "HTTP://user:pw@ACME.example:8080", " www.acme.example. ",
    "http://other.example#top", "other.example/www.acme.example", "https://", "//acme.example", "ftp://\u00C9t\u00E9.example",
    "\u00E9t\u00E9.EXAMPLE", "a://b://c", "\u0130.example", "acme.example\nsecond",
};

bool oneIn(std::mt19937 &source, int n)
{
    return randomBelow(source, n) == 0;
}

template <size_t N>
QByteArray pick(std::mt19937 &source, const char *const (&list)[N])
{
    return list[randomBelow(source, static_cast<int>(N))];
}

CellValue textCell(const QByteArray &text)
{
    CellValue cell;
    cell.null = false;
    cell.text = text;
    return cell;
}

CellValue numberCell(qint64 number)
{
    CellValue cell;
    cell.null = false;
    cell.number = number;
    return cell;
}

qint64 randomTime(std::mt19937 &source)
{
    constexpr qint64 base = 1'700'000'000'000'000;
    return oneIn(source, 3) ? base + randomBelow(source, 3) : base + randomBelow(source, 40) * 3'600'000'001LL;
}

CellValue randomCell(std::mt19937 &source, const PhysicalColumn &column, bool placeholders)
{
    if (oneIn(source, 5))
        return {};
    switch (column.type) {
    case db::ColumnType::Integer: return numberCell(oneIn(source, 4) ? 0 : randomBelow(source, 12) * 1'000'000'007LL);
    case db::ColumnType::Timestamp: return numberCell(randomTime(source));
    case db::ColumnType::TextList: {
        CellValue cell;
        cell.null = false;
        for (int left = randomBelow(source, 4); left > 0; --left) {
            if (oneIn(source, 6))
                cell.elements.push_back(std::nullopt);
            else
                cell.elements.push_back(randomText(source));
        }
        return cell;
    }
    case db::ColumnType::Text: break;
    }
    if (placeholders && oneIn(source, 4))
        return textCell("_");
    if (column.name == "website" && !oneIn(source, 3))
        return textCell(pick(source, websites));
    QByteArray text = oneIn(source, 12) ? QByteArray("") : randomText(source);
    return textCell(text == "_" && !placeholders ? QByteArray("__") : text);
}

TableRow randomRow(std::mt19937 &source, Table table, bool placeholders)
{
    TableRow row;
    const auto fill = [&](std::span<const PhysicalColumn> columns) {
        for (const PhysicalColumn &column : columns)
            row[&column] = randomCell(source, column, placeholders);
    };
    fill(physicalColumns(table));
    fill(optionalColumns(table));
    return row;
}

QByteArray uuid(const char *kind, qint64 number)
{
    return QByteArray(kind) + '-' + QByteArray::number(number * 7919 % 1009).rightJustified(4, '0');
}

QByteArray quoted(const QByteArray &text)
{
    QByteArray out = text;
    return '\'' + out.replace('\'', "''") + '\'';
}

QByteArray jsonText(const QByteArray &text)
{
    QByteArray out = text;
    out.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n").replace('\t', "\\t");
    return '"' + out + '"';
}

QByteArray listLiteral(const CellValue &cell, bool postgres)
{
    QByteArray out;
    for (const auto &element : cell.elements) {
        out += out.isEmpty() ? "" : ",";
        if (postgres)
            out += element ? quoted(*element) : QByteArray("NULL");
        else
            out += element ? jsonText(*element) : QByteArray("null");
    }
    return postgres ? "ARRAY[" + out + "]::text[]" : quoted('[' + out + ']');
}

QByteArray literal(const CellValue &cell, db::ColumnType type, db::Dialect dialect, bool spacedTimes)
{
    const bool postgres = dialect == db::Dialect::PostgreSql;
    if (cell.null)
        return "NULL";
    switch (type) {
    case db::ColumnType::Integer: return QByteArray::number(cell.number);
    case db::ColumnType::Timestamp: {
        const QDateTime time = QDateTime::fromMSecsSinceEpoch(cell.number / 1000, QTimeZone::utc());
        const QString form = spacedTimes ? QStringLiteral("yyyy-MM-dd HH:mm:ss") : QStringLiteral("yyyy-MM-ddTHH:mm:ss");
        return quoted(time.toString(form).toLatin1() + '.' +
                      QByteArray::number(cell.number % 1'000'000).rightJustified(6, '0'));
    }
    case db::ColumnType::TextList: return listLiteral(cell, postgres);
    case db::ColumnType::Text: break;
    }
    return quoted(cell.text);
}

QByteArray view(std::string_view text)
{
    return {text.data(), static_cast<qsizetype>(text.size())};
}

} // namespace

int randomBelow(std::mt19937 &source, int limit)
{
    return static_cast<int>(source() % static_cast<unsigned>(limit)); // the same on every platform
}

QByteArray randomText(std::mt19937 &source)
{
    QByteArray text = pick(source, tokens);
    for (int more = randomBelow(source, 3); more > 0; --more)
        text += pick(source, joints) + pick(source, tokens);
    return text;
}

DataModel DataModel::random(std::mt19937 &source, int contactCount, int companyCount, bool placeholders)
{
    DataModel model;
    model.placeholders = placeholders;
    const PhysicalColumn *companyUuid = findPhysicalColumn(Table::Companies, "uuid");
    const PhysicalColumn *contactUuid = findPhysicalColumn(Table::Contacts, "uuid");
    const PhysicalColumn *companyId = findPhysicalColumn(Table::Contacts, "company_id");
    for (int i = 0; i < companyCount; ++i) {
        CompanyRow row{i * 3 + 1, randomRow(source, Table::Companies, placeholders), std::nullopt};
        row.values[companyUuid] = textCell(uuid("co", row.id));
        if (!oneIn(source, 6))
            row.metadata = randomRow(source, Table::CompaniesMetadata, placeholders);
        model.companies.push_back(std::move(row));
    }
    for (int i = 0; i < contactCount; ++i) {
        ContactRow row{i * 2 + 1, std::nullopt, randomRow(source, Table::Contacts, placeholders), std::nullopt};
        row.values[contactUuid] = textCell(uuid("c", row.id));
        const int choice = randomBelow(source, 8);
        if (choice > 1)
            row.company = static_cast<size_t>(randomBelow(source, companyCount));
        row.values[companyId] = row.company   ? model.companies[*row.company].values[companyUuid]
                                : choice == 1 ? textCell("co-none")
                                              : CellValue();
        if (!oneIn(source, 6))
            row.metadata = randomRow(source, Table::ContactsMetadata, placeholders);
        model.contacts.push_back(std::move(row));
    }
    return model;
}

CellValue DataModel::read(Entity entity, size_t row, const PhysicalColumn *column) const
{
    const TableRow *values = nullptr;
    std::optional<size_t> company = entity == Entity::Company ? row : contacts[row].company;
    switch (column->table) {
    case Table::Contacts: values = &contacts[row].values; break;
    case Table::ContactsMetadata: values = contacts[row].metadata ? &*contacts[row].metadata : nullptr; break;
    case Table::Companies: values = company ? &companies[*company].values : nullptr; break;
    case Table::CompaniesMetadata: 
        values = company && companies[*company].metadata ? &*companies[*company].metadata : nullptr;
        break;
    }
    if (values == nullptr)
        return {};
    const auto found = values->find(column);
    if (found == values->end())
        return {};
    if (placeholders && column->type == db::ColumnType::Text && found->second.text == "_")
        return {};
    return found->second;
}

qint64 DataModel::id(Entity entity, size_t row) const
{
    return entity == Entity::Contact ? contacts[row].id : companies[row].id;
}

size_t DataModel::count(Entity entity) const
{
    return entity == Entity::Contact ? contacts.size() : companies.size();
}

QByteArray DataModel::insertScript(db::Dialect dialect, bool spacedTimes) const
{
    QByteArray script;
    const auto insert = [&](Table table, qint64 id, const TableRow &row, const CellValue *key) {
        QByteArray names = "id", values = QByteArray::number(id);
        for (const auto &[column, cell] : row) {
            names += ", " + view(column->name);
            values += ", " + literal(cell, column->type, dialect, spacedTimes);
        }
        if (key != nullptr) {
            names += ", uuid";
            values += ", " + quoted(key->text);
        }
        script += "INSERT INTO " + view(tableName(table)) + " (" + names + ") VALUES (" + values + ");\n";
    };
    for (const CompanyRow &row : companies) {
        insert(Table::Companies, row.id, row.values, nullptr);
        if (row.metadata)
            insert(Table::CompaniesMetadata, 5000 - row.id, *row.metadata,
                   &row.values.at(findPhysicalColumn(Table::Companies, "uuid")));
    }
    for (const ContactRow &row : contacts) {
        insert(Table::Contacts, row.id, row.values, nullptr);
        if (row.metadata)
            insert(Table::ContactsMetadata, 5000 - row.id, *row.metadata,
                   &row.values.at(findPhysicalColumn(Table::Contacts, "uuid")));
    }
    return script;
}

} // namespace a360::test

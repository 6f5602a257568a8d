// SPDX-License-Identifier: GPL-3.0-or-later
#include "records/detail_text.h"

#include "records/cell_text.h"
#include "theme/tokens.h"

#include <QCoreApplication>
#include <QLocale>
#include <QRegularExpression>

namespace a360::ui {

using contacts::Entity;
using contacts::Table;

namespace {

QString utf8(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

/// "Latest funding" for a column that no field shows: its own name, made readable.
QString labelOf(Entity entity, const contacts::PhysicalColumn &column)
{
    for (const contacts::Field &field : contacts::fields(entity)) {
        if (field.source == &column)
            return utf8(field.label);
    }
    QString name = utf8(column.name);
    if (name == QLatin1String("uuid"))
        return QStringLiteral("UUID");
    name.replace(QLatin1Char('_'), QLatin1Char(' '));
    if (!name.isEmpty())
        name[0] = name[0].toUpper();
    return name;
}

/// What a record is kept under rather than what it says: shown last.
bool isBookkeeping(const contacts::PhysicalColumn &column)
{
    return column.name == "uuid" || column.name == "company_id" || column.name == "created_at" || column.name == "updated_at";
}

/// Where a click on the value leads; empty for plain values.
QString targetOf(const QString &value)
{
    if (value.startsWith(QLatin1String("http://")) || value.startsWith(QLatin1String("https://")))
        return value;
    if (value.startsWith(QLatin1String("www.")))
        return QLatin1String("https://") + value;
    if (value.count(QLatin1Char('@')) == 1 && !value.contains(QLatin1Char(' ')))
        return QLatin1String("mailto:") + value;
    return {};
}

class DetailWriter
{
    Q_DECLARE_TR_FUNCTIONS(DetailText)

public:
    DetailWriter(Entity entity, const std::vector<contacts::OutputColumn> &columns, const db::RowBatch &row, const Tokens &tokens)
        : m_entity(entity), m_columns(columns), m_row(row), m_tokens(tokens)
    {
    }
    DetailText write();

private:
    QString groupHtml(const QString &title, Table table);
    QString recordHtml();
    QString valueHtml(const QString &label, db::ColumnType type, const db::Cell &cell);
    static QString framedHtml(const QString &title, const QString &lines, bool firstGroup);
    QString lineHtml(const QString &label, const QString &value, const QString &exact);

    const Entity m_entity;
    const std::vector<contacts::OutputColumn> &m_columns;
    const db::RowBatch &m_row;
    const Tokens &m_tokens;
    DetailText m_text;
};

DetailText DetailWriter::write()
{
    const auto value = [&](const char *header) {
        for (int i = 0; i < static_cast<int>(m_columns.size()); ++i) {
            if (m_columns[static_cast<size_t>(i)].header == header)
                return exactText(m_row.cell(0, i), m_row.types()[static_cast<size_t>(i)]);
        }
        return QString();
    };
    if (m_entity == Entity::Contact) {
        m_text.title = QStringLiteral("%1 %2").arg(value("contact_first_name"), value("contact_last_name")).trimmed();
        QStringList parts{value("contact_title"), value("company_name")};
        parts.removeAll(QString());
        m_text.subtitle = parts.join(tr(" at "));
    } else {
        m_text.title = value("company_name");
        m_text.subtitle = value("company_metadata_website");
    }
    if (m_entity == Entity::Contact) {
        m_text.html += groupHtml(tr("Contact"), Table::Contacts);
        m_text.html += groupHtml(tr("Reach"), Table::ContactsMetadata);
    }
    m_text.html += groupHtml(tr("Company"), Table::Companies);
    m_text.html += groupHtml(tr("About the company"), Table::CompaniesMetadata);
    m_text.html += recordHtml();
    return std::move(m_text);
}

QString DetailWriter::groupHtml(const QString &title, Table table)
{
    const bool firstGroup = m_text.lines.isEmpty();
    QString lines;
    for (int i = 0; i < static_cast<int>(m_columns.size()); ++i) {
        const contacts::OutputColumn &column = m_columns[static_cast<size_t>(i)];
        if (column.source && column.source->table == table && !isBookkeeping(*column.source))
            lines += valueHtml(labelOf(m_entity, *column.source), column.type, m_row.cell(0, i));
    }
    return framedHtml(title, lines, firstGroup);
}

/// UUIDs and times of the record, and of the company that a contact is with.
QString DetailWriter::recordHtml()
{
    const Table own = m_entity == Entity::Contact ? Table::Contacts : Table::Companies;
    const bool firstGroup = m_text.lines.isEmpty();
    QString lines;
    for (int i = 0; i < static_cast<int>(m_columns.size()); ++i) {
        const contacts::OutputColumn &column = m_columns[static_cast<size_t>(i)];
        if (!column.source || !isBookkeeping(*column.source) || column.source->name == "company_id")
            continue; // the company's own UUID is the same
        const bool ofCompany = column.source->table != own;
        const QString label = labelOf(m_entity, *column.source);
        lines += valueHtml(ofCompany ? tr("Company %1").arg(label == QLatin1String("UUID") ? label : label.toLower()) : label,
                           column.type, m_row.cell(0, i));
    }
    return framedHtml(tr("Record"), lines, firstGroup);
}

QString DetailWriter::valueHtml(const QString &label, db::ColumnType type, const db::Cell &cell)
{
    const QString exact = exactText(cell, type);
    if (exact.isEmpty())
        return {};
    QString shown = exact;
    if (type == db::ColumnType::Integer)
        shown = QLocale().toString(cell.integer());
    else if (type == db::ColumnType::Timestamp)
        shown = QLocale().toString(timeOf(cell.integer()).toLocalTime(), QLocale::ShortFormat);
    return lineHtml(label, shown, exact);
}

QString DetailWriter::framedHtml(const QString &title, const QString &lines, bool firstGroup)
{
    if (lines.isEmpty())
        return {};
    return QStringLiteral("<p style=\"margin:%1px 0 4px 2px\"><b>%2</b></p><table width=\"100%\" cellpadding=\"2\" "
                          "cellspacing=\"0\">%3</table>")
        .arg(firstGroup ? 4 : 14)
        .arg(title.toHtmlEscaped(), lines);
}

QString DetailWriter::lineHtml(const QString &label, const QString &value, const QString &exact)
{
    QString shown = value.toHtmlEscaped();
    const QString target = targetOf(value);
    shown.remove(QRegularExpression(QStringLiteral("^https?://"))); // says nothing and breaks lines
    const QString text = target.isEmpty() ? shown
                                          : QStringLiteral("<a style=\"color:%1\" href=\"%2\">%3</a>")
                                                .arg(m_tokens.accent.name(), target.toHtmlEscaped(), shown);
    m_text.lines.append({label, exact});
    return QStringLiteral("<tr><td width=\"36%\" style=\"color:%1; font-size:8.5pt\">%2</td><td width=\"52%\">%3</td>"
                          "<td width=\"12%\" align=\"right\"><a style=\"color:%1; font-size:8pt; text-decoration:none\" "
                          "href=\"%4:%5\">Copy</a></td></tr>")
        .arg(m_tokens.muted.name(), label.toHtmlEscaped(), text, detailCopyScheme, // in one go: a value may hold "%2F"
             QString::number(m_text.lines.size() - 1));
}

} // namespace

DetailText detailText(Entity entity, const std::vector<contacts::OutputColumn> &columns, const db::RowBatch &row, const Tokens &tokens)
{
    return DetailWriter(entity, columns, row, tokens).write();
}

} // namespace a360::ui

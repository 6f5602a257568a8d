// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "contacts/field_catalogue.h"
#include "db/row_batch.h"
#include "field_filter.h"

#include <string>
#include <vector>

namespace a360::rest {

/// How one record looks in JSON (contract §2.1, §2.2), and which columns it needs. Immutable after building. Rows go
/// from their cells straight to text. With only() and serialize() it is the guide's OptimizedSerializer (contract §11).
class RecordShape
{
public:
    static RecordShape contactItem();    ///< ContactListItem
    static RecordShape contactSimple();  ///< view=simple
    static RecordShape contactDetail();  ///< with company_detail and metadata
    static RecordShape companyItem();    ///< CompanyListItem
    static RecordShape companyDetail();  ///< with created_at and updated_at

    /// The same with the members that the filter shows, needing no more than their columns (at least one, so that a row is
    /// a row). Error{InvalidArgument} when the filter names a member that there is none of.
    Result<RecordShape> only(const FieldFilter &filter) const;

    const std::vector<contacts::OutputColumn> &columns() const { return m_columns; }
    /// Appends the object of a row; the batch's first columns are columns().
    void append(std::string &out, const db::RowBatch &batch, qsizetype row) const;
    /// Appends the array of all rows, `[]` when there are none (the guide's serialize_with_type_adapter).
    void serialize(std::string &out, const db::RowBatch &batch) const;

private:
    struct Member
    {
        enum Kind { Value, Quoted, Array, Object } kind = Value;
        std::string key;     ///< `"name":`
        int column = -1;
        bool decides = true; ///< an object is null when all its deciding members are
        std::vector<Member> members;
    };
    using Members = std::vector<Member>;

    int use(const contacts::OutputColumn &column);
    Member field(contacts::Entity entity, const char *name, const char *key = nullptr);
    Member physical(contacts::Table table, const char *name, const char *key = nullptr, Member::Kind kind = Member::Value);
    Member metadata(contacts::Table table, contacts::Table owner);
    Member adopted(Member member, const std::vector<contacts::OutputColumn> &columns);
    static Member object(const char *key, Members members);
    Members companySummary();
    void addContactItem();
    void addCompanyItem();

    bool isNull(const Member &member, const db::RowBatch &batch, qsizetype row) const;
    void appendMember(std::string &out, const Member &member, const db::RowBatch &batch, qsizetype row) const;
    void appendMembers(std::string &out, const Members &members, const db::RowBatch &batch, qsizetype row) const;

    std::vector<contacts::OutputColumn> m_columns;
    Members m_members;
};

} // namespace a360::rest

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "db/migrations.h"
#include "support/test_databases.h"
#include "transfer/exporter.h"
#include "transfer/importer.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>

namespace a360::test {

/// Keeps what is written to it.
class MemorySink final : public transfer::ByteSink
{
public:
    struct Contents
    {
        QByteArray bytes;
        bool finished = false, aborted = false;
    };
    explicit MemorySink(std::shared_ptr<Contents> contents) : m_contents(std::move(contents)) {}
    Result<void> write(const QByteArray &bytes) override
    {
        m_contents->bytes += bytes;
        return {};
    }
    Result<void> finish() override
    {
        m_contents->finished = true;
        return {};
    }
    void abort() override { m_contents->aborted = true; }

private:
    std::shared_ptr<Contents> m_contents;
};

/// One migrated database with the two roads of the data on it.
class TransferBench
{
public:
    explicit TransferBench(const db::DatabaseUrl &url) : m_pool(url, {})
    {
        Result<db::Lease> lease = m_pool.lease();
        if (!lease.ok())
            qFatal("%s", describe(lease.error()).constData());
        if (const auto migrated = db::migrate(*lease); !migrated.ok())
            qFatal("%s", describe(migrated.error()).constData());
    }

    db::ConnectionPool &pool() { return m_pool; }
    QString file(const QString &name) const { return m_folder.filePath(name); }

    QString write(const QByteArray &content, const QString &name = QStringLiteral("in.csv")) const
    {
        QFile out(file(name));
        if (!out.open(QIODevice::WriteOnly) || out.write(content) != content.size())
            qFatal("cannot write %s", qPrintable(out.fileName()));
        return out.fileName();
    }

    Result<transfer::ImportReport> import(const QByteArray &content, transfer::ImportRequest request = {}, CancelToken cancel = {})
    {
        A360_TRY_ASSIGN(request.file, transfer::InputFile::open(write(content)));
        return transfer::runImport(m_pool, request, m_progress, cancel);
    }

    Result<QByteArray> exportAs(contacts::Entity entity, contacts::Preset preset = contacts::Preset::Full,
                                transfer::ExportRequest request = {})
    {
        A360_TRY_ASSIGN(auto parsed, contacts::parseQuery(entity, {}, contacts::DefaultOrder::ById));
        request.query = parsed.query;
        request.columns = contacts::presetColumns(entity, preset);
        auto contents = std::make_shared<MemorySink::Contents>();
        A360_TRY_ASSIGN(auto schema, probe());
        A360_TRY(transfer::runExport(m_pool, schema, request, std::make_unique<MemorySink>(contents), m_progress, {}));
        return contents->bytes;
    }

    Result<std::shared_ptr<const contacts::SchemaInfo>> probe()
    {
        A360_TRY_ASSIGN(db::Lease lease, m_pool.lease());
        A360_TRY_ASSIGN(contacts::SchemaInfo schema, contacts::SchemaInfo::probe(lease));
        return std::shared_ptr<const contacts::SchemaInfo>(std::make_shared<contacts::SchemaInfo>(std::move(schema)));
    }

    /// First column of the first row as text; "NULL" for NULL; "no row".
    QString ask(const QByteArray &sql)
    {
        Result<db::Lease> lease = m_pool.lease();
        if (!lease.ok())
            return lease.error().message;
        const auto rows = lease->query(db::Sql(lease->dialect(), "SELECT CAST((" + sql + ") AS text)"), {db::ColumnType::Text});
        if (!rows.ok())
            return QString::fromUtf8(describe(rows.error()));
        const db::Cell cell = rows->cell(0, 0);
        return cell.isNull() ? QStringLiteral("NULL") : QString::fromUtf8(cell.data, cell.size);
    }
    void run(const QByteArray &sql)
    {
        Result<db::Lease> lease = m_pool.lease();
        if (const auto done = lease->executeScript(sql); !done.ok())
            qFatal("%s", describe(done.error()).constData());
    }

private:
    QTemporaryDir m_folder;
    db::ConnectionPool m_pool;
    ProgressCounter m_progress;
};

} // namespace a360::test

// SPDX-License-Identifier: GPL-3.0-or-later
// Reads all contacts of a database through the export's row reader and encoder, without writing them anywhere:
//   bench_rows <database url> <csv|jsonl|none> <join|apart>
// Prints rows, bytes and seconds; to be compared with psql's \copy of the same columns in the same run.
#include "transfer/row_encoder.h"
#include "transfer/row_reader.h"

#include <QCoreApplication>

#include <chrono>
#include <cstdio>

using namespace a360;

int main(int argc, char **argv)
{
    const QCoreApplication app(argc, argv);
    if (argc < 4)
        return 2;
    const auto url = db::DatabaseUrl::parse(QString::fromLocal8Bit(argv[1]));
    const auto format = transfer::formatByName(QString::fromLocal8Bit(argv[2]));
    db::ConnectionPool pool(*url, {});
    auto lease = pool.lease();
    const auto schema = contacts::SchemaInfo::probe(*lease);
    *lease = db::Lease();
    if (!schema.ok()) {
        std::fprintf(stderr, "%s\n", qPrintable(schema.error().message));
        return 4;
    }
    transfer::RowReaderOptions options;
    options.query = contacts::parseQuery(contacts::Entity::Contact, {}, contacts::DefaultOrder::ById)->query;
    options.columns = contacts::presetColumns(contacts::Entity::Contact, contacts::Preset::List);
    options.companiesApart = qstrcmp(argv[3], "apart") == 0;
    transfer::RowReader reader(pool, std::make_shared<contacts::SchemaInfo>(*schema), options, {});
    const auto encoder = format ? transfer::makeEncoder(*format, options.columns, false) : nullptr;
    const auto startedAt = std::chrono::steady_clock::now();
    std::string out;
    qint64 bytes = 0;
    const auto done = reader.run([&](std::unique_ptr<db::RowBatch> batch) {
        if (encoder)
            encoder->rows(*batch, bytes == 0, out);
        bytes += static_cast<qint64>(out.size());
        out.clear();
        return batch;
    });
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - startedAt).count();
    if (!done.ok())
        std::fprintf(stderr, "%s (%s)\n", qPrintable(done.error().message), qPrintable(done.error().detail));
    std::printf("%lld rows, %lld bytes, %.2f s\n", reader.rowsDelivered(), bytes, seconds);
    return done.ok() ? 0 : 4;
}

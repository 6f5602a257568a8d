// SPDX-License-Identifier: GPL-3.0-or-later
// Measures the stages of reading a CSV file: bench_csv FILE. The first line warms the page cache up.
#include "core/text.h"
#include "transfer/csv_reader.h"
#include "transfer/encoding_detection.h"
#include "transfer/value_rules.h"

#include <chrono>
#include <cstdio>
#include <functional>

using namespace a360;
using namespace a360::transfer;

namespace {

void fail(const Error &error)
{
    std::fprintf(stderr, "%s\n", qPrintable(error.message));
    std::exit(1);
}

template <typename T>
T must(Result<T> result)
{
    if (!result.ok())
        fail(result.error());
    return std::move(result).value();
}

/// Runs a stage, which returns a checksum so that nothing is optimised away.
void measure(const char *name, qint64 bytes, const std::function<qint64()> &stage)
{
    const auto start = std::chrono::steady_clock::now();
    const qint64 sum = stage();
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    std::printf("%-34s %8.3f s %9.0f MB/s   (%lld)\n", name, seconds.count(),
                static_cast<double>(bytes) / 1e6 / seconds.count(), static_cast<long long>(sum));
}

qint64 readThrough(const InputFile &file, InputDigest digest, Utf8Census *census)
{
    const auto source = must(file.source(digest));
    QByteArray buffer(1 << 20, Qt::Uninitialized);
    qint64 total = 0;
    for (;;) {
        const qint64 n = must(source->read(buffer.data(), buffer.size()));
        if (n == 0)
            return total;
        if (census)
            census->add({buffer.constData(), static_cast<size_t>(n)});
        total += n;
    }
}

qint64 readRecords(const InputFile &file, const CsvFormat &format, const std::function<qint64(RecordChunk &)> &use)
{
    ChunkReader reader(must(file.source(InputDigest::None)), format, true);
    qint64 sum = 0;
    RecordChunk chunk;
    while (must(reader.next(chunk)))
        sum += use(chunk);
    return sum;
}

} // namespace

int main(int argc, char **argv)
{
    if (argc != 2) {
        std::fprintf(stderr, "usage: bench_csv FILE\n");
        return 2;
    }
    const auto file = must(InputFile::open(QString::fromLocal8Bit(argv[1])));
    const CsvFormat format = must(sniffCsv(*file, {}, true));
    const qint64 size = readThrough(*file, InputDigest::None, nullptr);
    measure("read", size, [&] { return readThrough(*file, InputDigest::None, nullptr); });
    measure("read, SHA-256", size, [&] { return readThrough(*file, InputDigest::Sha256, nullptr); });
    measure("read, count UTF-8", size, [&] {
        Utf8Census census;
        readThrough(*file, InputDigest::None, &census);
        return census.valid();
    });
    measure("sniff", size, [&] { return must(sniffCsv(*file, {}, true)).firstRowOffset; });
    measure("split into chunks", size,
            [&] { return readRecords(*file, format, [](const RecordChunk &c) { return c.rows; }); });
    measure("split, cells", size, [&] {
        return readRecords(*file, format, [&](const RecordChunk &c) {
            qint64 cells = 0;
            for (RecordCursor cursor(c, format); cursor.next();)
                cells += static_cast<qint64>(cursor.cells().size());
            return cells;
        });
    });
    measure("split, cells, decoded, normalised", size, [&] {
        std::vector<char> scratch;
        return readRecords(*file, format, [&](const RecordChunk &c) {
            qint64 bytes = 0;
            for (RecordCursor cursor(c, format); cursor.next();) {
                for (const std::string_view cell : cursor.cells()) {
                    std::string_view text;
                    if (decodeCell(cell, format.encoding, scratch, text))
                        bytes += static_cast<qint64>(normaliseText(text).size());
                }
            }
            return bytes;
        });
    });
    measure("a million keys (bytes of names)", 80'000'000, [] {
        qint64 sum = 0;
        std::string name(80, 'x');
        for (int i = 0; i < 1'000'000; ++i) {
            name[0] = static_cast<char>('a' + i % 26);
            sum += uuid5Url(name)[35];
        }
        return sum;
    });
    return 0;
}

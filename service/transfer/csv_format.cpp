// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/csv_format.h"

#include "transfer/dialect_detection.h"
#include "transfer/encoding_detection.h"
#include "transfer/text_decoding.h"

#include <algorithm>

namespace a360::transfer {

namespace {

constexpr qint64 headSize = 4 * 1024 * 1024;
constexpr qint64 pieceSize = 1024 * 1024;

struct EncodingName
{
    QLatin1StringView name;
    Encoding encoding;
};

// The first name of each encoding is the one shown.
constexpr EncodingName encodingNames[] = {
    {QLatin1StringView("utf-8"), Encoding::Utf8},
    {QLatin1StringView("utf8"), Encoding::Utf8},
    {QLatin1StringView("utf-16le"), Encoding::Utf16Le},
    {QLatin1StringView("utf16le"), Encoding::Utf16Le},
    {QLatin1StringView("utf-16"), Encoding::Utf16Le},
    {QLatin1StringView("utf16"), Encoding::Utf16Le},
    {QLatin1StringView("utf-16be"), Encoding::Utf16Be},
    {QLatin1StringView("utf16be"), Encoding::Utf16Be},
    {QLatin1StringView("windows-1252"), Encoding::Windows1252},
    {QLatin1StringView("windows1252"), Encoding::Windows1252},
    {QLatin1StringView("cp1252"), Encoding::Windows1252},
    {QLatin1StringView("latin1"), Encoding::Latin1},
    {QLatin1StringView("latin-1"), Encoding::Latin1},
    {QLatin1StringView("iso-8859-1"), Encoding::Latin1},
};

Error notText(const QString &why)
{
    return makeError(ErrorCode::UnusableInput, QStringLiteral("This is not a text file: %1.").arg(why));
}

Error binaryAt(qint64 offset, std::string_view head)
{
    using namespace std::string_view_literals;
    if (head.starts_with("PK\x03\x04"sv))
        return notText(QStringLiteral("it is a ZIP archive or an office document (byte %1 is NUL). Export it as CSV first")
                           .arg(offset));
    // Half of a UTF-16 file of Western text is NUL, always the same half.
    const auto nulsAt = [&](size_t parity) {
        qint64 count = 0;
        for (size_t i = parity; i < std::min<size_t>(head.size(), 256); i += 2)
            count += head[i] == '\0';
        return count;
    };
    const qint64 even = nulsAt(0), odd = nulsAt(1);
    if (std::max(even, odd) > 8 && std::min(even, odd) == 0)
        return notText(QStringLiteral("byte %1 is NUL. It looks like UTF-16 without a byte order mark; if it is, name the "
                                      "encoding (%2)")
                           .arg(offset)
                           .arg(odd > even ? QStringLiteral("utf-16le") : QStringLiteral("utf-16be")));
    return notText(QStringLiteral("byte %1 is NUL").arg(offset));
}

Result<void> checkOverrides(const CsvOverrides &overrides)
{
    const auto unusable = [](char c) { return c == '\n' || c == '\r' || static_cast<signed char>(c) <= 0; };
    if (overrides.delimiter && (unusable(*overrides.delimiter) || *overrides.delimiter == overrides.quote.value_or('"')))
        return makeError(ErrorCode::InvalidArgument,
                         QStringLiteral("The delimiter must be one ASCII character other than the quote and a newline."),
                         QStringLiteral("delimiter"));
    if (overrides.quote && unusable(*overrides.quote))
        return makeError(ErrorCode::InvalidArgument,
                         QStringLiteral("The quote must be one ASCII character other than a newline."),
                         QStringLiteral("quote"));
    return {};
}

/// Appends up to `size` bytes; fewer only at the end.
Result<void> readInto(ByteSource &source, QByteArray &bytes, qint64 size)
{
    const qint64 target = bytes.size() + size;
    while (bytes.size() < target) {
        const qsizetype old = bytes.size();
        bytes.resize(std::min(target, old + pieceSize));
        auto n = source.read(bytes.data() + old, bytes.size() - old);
        bytes.truncate(old + (n.ok() ? n.value() : 0));
        A360_TRY_ASSIGN(const qint64 taken, std::move(n));
        if (taken == 0)
            break;
    }
    return {};
}

void report(ProgressCounter *progress, const ByteSource &source)
{
    if (!progress)
        return;
    progress->update([&](Progress &p) {
        p.bytesDone = source.inputPosition();
        p.bytesTotal = source.inputSize();
    });
}

/// Reads the rest of the file for the census.
Result<void> countRest(ByteSource &source, Utf8Census &census, ProgressCounter *progress, const CancelToken &cancel)
{
    QByteArray piece(pieceSize, Qt::Uninitialized);
    for (;;) {
        A360_TRY(cancel.check());
        A360_TRY_ASSIGN(const qint64 n, source.read(piece.data(), piece.size()));
        if (n == 0)
            break;
        census.add({piece.constData(), static_cast<size_t>(n)});
        if (census.firstNul() >= 0)
            break;
        report(progress, source);
    }
    census.finish();
    return {};
}

/// The user's word counts; only which half of UTF-16 comes first is the mark's to say.
Encoding settle(std::optional<Encoding> chosen, const ByteOrderMark &mark)
{
    if (!chosen || (isUtf16(*chosen) && mark.encoding && isUtf16(*mark.encoding)))
        return *mark.encoding;
    return *chosen;
}

bool isMarkOf(const ByteOrderMark &mark, Encoding encoding)
{
    return mark.encoding && isUtf16(*mark.encoding) == isUtf16(encoding);
}

} // namespace

std::optional<Encoding> encodingByName(QStringView name)
{
    for (const EncodingName &known : encodingNames) {
        if (name.compare(known.name, Qt::CaseInsensitive) == 0)
            return known.encoding;
    }
    return std::nullopt;
}

QString encodingName(Encoding encoding)
{
    for (const EncodingName &known : encodingNames) {
        if (known.encoding == encoding)
            return known.name;
    }
    return {};
}

Result<CsvFormat> sniffCsv(const InputFile &file, const CsvOverrides &overrides, bool wholeFile,
                           ProgressCounter *progress, CancelToken cancel)
{
    A360_TRY(checkOverrides(overrides));
    A360_TRY_ASSIGN(const auto source, file.source(InputDigest::None));
    QByteArray head;
    A360_TRY(cancel.check());
    A360_TRY(readInto(*source, head, headSize));
    if (head.isEmpty())
        return makeError(ErrorCode::UnusableInput, QStringLiteral("%1 is empty.").arg(file.displayName()));
    const bool headIsAll = head.size() < headSize;
    const std::string_view headView(head.constData(), static_cast<size_t>(head.size()));
    if (headView.starts_with(std::string_view("\xFF\xFE\0\0", 4)))
        return notText(QStringLiteral("its byte order mark says UTF-32, which is not supported. Save it as UTF-8"));

    CsvFormat format;
    const ByteOrderMark mark = findByteOrderMark(headView);
    const bool settled = overrides.encoding || mark.encoding;
    if (settled)
        format.encoding = settle(overrides.encoding, mark);
    if (!settled || !isUtf16(format.encoding)) {
        Utf8Census census;
        census.add(headView);
        if (wholeFile && !headIsAll && census.firstNul() < 0)
            A360_TRY(countRest(*source, census, progress, cancel));
        else if (headIsAll)
            census.finish();
        if (census.firstNul() >= 0)
            return binaryAt(census.firstNul(), headView);
        if (!settled)
            format.encoding = census.verdict();
    }
    format.byteOrderMark = isMarkOf(mark, format.encoding);

    FileHead text;
    text.whole = headIsAll;
    text.offset = format.byteOrderMark ? mark.size : 0;
    if (isUtf16(format.encoding)) {
        Utf16Decoder decoder(format.encoding);
        decoder.decode(headView.substr(static_cast<size_t>(text.offset)), text.text);
        if (headIsAll)
            decoder.finish(text.text);
    } else {
        text.text = text.offset == 0 ? head : head.mid(text.offset);
    }
    A360_TRY(detectDialect(text, overrides, format));
    return format;
}

} // namespace a360::transfer

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transfer/byte_source.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <functional>

/// What several tests of this folder need.
namespace a360::transfer::test {

/// Hands out given bytes in pieces whose sizes `pieceSize` chooses.
class PiecewiseSource : public ByteSource
{
public:
    PiecewiseSource(QByteArray bytes, std::function<qint64()> pieceSize)
        : m_bytes(std::move(bytes)), m_pieceSize(std::move(pieceSize))
    {
    }
    Result<qint64> read(char *data, qint64 size) override
    {
        const qint64 n = std::min({size, m_bytes.size() - m_at, std::max<qint64>(1, m_pieceSize())});
        std::copy_n(m_bytes.constData() + m_at, n, data);
        m_at += n;
        return n;
    }
    qint64 inputPosition() const override { return m_at; }
    qint64 inputSize() const override { return m_bytes.size(); }
    QByteArray inputSha256() const override { return {}; }

private:
    QByteArray m_bytes;
    std::function<qint64()> m_pieceSize;
    qint64 m_at = 0;
};

inline std::unique_ptr<ByteSource> wholeSource(const QByteArray &bytes)
{
    return std::make_unique<PiecewiseSource>(bytes, [] { return qint64{1} << 30; });
}

/// A folder for one test, and files in it.
class Folder
{
public:
    QString path(const QString &name) const { return m_dir.filePath(name); }
    QString write(const QString &name, const QByteArray &bytes) const
    {
        QFile file(path(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("cannot write %s", qPrintable(file.fileName()));
        return file.fileName();
    }

private:
    QTemporaryDir m_dir;
};

/// All that a source has to give.
inline Result<QByteArray> readAll(ByteSource &source, qint64 piece = 64 * 1024)
{
    QByteArray all, buffer(piece, Qt::Uninitialized);
    for (;;) {
        A360_TRY_ASSIGN(const qint64 n, source.read(buffer.data(), buffer.size()));
        if (n == 0)
            return all;
        all.append(buffer.constData(), n);
    }
}

/// UTF-16 bytes of a text.
inline QByteArray utf16(const QString &text, bool bigEndian)
{
    QByteArray bytes;
    for (const QChar c : text) {
        const char low = static_cast<char>(c.unicode() & 0xFF), high = static_cast<char>(c.unicode() >> 8);
        bytes.append(bigEndian ? high : low).append(bigEndian ? low : high);
    }
    return bytes;
}

} // namespace a360::transfer::test

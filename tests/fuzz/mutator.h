// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArrayList>
#include <QRandomGenerator>

#include <algorithm>

namespace a360::fuzz {

/// Random choices that the seed decides. The test data rows are named by their seeds, so a failure, a crash included,
/// names its seed.
class Mutator
{
public:
    explicit Mutator(quint32 seed) : m_random(seed) {}

    int below(int bound) { return static_cast<int>(m_random.bounded(static_cast<quint32>(std::max(bound, 1)))); }
    bool oneIn(int n) { return below(n) == 0; }
    template <typename List>
    auto pick(const List &list)
    {
        return *(std::begin(list) + below(static_cast<int>(std::size(list))));
    }

    /// A few small accidents: flipped, lost, doubled, moved and foreign bytes.
    QByteArray damaged(QByteArray bytes, const QByteArrayList &dictionary)
    {
        for (int accidents = 1 + below(6); accidents > 0; --accidents) {
            const int at = below(static_cast<int>(bytes.size()) + 1);
            const int length = 1 + below(oneIn(5) ? 200 : 4);
            switch (below(8)) {
            case 0:
                if (at < bytes.size())
                    bytes[at] = static_cast<char>(bytes[at] ^ (1 << below(8)));
                break;
            case 1: bytes.truncate(at); break;
            case 2: bytes.remove(at, length); break;
            case 3: bytes.insert(at, bytes.mid(below(static_cast<int>(bytes.size()) + 1), length)); break;
            case 4: bytes.insert(at, QByteArray(length, static_cast<char>(below(256)))); break;
            default: bytes.insert(at, pick(dictionary)); break;
            }
        }
        return bytes;
    }

private:
    QRandomGenerator m_random;
};

} // namespace a360::fuzz

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace a360::cache {

/// A flag that threads waiting in poll() see: its descriptor is readable once it was raised, and stays so.
/// Thread-safe.
class WakeSignal
{
public:
    WakeSignal();
    ~WakeSignal();
    WakeSignal(const WakeSignal &) = delete;
    WakeSignal &operator=(const WakeSignal &) = delete;

    void raise();
    bool isRaised() const;
    int descriptor() const { return m_descriptor; }

private:
    int m_descriptor = -1;
};

} // namespace a360::cache

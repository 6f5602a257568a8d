// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "command_line.h"
#include "composition.h"
#include "interrupt.h"

#include "core/logging.h"

#include <optional>

namespace a360::app {

/// What every command that works on a database begins with, in this order: Ctrl+C cancels, the settings, the log, the
/// open database; undone in reverse. Each step says what is wrong itself. One at a time, in the main thread.
class Opener
{
public:
    explicit Opener(const CommandLine &line) : m_line(line), m_console(line.isSet("quiet")) {}

    /// Settings and log. False: the process ends with exitCode().
    bool begin();
    /// Blocks (network, disk). Says what the migrations have to say. False: the process ends with exitCode().
    bool open(Access access);
    int exitCode() const { return m_exitCode; }

    Console &console() { return m_console; }
    CancelToken cancel() const { return m_interrupt.token(); }
    const Settings &settings() const { return *m_settings; } ///< after begin()
    Service &service() { return *m_service; }                ///< after open()

private:
    bool fail(const Error &error, ErrorOrigin origin);

    const CommandLine &m_line;
    Console m_console;
    const Interrupt m_interrupt;
    std::optional<Settings> m_settings;
    std::unique_ptr<Logging> m_logging;
    std::unique_ptr<Service> m_service;
    int m_exitCode = ExitDone;
};

} // namespace a360::app

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "exit_code.h"

#include <QByteArray>
#include <QString>

#include <mutex>

namespace a360::app {

/// Standard error for people, standard output for data. Thread-safe; a live progress line is wiped before and redrawn
/// after a message.
class Console
{
public:
    explicit Console(bool quiet = false);

    void note(const QString &text);    ///< hidden by --quiet
    void warning(const QString &text);
    void error(const Error &error);
    /// Prints the error and returns what the process ends with.
    int fail(const Error &error, ErrorOrigin origin);
    void live(const QString &text);    ///< replaces the live line; only where errorIsTerminal()
    void endLive();
    bool quiet() const { return m_quiet; }
    bool errorIsTerminal() const { return m_terminal; }

    /// Bytes to standard output; Error{Io} when it is full or closed.
    static Result<void> data(const QByteArray &bytes);

private:
    void print(const QString &text);
    std::mutex m_mutex;
    bool m_quiet;
    bool m_terminal;
    QString m_live; // guarded by m_mutex
};

} // namespace a360::app

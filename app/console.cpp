// SPDX-License-Identifier: GPL-3.0-or-later
#include "console.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <unistd.h>

namespace a360::app {

namespace {

void toStandardError(const QString &text)
{
    const QByteArray bytes = text.toUtf8();
    std::fwrite(bytes.constData(), 1, static_cast<size_t>(bytes.size()), stderr);
    std::fflush(stderr);
}

const QString kWipe = QStringLiteral("\r\033[K");

} // namespace

Console::Console(bool quiet) : m_quiet(quiet), m_terminal(::isatty(STDERR_FILENO) == 1) {}

void Console::print(const QString &text)
{
    std::lock_guard lock(m_mutex);
    if (m_live.isEmpty()) {
        toStandardError(text + QLatin1Char('\n'));
        return;
    }
    toStandardError(kWipe + text + QLatin1Char('\n') + m_live);
}

void Console::note(const QString &text)
{
    if (!m_quiet)
        print(text);
}

void Console::warning(const QString &text)
{
    print(QStringLiteral("Warning: ") + text);
}

void Console::error(const Error &error)
{
    QString text = QStringLiteral("a360: ") + error.message;
    if (!error.detail.isEmpty() && !error.message.contains(error.detail))
        text += QStringLiteral("\n      (%1)").arg(error.detail);
    print(text);
}

int Console::fail(const Error &failure, ErrorOrigin origin)
{
    error(failure);
    return exitCode(failure, origin);
}

void Console::live(const QString &text)
{
    std::lock_guard lock(m_mutex);
    m_live = text;
    toStandardError(kWipe + m_live);
}

void Console::endLive()
{
    std::lock_guard lock(m_mutex);
    if (!m_live.isEmpty())
        toStandardError(kWipe);
    m_live.clear();
}

Result<void> Console::data(const QByteArray &bytes)
{
    const bool written = std::fwrite(bytes.constData(), 1, static_cast<size_t>(bytes.size()), stdout)
                         == static_cast<size_t>(bytes.size());
    if (!written || std::fflush(stdout) != 0) {
        return makeError(ErrorCode::Io, QStringLiteral("Cannot write to standard output: %1.")
                                            .arg(QString::fromLocal8Bit(std::strerror(errno))));
    }
    return {};
}

} // namespace a360::app

// SPDX-License-Identifier: GPL-3.0-or-later
#include "opener.h"

namespace a360::app {

bool Opener::fail(const Error &error, ErrorOrigin origin)
{
    m_exitCode = m_console.fail(error, origin);
    return false;
}

bool Opener::begin()
{
    Result<Settings> settings = m_line.settings();
    if (!settings)
        return fail(settings.error(), ErrorOrigin::Usage);
    m_settings = std::move(*settings);
    auto logging = Logging::install(LogOptions::from(*m_settings, m_console.errorIsTerminal()));
    if (!logging)
        return fail(logging.error(), ErrorOrigin::Usage);
    m_logging = std::move(*logging);
    return true;
}

bool Opener::open(Access access)
{
    auto service = openService(*m_settings, access, cancel());
    if (!service)
        return fail(service.error(), ErrorOrigin::Database);
    m_service = std::move(*service);
    for (const QString &note : m_service->migrationReport().notes)
        m_console.note(note);
    return true;
}

} // namespace a360::app

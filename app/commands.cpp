// SPDX-License-Identifier: GPL-3.0-or-later
#include "commands.h"

namespace a360::app {

std::span<const Command> commands()
{
    static constexpr Command all[] = {
        {"import", "Read contacts or companies from a CSV file", &runImportCommand},
        {"export", "Write contacts or companies to a file", &runExportCommand},
        {"count", "Count contacts or companies", &runCountCommand},
        {"indexes", "Compare the indexes of a database with the recommended ones", &runIndexesCommand},
        {"analyze", "Show how a list is found and what would be quicker", &runAnalyzeCommand},
        {"serve", "Serve them over HTTP", &runServeCommand},
        {"token", "Make, list and revoke access tokens", &runTokenCommand},
        {"config", "Show the settings and where they come from", &runConfigCommand},
    };
    return all;
}

} // namespace a360::app

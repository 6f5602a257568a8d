// SPDX-License-Identifier: GPL-3.0-or-later
#include "standard_streams.h"

#include <cerrno>
#include <initializer_list>

#include <fcntl.h>
#include <unistd.h>

namespace a360::app {

void occupyClosedStreams()
{
    for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (::fcntl(stream, F_GETFD) >= 0 || errno != EBADF)
            continue;
        // open() takes the lowest free number. What cannot be used: a device that is only written for input, and a folder for
        // output, as it cannot be opened anew for writing either.
        const int taken = stream == STDIN_FILENO ? ::open("/dev/null", O_WRONLY) : ::open("/", O_RDONLY);
        if (taken < 0)
            return; // nothing better can be had
    }
}

} // namespace a360::app

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <QLoggingCategory>

#include <memory>

namespace a360 {

// One category per room; `QT_LOGGING_RULES="a360.db.debug=true"` opens one of them.
Q_DECLARE_LOGGING_CATEGORY(lcCore)
Q_DECLARE_LOGGING_CATEGORY(lcDb)
Q_DECLARE_LOGGING_CATEGORY(lcCache)
Q_DECLARE_LOGGING_CATEGORY(lcContacts)
Q_DECLARE_LOGGING_CATEGORY(lcTasks)
Q_DECLARE_LOGGING_CATEGORY(lcTransfer)
Q_DECLARE_LOGGING_CATEGORY(lcRest)
Q_DECLARE_LOGGING_CATEGORY(lcApp)

class Settings;

struct LogOptions
{
    QtMsgType level = QtInfoMsg;  ///< least severity that is written
    bool json = true;             ///< one JSON object a line, else plain text
    bool console = true;          ///< to standard error; standard output is for data and never written to
    QString filePath;             ///< rotated log file as well; empty: none
    qint64 maxBytes = 10485760;
    int backups = 5;

    /// LOG_* settings. `terminal`: text is preferred unless LOG_FORMAT was set.
    static LogOptions from(const Settings &settings, bool terminal);
};

/// Takes over Qt's messages for its own lifetime; one at a time, made first and destroyed last in a program. Writing is
/// thread-safe and never throws; a log file that cannot be written any more is given up with one line on standard error.
class Logging
{
public:
    static Result<std::unique_ptr<Logging>> install(const LogOptions &options);
    ~Logging();
    Logging(const Logging &) = delete;
    Logging &operator=(const Logging &) = delete;

private:
    explicit Logging(const LogOptions &options);
    class Writer;
    std::shared_ptr<Writer> m_writer;
    QtMessageHandler m_previous = nullptr;
};

/// One log line without its newline, as text or JSON.
QByteArray formatLogLine(QtMsgType type, const char *category, const QString &message, qint64 millisecondsUtc, bool json);
/// Known harmless messages of Qt that would only frighten (Qt HTTP Server says "nextPendingConnection() called while not
/// listening" once per connection of a server that takes its sockets from elsewhere).
bool isHarmlessQtMessage(const QString &message);

} // namespace a360

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/logging.h"

#include "core/rotating_file.h"
#include "core/settings.h"

#include <QDateTime>
#include <QJsonDocument>
#include <QJsonObject>

#include <cstdio>
#include <mutex>
#include <optional>

namespace a360 {

Q_LOGGING_CATEGORY(lcCore, "a360.core")
Q_LOGGING_CATEGORY(lcDb, "a360.db")
Q_LOGGING_CATEGORY(lcCache, "a360.cache")
Q_LOGGING_CATEGORY(lcContacts, "a360.contacts")
Q_LOGGING_CATEGORY(lcTasks, "a360.tasks")
Q_LOGGING_CATEGORY(lcTransfer, "a360.transfer")
Q_LOGGING_CATEGORY(lcRest, "a360.rest")
Q_LOGGING_CATEGORY(lcApp, "a360.app")

namespace {

/// QtMsgType's numbers are not in order of severity.
int severity(QtMsgType type)
{
    switch (type) {
    case QtDebugMsg: return 0;
    case QtInfoMsg: return 1;
    case QtWarningMsg: return 2;
    case QtCriticalMsg: return 3;
    case QtFatalMsg: return 4;
    }
    return 4;
}

const char *levelName(QtMsgType type)
{
    static constexpr const char *names[] = {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"};
    return names[severity(type)];
}

} // namespace

bool isHarmlessQtMessage(const QString &message)
{
    return message.contains(QLatin1String("nextPendingConnection() called while not listening"));
}

QByteArray formatLogLine(QtMsgType type, const char *category, const QString &message, qint64 millisecondsUtc, bool json)
{
    const QString time = QDateTime::fromMSecsSinceEpoch(millisecondsUtc).toUTC().toString(Qt::ISODateWithMs);
    const QString room = QString::fromUtf8(category ? category : "default");
    if (json) {
        const QJsonObject line{{QStringLiteral("time"), time},
                               {QStringLiteral("level"), QString::fromLatin1(levelName(type))},
                               {QStringLiteral("category"), room},
                               {QStringLiteral("message"), message}};
        return QJsonDocument(line).toJson(QJsonDocument::Compact);
    }
    QString text = message;
    text.replace(QLatin1Char('\n'), QLatin1String("\n    ")); // a second line can never pass for an entry
    return QStringLiteral("%1 %2 %3: %4").arg(time, QString::fromLatin1(levelName(type)), room, text).toUtf8();
}

LogOptions LogOptions::from(const Settings &settings, bool terminal)
{
    LogOptions options;
    const QString level = settings.text("LOG_LEVEL");
    if (level == QLatin1String("DEBUG"))
        options.level = QtDebugMsg;
    else if (level == QLatin1String("WARNING"))
        options.level = QtWarningMsg;
    else if (level == QLatin1String("ERROR"))
        options.level = QtCriticalMsg;
    else if (level == QLatin1String("CRITICAL"))
        options.level = QtFatalMsg;
    constexpr SettingKey<SettingType::Text, SettingType::Choice> format("LOG_FORMAT");
    options.json = settings.source(format) == SettingSource::Default ? !terminal
                                                                     : settings.text(format) == QLatin1String("json");
    options.console = settings.flag("LOG_TO_CONSOLE");
    options.filePath = settings.text("LOG_FILE_PATH");
    options.maxBytes = settings.integer("LOG_MAX_BYTES");
    options.backups = static_cast<int>(settings.integer("LOG_BACKUP_COUNT"));
    return options;
}

class Logging::Writer
{
public:
    explicit Writer(const LogOptions &options) : m_options(options)
    {
        if (!options.filePath.isEmpty())
            m_file.emplace(options.filePath, options.maxBytes, options.backups);
    }

    Result<void> open() { return m_file ? m_file->open() : Result<void>(); }

    void write(QtMsgType type, const QMessageLogContext &context, const QString &message)
    {
        if (severity(type) < severity(m_options.level) || isHarmlessQtMessage(message))
            return;
        const QByteArray line =
            formatLogLine(type, context.category, message, QDateTime::currentMSecsSinceEpoch(), m_options.json);
        std::lock_guard lock(m_mutex);
        if (m_options.console)
            toStandardError(line);
        if (!m_file)
            return;
        if (const Result<void> written = m_file->writeLine(line); !written) {
            m_file.reset();
            toStandardError(written.error().message.toUtf8());
        }
    }

    /// The handler is a plain function, so the writer it serves has to be reachable from one place.
    static std::shared_ptr<Writer> &current()
    {
        static std::shared_ptr<Writer> writer;
        return writer;
    }
    static std::mutex &currentMutex()
    {
        static std::mutex mutex;
        return mutex;
    }
    static void handle(QtMsgType type, const QMessageLogContext &context, const QString &message)
    {
        std::shared_ptr<Writer> writer;
        {
            std::lock_guard lock(currentMutex());
            writer = current();
        }
        if (writer)
            writer->write(type, context, message);
    }

private:
    static void toStandardError(const QByteArray &line)
    {
        std::fwrite((line + '\n').constData(), 1, static_cast<size_t>(line.size()) + 1, stderr);
    }

    const LogOptions m_options;
    std::mutex m_mutex;
    std::optional<RotatingFile> m_file; // guarded by m_mutex
};

Logging::Logging(const LogOptions &options) : m_writer(std::make_shared<Writer>(options)) {}

Result<std::unique_ptr<Logging>> Logging::install(const LogOptions &options)
{
    std::unique_ptr<Logging> logging(new Logging(options));
    A360_TRY(logging->m_writer->open());
    {
        std::lock_guard lock(Writer::currentMutex());
        Writer::current() = logging->m_writer;
    }
    logging->m_previous = qInstallMessageHandler(&Writer::handle);
    return logging;
}

Logging::~Logging()
{
    std::lock_guard lock(Writer::currentMutex());
    if (Writer::current() != m_writer)
        return; // never installed
    qInstallMessageHandler(m_previous);
    Writer::current().reset();
}

} // namespace a360

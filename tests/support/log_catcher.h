// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QStringList>

#include <mutex>

namespace a360::test {

/// What was logged meanwhile in the category a360.db.
class LogCatcher
{
public:
    LogCatcher() : m_before(qInstallMessageHandler(&LogCatcher::take)) { s_lines = {}; }
    ~LogCatcher() { qInstallMessageHandler(m_before); }
    LogCatcher(const LogCatcher &) = delete;
    LogCatcher &operator=(const LogCatcher &) = delete;

    static QStringList lines(QtMsgType type, const QString &part)
    {
        const std::lock_guard lock(s_mutex);
        QStringList found;
        for (const auto &[kind, text] : s_lines) {
            if (kind == type && text.contains(part))
                found << text;
        }
        return found;
    }

private:
    static void take(QtMsgType type, const QMessageLogContext &context, const QString &text)
    {
        const std::lock_guard lock(s_mutex);
        if (qstrcmp(context.category, "a360.db") == 0)
            s_lines.append({type, text});
    }
    static inline std::mutex s_mutex;
    static inline QList<std::pair<QtMsgType, QString>> s_lines;
    QtMessageHandler m_before;
};

} // namespace a360::test

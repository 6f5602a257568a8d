// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "db/database_url.h"

#include <QSettings>
#include <QStringList>

namespace a360::ui {

/// What the window remembers between runs, in one ini file: some things for the whole window, some for each database
/// (columns, filters, last folder). Passwords and other secrets of an address are never kept here.
class Remembered
{
public:
    explicit Remembered(const QString &iniFile);

    QVariant value(const QString &key) const { return m_settings.value(QStringLiteral("window/") + key); }
    void setValue(const QString &key, const QVariant &value) { m_settings.setValue(QStringLiteral("window/") + key, value); }

    void chooseDatabase(const db::DatabaseUrl &url);
    QVariant databaseValue(const QString &key) const { return m_settings.value(m_group + key); }
    void setDatabaseValue(const QString &key, const QVariant &value) { m_settings.setValue(m_group + key, value); }

    /// The database opened last, without its secrets; nullopt at the first start.
    std::optional<db::DatabaseUrl> lastDatabase() const;
    void setLastDatabase(const db::DatabaseUrl &url);

private:
    QSettings m_settings;
    QString m_group;
};

} // namespace a360::ui

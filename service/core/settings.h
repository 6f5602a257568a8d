// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "core/setting_value.h"
#include "core/settings_table.h"

#include <QMap>
#include <QProcessEnvironment>
#include <QStringList>

#include <array>

namespace a360 {

/// A name from the settings table together with its type, both checked when compiling: `settings.integer("MAX_PAGE_SIZE")`
/// does not compile when there is no such integer setting.
template <SettingType... Types>
class SettingKey
{
public:
    consteval SettingKey(const char *name) : m_index(static_cast<size_t>(settingIndex(name)))
    {
        if (settingIndex(name) < 0 || ((kSettings[m_index].type != Types) && ...))
            throw "no setting of this name and type";
    }
    constexpr size_t index() const { return m_index; }

private:
    size_t m_index;
};

enum class SettingSource { Default, Desktop, EnvFile, Environment, CommandLine };

/// Where settings are read from; the first one that has a value wins, in this order.
struct SettingsSources
{
    QMap<QString, QString> commandLine;      ///< name -> value
    QProcessEnvironment environment;
    QString envFile;                         ///< path of a `.env` file; empty: none
    bool envFileRequired = false;            ///< it was asked for by name, so its absence is an error
    QString desktopFile;                     ///< ini file of the window's settings; empty: none
};

/// The effective configuration: checked once, then read-only; cheap to copy, safe to read from any thread.
class Settings
{
public:
    /// Reads and checks all sources. Unknown names are ignored. Error{InvalidArgument} lists every bad value: variable,
    /// value (masked when secret), where it came from and what is allowed.
    static Result<Settings> load(const SettingsSources &sources);

    qint64 integer(SettingKey<SettingType::Integer> key) const;
    std::optional<qint64> optionalInteger(SettingKey<SettingType::Integer> key) const;
    double decimal(SettingKey<SettingType::Decimal> key) const;
    bool flag(SettingKey<SettingType::Boolean> key) const;
    /// Empty when unset.
    QString text(SettingKey<SettingType::Text, SettingType::Choice> key) const;
    QStringList list(SettingKey<SettingType::List> key) const;

    SettingSource source(size_t index) const { return m_values[index].source; }
    template <SettingType... Types>
    SettingSource source(SettingKey<Types...> key) const { return source(key.index()); }
    /// For people: "environment", "/srv/app/.env line 3", "built from POSTGRES_HOST, POSTGRES_DB".
    QString sourceText(size_t index) const { return m_values[index].origin; }
    /// For people: secrets masked; empty when unset.
    QString displayValue(size_t index) const;

private:
    using Typed = SettingValue;
    struct Entry
    {
        Typed value;
        SettingSource source = SettingSource::Default;
        QString origin;
    };
    struct RawValue;
    class Loader;
    std::array<Entry, kSettings.size()> m_values;
};

/// "1 to 500 connections", "commit, rollback or none": what a setting takes.
QString allowedValues(const SettingSpec &spec);
QString unitName(SettingUnit unit); ///< "bytes"; empty for None
/// The value as it may be shown: `***` for secrets, the password of a URL replaced.
QString maskedValue(const SettingSpec &spec, const QString &value);
/// `user:password@` in any URL of the text becomes `user:***@`.
QString maskUrlPassword(const QString &text);

/// A commented file with every setting at its default.
QString envTemplate();
/// docs/configuration.md.
QString settingsDocumentation();

/// Stores a value for the window (and, below the other sources, every program of this user). The file is readable by its
/// owner only. An empty value removes the entry.
Result<void> writeDesktopSetting(const QString &file, const QString &name, const QString &value);

} // namespace a360

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/settings.h"

#include "core/env_file.h"
#include "core/paths.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QLocale>
#include <QSettings>
#include <QUrl>

#include <algorithm>

namespace a360 {

struct Settings::RawValue
{
    QString text;
    SettingSource source = SettingSource::Default;
    QString origin;
};

namespace {

QString latin1(std::string_view text)
{
    return QString::fromLatin1(text.data(), static_cast<qsizetype>(text.size()));
}

const QString kDesktopGroup = QStringLiteral("settings/");

int indexOf(const QString &name)
{
    return settingIndex(name.toUpper().toLatin1().constData());
}

QString percentEncoded(const QString &text)
{
    return QString::fromLatin1(QUrl::toPercentEncoding(text));
}

} // namespace

/// Gathers the raw values of all sources, then checks them; lives for one Settings::load().
class Settings::Loader
{
public:
    explicit Loader(const SettingsSources &sources) : m_sources(sources) {}

    Result<Settings> load()
    {
        for (const SettingSpec &spec : kSettings)
            m_raw[static_cast<size_t>(settingIndex(spec.name))].text = latin1(spec.standard);
        readDesktop();
        A360_TRY(readEnvFile());
        readEnvironment();
        for (auto it = m_sources.commandLine.cbegin(); it != m_sources.commandLine.cend(); ++it)
            take(it.key(), it.value(), SettingSource::CommandLine, QStringLiteral("command line"));
        for (size_t i = 0; i < kSettings.size(); ++i)
            check(i);
        for (size_t i = 0; i < kSettings.size(); ++i)
            checkCeiling(i);
        if (!m_problems.isEmpty())
            return makeError(ErrorCode::InvalidArgument, m_problems.join(QLatin1Char('\n')), m_firstField);
        buildDatabaseUrl();
        return m_settings;
    }

private:
    void take(const QString &name, const QString &text, SettingSource source, const QString &origin)
    {
        const int index = indexOf(name);
        if (index >= 0)
            m_raw[static_cast<size_t>(index)] = {text, source, origin};
    }

    void readDesktop()
    {
        if (m_sources.desktopFile.isEmpty() || !QFileInfo::exists(m_sources.desktopFile))
            return;
        const QSettings file(m_sources.desktopFile, QSettings::IniFormat);
        for (const SettingSpec &spec : kSettings) {
            const QVariant value = file.value(kDesktopGroup + latin1(spec.name));
            if (value.isValid()) // an unquoted comma makes Qt read a list
                take(latin1(spec.name), value.toStringList().join(QLatin1Char(',')), SettingSource::Desktop,
                     QStringLiteral("desktop settings"));
        }
    }

    Result<void> readEnvFile()
    {
        const QString &path = m_sources.envFile;
        if (path.isEmpty() || (!m_sources.envFileRequired && !QFileInfo(path).isFile()))
            return {};
        QFile file(path);
        if (!file.open(QIODevice::ReadOnly)) {
            return makeError(ErrorCode::InvalidArgument,
                             QStringLiteral("Cannot read the settings file %1: %2.").arg(path, file.errorString()),
                             QStringLiteral("--env-file"));
        }
        A360_TRY_ASSIGN(const auto values, parseEnvFile(QString::fromUtf8(file.readAll()), path));
        for (auto it = values.cbegin(); it != values.cend(); ++it)
            take(it.key(), it->value, SettingSource::EnvFile, QStringLiteral("%1 line %2").arg(path).arg(it->line));
        return {};
    }

    void readEnvironment()
    {
        // Exact names last, so that MAX_PAGE_SIZE wins over max_page_size.
        QStringList names = m_sources.environment.keys();
        std::stable_partition(names.begin(), names.end(), [](const QString &name) { return name != name.toUpper(); });
        for (const QString &name : names)
            take(name, m_sources.environment.value(name), SettingSource::Environment, QStringLiteral("environment"));
    }

    void check(size_t index)
    {
        const SettingSpec &spec = kSettings[index];
        const RawValue &raw = m_raw[index];
        std::optional<SettingValue> value = parseSettingValue(spec, raw.text);
        if (!value) {
            addProblem(spec, raw, allowedValues(spec));
            return;
        }
        m_settings.m_values[index] = {std::move(*value), raw.source,
                                      raw.source == SettingSource::Default ? QStringLiteral("default") : raw.origin};
    }

    void checkCeiling(size_t index)
    {
        const SettingSpec &spec = kSettings[index];
        if (spec.ceiling.empty())
            return;
        const auto *value = std::get_if<qint64>(&m_settings.m_values[index].value);
        const auto &ceilingValue = m_settings.m_values[static_cast<size_t>(settingIndex(spec.ceiling))].value;
        const auto *ceiling = std::get_if<qint64>(&ceilingValue);
        if (!value || !ceiling || *value <= *ceiling)
            return;
        if (m_raw[index].source == SettingSource::Default)
            m_settings.m_values[index].value = *ceiling; // a lowered ceiling takes the default along
        else
            addProblem(spec, m_raw[index],
                       QStringLiteral("%1, and %2 is %3").arg(allowedValues(spec), latin1(spec.ceiling)).arg(*ceiling));
    }

    void addProblem(const SettingSpec &spec, const RawValue &raw, const QString &allowed)
    {
        if (m_firstField.isEmpty())
            m_firstField = latin1(spec.name);
        m_problems << QStringLiteral("%1 is '%2' (%3); allowed: %4.")
                          .arg(latin1(spec.name), maskedValue(spec, raw.text), raw.origin, allowed);
    }

    /// DATABASE_URL from its parts, or the embedded file when there are none. Parts from a stronger source than
    /// DATABASE_URL's own win, so that the environment overrules what the window has stored.
    void buildDatabaseUrl()
    {
        Entry &url = m_settings.m_values[SettingKey<SettingType::Text>("DATABASE_URL").index()];
        const bool unset = std::holds_alternative<std::monostate>(url.value);
        const SettingSource parts = std::max({m_settings.source(SettingKey<SettingType::Text>("POSTGRES_USER")),
                                              m_settings.source(SettingKey<SettingType::Text>("POSTGRES_HOST")),
                                              m_settings.source(SettingKey<SettingType::Text>("POSTGRES_DB"))});
        const QString user = m_settings.text("POSTGRES_USER"), host = m_settings.text("POSTGRES_HOST"),
                      name = m_settings.text("POSTGRES_DB");
        if (user.isEmpty() && host.isEmpty() && name.isEmpty()) {
            if (unset)
                url.value = QString(QStringLiteral("sqlite:///") + defaultDatabasePath());
        } else if (unset || url.source < parts) {
            url = {postgresUrl(user, host, name), parts, QStringLiteral("built from POSTGRES_*")};
        }
    }

    QString postgresUrl(const QString &user, const QString &host, const QString &name) const
    {
        const QString password = m_settings.text("POSTGRES_PASS");
        QString url = QStringLiteral("postgresql://") + percentEncoded(user);
        if (!password.isEmpty())
            url += QLatin1Char(':') + percentEncoded(password);
        if (!user.isEmpty() || !password.isEmpty())
            url += QLatin1Char('@');
        return url + (host.isEmpty() ? QStringLiteral("localhost") : host) + QLatin1Char(':')
               + QString::number(m_settings.integer("POSTGRES_PORT")) + QLatin1Char('/') + percentEncoded(name);
    }

    const SettingsSources &m_sources;
    std::array<RawValue, kSettings.size()> m_raw;
    QStringList m_problems;
    QString m_firstField;
    Settings m_settings;
};

Result<Settings> Settings::load(const SettingsSources &sources)
{
    return Loader(sources).load();
}

qint64 Settings::integer(SettingKey<SettingType::Integer> key) const
{
    return optionalInteger(key).value_or(0);
}

std::optional<qint64> Settings::optionalInteger(SettingKey<SettingType::Integer> key) const
{
    const auto *value = std::get_if<qint64>(&m_values[key.index()].value);
    return value ? std::optional(*value) : std::nullopt;
}

double Settings::decimal(SettingKey<SettingType::Decimal> key) const
{
    const auto *value = std::get_if<double>(&m_values[key.index()].value);
    return value ? *value : 0.0;
}

bool Settings::flag(SettingKey<SettingType::Boolean> key) const
{
    const auto *value = std::get_if<bool>(&m_values[key.index()].value);
    return value && *value;
}

QString Settings::text(SettingKey<SettingType::Text, SettingType::Choice> key) const
{
    const auto *value = std::get_if<QString>(&m_values[key.index()].value);
    return value ? *value : QString();
}

QStringList Settings::list(SettingKey<SettingType::List> key) const
{
    const auto *value = std::get_if<QStringList>(&m_values[key.index()].value);
    return value ? *value : QStringList();
}

QString Settings::displayValue(size_t index) const
{
    struct Show
    {
        QString operator()(std::monostate) const { return {}; }
        QString operator()(qint64 v) const { return QString::number(v); }
        QString operator()(double v) const { return QLocale::c().toString(v, 'g', 15); }
        QString operator()(bool v) const { return v ? QStringLiteral("true") : QStringLiteral("false"); }
        QString operator()(const QString &v) const { return v; }
        QString operator()(const QStringList &v) const { return v.join(QLatin1Char(',')); }
    };
    return maskedValue(kSettings[index], std::visit(Show(), m_values[index].value));
}

Result<void> writeDesktopSetting(const QString &path, const QString &name, const QString &value)
{
    if (indexOf(name) < 0)
        return makeError(ErrorCode::InvalidArgument, QStringLiteral("There is no setting %1.").arg(name), name);
    QDir().mkpath(QFileInfo(path).absolutePath());
    constexpr auto ownerOnly = QFile::ReadOwner | QFile::WriteOwner;
    QFile file(path); // made first, so that a password never lies in a file others can read
    if (!file.open(QIODevice::ReadWrite) || !file.setPermissions(ownerOnly))
        return makeError(ErrorCode::Io, QStringLiteral("Cannot write %1: %2.").arg(path, file.errorString()), name);
    file.close();
    QSettings settings(path, QSettings::IniFormat);
    if (value.isEmpty())
        settings.remove(kDesktopGroup + name.toUpper());
    else
        settings.setValue(kDesktopGroup + name.toUpper(), value);
    settings.sync();
    if (settings.status() != QSettings::NoError || !QFile::setPermissions(path, ownerOnly))
        return makeError(ErrorCode::Io, QStringLiteral("Cannot write %1.").arg(path), name);
    return {};
}

} // namespace a360

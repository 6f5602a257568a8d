// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/remembered.h"

#include <QCryptographicHash>

namespace a360::ui {

namespace {
const QString lastDatabaseKey = QStringLiteral("window/lastDatabase");
}

Remembered::Remembered(const QString &iniFile) : m_settings(iniFile, QSettings::IniFormat) {}

void Remembered::chooseDatabase(const db::DatabaseUrl &url)
{
    const QByteArray digest = QCryptographicHash::hash(url.display().toUtf8(), QCryptographicHash::Sha256).toHex();
    m_group = QStringLiteral("database-%1/").arg(QString::fromLatin1(digest.left(12)));
}

std::optional<db::DatabaseUrl> Remembered::lastDatabase() const
{
    const QString text = m_settings.value(lastDatabaseKey).toString();
    if (text.isEmpty())
        return std::nullopt;
    Result<db::DatabaseUrl> url = db::DatabaseUrl::parse(text);
    if (!url.ok())
        return std::nullopt;
    return std::move(*url);
}

void Remembered::setLastDatabase(const db::DatabaseUrl &url)
{
    m_settings.setValue(lastDatabaseKey, url.withoutSecrets().absolute().toString());
}

} // namespace a360::ui

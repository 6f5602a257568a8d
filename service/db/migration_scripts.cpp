// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/migration_scripts.h"

#include <QDir>
#include <QFile>

// In the global namespace, as the macro demands. It also makes the linker keep the scripts in programs that link the
// static library.
static void initMigrationResource()
{
    Q_INIT_RESOURCE(migrations);
}

namespace a360::db {

std::vector<MigrationScript> migrationScripts(Dialect dialect)
{
    initMigrationResource();
    const QDir folder(dialect == Dialect::PostgreSql ? QStringLiteral(":/migrations/postgresql")
                                                     : QStringLiteral(":/migrations/sqlite"));
    std::vector<MigrationScript> scripts;
    for (const QString &fileName : folder.entryList({QStringLiteral("*.sql")}, QDir::Files, QDir::Name)) {
        QFile file(folder.filePath(fileName));
        if (!file.open(QIODevice::ReadOnly))
            continue;
        MigrationScript script;
        script.name = fileName.chopped(4);
        script.text = file.readAll();
        for (const QByteArray &line : script.text.split('\n')) {
            if (!line.startsWith("--"))
                break;
            if (line.startsWith("-- requires:")) {
                script.needsOwnSchema = line.contains("own schema");
                script.needsTrigram = line.contains("trigram");
            }
        }
        scripts.push_back(std::move(script));
    }
    return scripts;
}

} // namespace a360::db

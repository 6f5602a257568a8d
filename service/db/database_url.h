// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "db/sql.h"

#include <QMap>
#include <QStringList>

namespace a360::db {

/// Where the data lives: `postgresql://user:password@host:port/name?sslmode=…` (also `postgres://` and
/// `postgresql+asyncpg://`, as the existing service's settings write it) or `sqlite:///path` (three slashes: relative
/// path, four: absolute, as SQLAlchemy reads it; `sqlite:///:memory:` is refused, as every pooled connection would be
/// a database of its own).
struct DatabaseUrl
{
    Dialect dialect = Dialect::Sqlite;
    QString path;                      ///< SQLite: file path
    QString host, user, password, name; ///< PostgreSQL; empty values leave the choice to libpq's defaults
    int port = 0;
    QMap<QString, QString> options;    ///< PostgreSQL connection parameters, for example sslmode, application_name

    static Result<DatabaseUrl> parse(const QString &text);
    static DatabaseUrl sqliteFile(const QString &path);
    /// The files that hold the data: an SQLite database and what it keeps beside itself, whether or not they are there.
    /// None for PostgreSQL. Asks the disk, as SQLite follows a link before it names the others.
    QStringList files() const;
    /// For people and logs: the password is replaced by ***.
    QString display() const;
    /// The full URL, password included; for the settings store only.
    QString toString() const;
    /// Without anything that must not be stored: the password, and such options as sslpassword.
    DatabaseUrl withoutSecrets() const;
    /// A relative SQLite path becomes an absolute one, seen from the current folder.
    DatabaseUrl absolute() const;
};

} // namespace a360::db

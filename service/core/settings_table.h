// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/setting_spec.h"

#include <array>

namespace a360 {

namespace settings_table {

using T = SettingType;
using U = SettingUnit;
inline constexpr double kMax = SettingSpec::kNone;

constexpr SettingSpec integer(std::string_view group, std::string_view name, std::string_view standard, U unit, double low,
                              double high, std::string_view since, std::string_view meaning)
{
    return {.group = group, .name = name, .type = T::Integer, .standard = standard, .optional = standard.empty(),
            .unit = unit, .minimum = low, .maximum = high, .usedSince = since, .meaning = meaning};
}

constexpr SettingSpec decimal(std::string_view group, std::string_view name, std::string_view standard, U unit, double low,
                              double high, std::string_view since, std::string_view meaning)
{
    SettingSpec spec = integer(group, name, standard, unit, low, high, since, meaning);
    spec.type = T::Decimal;
    return spec;
}

constexpr SettingSpec flag(std::string_view group, std::string_view name, std::string_view standard, std::string_view since,
                           std::string_view meaning)
{
    return {.group = group, .name = name, .type = T::Boolean, .standard = standard, .usedSince = since, .meaning = meaning};
}

constexpr SettingSpec text(std::string_view group, std::string_view name, std::string_view standard, std::string_view since,
                           std::string_view meaning)
{
    return {.group = group, .name = name, .type = T::Text, .standard = standard, .optional = standard.empty(),
            .usedSince = since, .meaning = meaning};
}

constexpr SettingSpec secret(SettingSpec spec, SettingSecret kind, double minimumBytes = -kMax)
{
    spec.secret = kind;
    spec.minimum = minimumBytes;
    return spec;
}

constexpr SettingSpec choice(std::string_view group, std::string_view name, std::string_view standard,
                             std::string_view choices, std::string_view since, std::string_view meaning)
{
    return {.group = group, .name = name, .type = T::Choice, .standard = standard, .choices = choices,
            .usedSince = since, .meaning = meaning};
}

constexpr SettingSpec list(std::string_view group, std::string_view name, std::string_view standard, std::string_view since,
                           std::string_view meaning)
{
    return {.group = group, .name = name, .type = T::List, .standard = standard, .usedSince = since, .meaning = meaning};
}

constexpr SettingSpec atMost(SettingSpec spec, std::string_view ceiling)
{
    spec.ceiling = ceiling;
    return spec;
}

} // namespace settings_table

/// Every variable of the configuration, in the order of the documentation. The reader, the `.env` template, `a360 config`
/// and docs/configuration.md all come from here.
inline constexpr auto kSettings = [] {
    using namespace settings_table;
    using S = SettingSecret;
    constexpr std::string_view now = "0.1"; // the version this scope belongs to
    constexpr std::string_view later;
    return std::to_array<SettingSpec>({
        secret(text("Database", "DATABASE_URL", "", now,
                    "postgresql://user:password@host:port/name or sqlite:///path. Unset: built from POSTGRES_*, or else a "
                    "file in the user's data folder"), S::UrlPassword),
        text("Database", "POSTGRES_USER", "", now, "User name for a DATABASE_URL built from parts"),
        secret(text("Database", "POSTGRES_PASS", "", now, "Password for a DATABASE_URL built from parts"), S::Value),
        text("Database", "POSTGRES_HOST", "", now, "Host for a DATABASE_URL built from parts"),
        integer("Database", "POSTGRES_PORT", "5432", U::None, 1, 65535, now, "Port for a DATABASE_URL built from parts"),
        text("Database", "POSTGRES_DB", "", now, "Database name for a DATABASE_URL built from parts"),
        integer("Database", "DATABASE_POOL_SIZE", "25", U::Connections, 1, 500, now, "Connections kept open"),
        integer("Database", "DATABASE_MAX_OVERFLOW", "50", U::Connections, 0, 1000, now,
                "Further connections under load, closed when given back"),
        integer("Database", "DATABASE_POOL_TIMEOUT", "30", U::Seconds, 1, kMax, now, "Longest wait for a connection"),
        integer("Database", "DATABASE_POOL_RECYCLE", "1800", U::Seconds, 1, kMax, now,
                "Age at which a connection is replaced"),
        flag("Database", "DATABASE_POOL_PRE_PING", "true", now, "Test an idle connection before use"),
        choice("Database", "DATABASE_POOL_RESET_ON_RETURN", "commit", "commit|rollback|none", now,
               "What ends a transaction that a script of its own left open when its connection is given back (the program's "
               "own are always rolled back); none: the connection is closed"),
        flag("Database", "DATABASE_ECHO", "false", now, "Log every statement"),
        secret(text("Database", "DATABASE_REPLICA_URL", "", now,
                    "A streaming standby of the database, same form as DATABASE_URL"), S::UrlPassword),
        flag("Database", "USE_REPLICA", "false", now, "Read counts, exports and lists that are not cached from DATABASE_REPLICA_URL"),
        decimal("Database", "DATABASE_REPLICA_MAX_LAG", "1.0", U::Seconds, 0, 3600, now,
                "A replica further behind than this is not read from; nor is it for so long after a write"),
        flag("Database", "USE_APPROXIMATE_COUNTS", "false", now, "Answer unfiltered counts from planner statistics"),
        flag("Database", "ENABLE_QUERY_COMPRESSION", "true", later, "Accepted for old settings files; has no effect"),
        flag("Database", "ENABLE_QUERY_MONITORING", "true", now, "Keep statistics of slow statements"),
        decimal("Database", "SLOW_QUERY_THRESHOLD", "1.0", U::Seconds, 0.001, kMax, now,
                "Statements slower than this are kept"),

        flag("Streaming", "ENABLE_STREAMING_QUERIES", "true", now, "Off: the stream endpoints answer 503"),
        integer("Streaming", "STREAMING_CHUNK_SIZE", "1048576", U::Bytes, 4096, 16777216, now, "Most bytes handed on at a time by exports and streams"),
        integer("Streaming", "STREAMING_BATCH_SIZE", "1000", U::Rows, 1, 10000, now, "Most rows handed on at a time by exports and streams"),
        integer("Streaming", "MAX_STREAMING_RESULTS", "", U::Rows, 1, kMax, now, "Most rows of an HTTP stream"),

        atMost(integer("Pages", "DEFAULT_PAGE_SIZE", "100", U::Rows, 1, kMax, now,
                       "Rows of a page when the client does not say"), "MAX_PAGE_SIZE"),
        integer("Pages", "MAX_PAGE_SIZE", "1000", U::Rows, 1, 1000000, now, "Most rows of a page"),

        text("Server", "LISTEN_ADDRESS", "127.0.0.1:8000", now, "Where `a360 serve` listens, host:port"),
        choice("Server", "ENVIRONMENT", "development", "development|staging|production", now, "Kind of installation"),
        flag("Server", "DEBUG", "true", later, "Show documentation pages in production too"),
        text("Server", "PROJECT_NAME", "Appointment360", now, "Name shown by the API"),
        text("Server", "VERSION", "0.1.0", now, "Version shown by the API"),
        text("Server", "API_V1_PREFIX", "/api/v1", later, "Path of the first API"),
        text("Server", "API_V2_PREFIX", "/api/v2", later, "Path of the second API"),
        text("Server", "BASE_URL", "http://localhost:8000", later, "Address clients use, for absolute links"),
        list("Server", "ALLOWED_ORIGINS", "http://localhost:3000,http://localhost:8000", now,
             "Origins that browsers may call from (CORS)"),
        list("Server", "TRUSTED_HOSTS", "localhost,127.0.0.1,[::1]", now,
             "Host names the server answers to, *.example.com for all below; when not set and `serve` listens beyond this "
             "machine: any"),
        flag("Server", "ENABLE_RESPONSE_COMPRESSION", "true", now, "Compress answers with gzip"),
        integer("Server", "COMPRESSION_MIN_SIZE", "1000", U::Bytes, 0, kMax, now, "Smallest body that is compressed"),

        secret(text("Security", "SECRET_KEY", "", later, "Key that signs access tokens, at least 32 bytes"), S::Value, 32),
        choice("Security", "ALGORITHM", "HS256", "HS256", later, "Signature of access tokens"),
        integer("Security", "ACCESS_TOKEN_EXPIRE_MINUTES", "30", U::Minutes, 1, kMax, later, "Life of an access token"),
        integer("Security", "REFRESH_TOKEN_EXPIRE_DAYS", "7", U::Days, 1, kMax, later, "Life of a refresh token"),
        secret(text("Security", "CONTACTS_WRITE_KEY", "", later, "Key for writing contacts; empty: nobody may"), S::Value),
        secret(text("Security", "COMPANIES_WRITE_KEY", "", later, "Key for writing companies; empty: nobody may"), S::Value),

        flag("Query cache", "ENABLE_QUERY_CACHING", "true", now, "Keep answers of queries"),
        integer("Query cache", "QUERY_CACHE_TTL", "300", U::Seconds, 1, 86400, now, "Life of a kept answer"),
        integer("Query cache", "CACHE_MAX_SIZE", "1000", U::Entries, 1, 1000000, now, "Most answers kept in memory"),
        flag("Query cache", "ENABLE_REDIS_CACHE", "false", now, "Share answers with other servers through Redis; needs REDIS_URL"),
        secret(text("Query cache", "REDIS_URL", "", now,
                    "redis://[user:password@]host:port/db; rediss:// for TLS, ?ssl_ca_certs=/file.pem for a private authority"),
               S::UrlPassword),
        flag("Query cache", "ENABLE_CACHE_WARMING", "false", now, "Fill the cache at start"),
        list("Query cache", "CACHE_WARMING_QUERIES", "", now, "Queries to fill the cache with, such as contacts:popular"),

        flag("HTTP cache", "ENABLE_HTTP_CACHE", "true", later, "Send ETag and Cache-Control"),
        integer("HTTP cache", "HTTP_CACHE_MAX_AGE", "300", U::Seconds, 0, kMax, later, "max-age unless said otherwise"),
        integer("HTTP cache", "HTTP_CACHE_API_MAX_AGE", "300", U::Seconds, 0, kMax, later, "max-age of API answers"),
        integer("HTTP cache", "HTTP_CACHE_STATIC_MAX_AGE", "31536000", U::Seconds, 0, kMax, later,
                "max-age of static files"),
        flag("HTTP cache", "HTTP_CACHE_PUBLIC", "true", later, "Shared caches may keep answers that need no token"),
        flag("HTTP cache", "HTTP_CACHE_MUST_REVALIDATE", "false", later, "Caches must ask again when an answer is stale"),

        text("Uploads", "UPLOAD_DIR", "./uploads", later, "Folder of uploaded files"),
        text("Uploads", "MEDIA_URL", "/media", later, "Path that serves uploaded pictures"),
        integer("Uploads", "MAX_UPLOAD_CHUNK_SIZE", "1048576", U::Bytes, 65536, 10485760, later, "Bytes read at a time"),
        integer("Uploads", "MAX_UPLOAD_SIZE", "", U::Bytes, 1, kMax, later, "Largest upload; above it the answer is 413"),
        integer("Uploads", "UPLOAD_SESSION_TTL", "86400", U::Seconds, 1, kMax, later, "Life of an unfinished upload"),
        integer("Uploads", "S3_MULTIPART_CHUNK_SIZE", "104857600", U::Bytes, 5242880, 5368709120, later,
                "Part size of uploads to S3"),
        integer("Uploads", "S3_MULTIPART_MAX_FILE_SIZE", "10737418240", U::Bytes, 1, kMax, later, "Largest upload to S3"),
        integer("Uploads", "S3_MULTIPART_URL_EXPIRATION", "3600", U::Seconds, 1, 604800, later,
                "Life of a presigned S3 address"),
        text("Uploads", "S3_AVATARS_PREFIX", "avatars/", later, "S3 folder of pictures"),
        text("Uploads", "S3_EXPORTS_PREFIX", "exports/", later, "S3 folder of exports"),
        text("Uploads", "S3_UPLOADS_PREFIX", "uploads/", later, "S3 folder of uploads"),

        atMost(integer("Parallel work", "PARALLEL_PROCESSING_WORKERS", "4", U::Workers, 1, kMax, now, "Workers per task"),
               "PARALLEL_PROCESSING_MAX_WORKERS"),
        integer("Parallel work", "PARALLEL_PROCESSING_MAX_WORKERS", "8", U::Workers, 1, 64, now, "Most workers in all"),
        flag("Parallel work", "ENABLE_PARALLEL_PROCESSING", "true", now, "Off: everything runs in one worker"),
        integer("Parallel work", "MAX_CONCURRENT_BACKGROUND_TASKS", "10", U::Tasks, 1, 256, now,
                "Background tasks at a time"),
        decimal("Parallel work", "BACKGROUND_TASK_TIMEOUT", "30.0", U::Seconds, 0, 600, now,
                "Longest wait for tasks when stopping"),

        flag("Monitoring", "ENABLE_POOL_MONITORING", "true", now,
             "Log warnings and statistics of the connection pool of a server or window"),
        integer("Monitoring", "POOL_MONITORING_INTERVAL", "60", U::Seconds, 0, 3600, now,
                "Time between log lines about the pool; 0: none"),
        flag("Monitoring", "METRICS_PUBLIC", "false", now,
             "GET /metrics needs no token from this machine (requests that a proxy passed on always do)"),

        choice("Logging", "LOG_LEVEL", "INFO", "DEBUG|INFO|WARNING|ERROR|CRITICAL", now, "Least severity that is logged"),
        choice("Logging", "LOG_FORMAT", "json", "json|text", now,
               "Form of log lines; when not set, commands on a terminal use text"),
        flag("Logging", "LOG_TO_CONSOLE", "true", now, "Log to standard error"),
        text("Logging", "LOG_FILE_PATH", "", now, "Log file as well, rotated; unset: none"),
        integer("Logging", "LOG_MAX_BYTES", "10485760", U::Bytes, 1024, kMax, now, "Size at which the log file is rotated"),
        integer("Logging", "LOG_BACKUP_COUNT", "5", U::Files, 0, 100, now, "Rotated log files kept"),
    });
}();

/// Position of a setting in the table, or -1; names compare exactly here (the readers fold case before).
constexpr int settingIndex(std::string_view name)
{
    for (size_t i = 0; i < kSettings.size(); ++i) {
        if (kSettings[i].name == name)
            return static_cast<int>(i);
    }
    return -1;
}

} // namespace a360

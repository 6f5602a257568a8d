// SPDX-License-Identifier: GPL-3.0-or-later
#include <QFile>
#include <QRegularExpression>
#include <QTest>

/// docs/guide-coverage.md names no file that does not exist, leaves out no helper and no variable of the guide, and puts off
/// only what belongs to uploads, HTTP caching and durable work.
class TestGuideCoverage : public QObject
{
    Q_OBJECT

    QString m_page;

    /// The cells of each row, without the head of the table.
    QList<QStringList> rows() const
    {
        QList<QStringList> all;
        for (const QString &line : m_page.split(u'\n')) {
            if (line.startsWith(QLatin1String("| ")) && !line.startsWith(QLatin1String("| Guide item")))
                all << line.split(u'|');
        }
        return all;
    }

private Q_SLOTS:
    void initTestCase()
    {
        QFile file(QStringLiteral(A360_SOURCE_DIR "/docs/guide-coverage.md"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        m_page = QString::fromUtf8(file.readAll());
    }
    void everyFileExists()
    {
        static const QRegularExpression path(QStringLiteral("`((?:app|service|ui|tests)/[\\w/.]+)`"));
        auto match = path.globalMatch(m_page);
        int files = 0;
        QStringList missing;
        while (match.hasNext()) {
            const QString name = match.next().captured(1);
            ++files;
            if (!QFile::exists(QStringLiteral(A360_SOURCE_DIR "/") + name))
                missing << name;
        }
        QVERIFY2(missing.isEmpty(), qPrintable(missing.join(u'\n')));
        QVERIFY(files > 50);
    }
    void everyRowIsWhole()
    {
        for (const QString &line : m_page.split(u'\n')) {
            if (!line.startsWith(u'|') || line.startsWith(QLatin1String("|---")))
                continue;
            const QStringList cells = line.split(u'|');
            QVERIFY2(cells.size() == 6, qPrintable(line));
            for (int i = 1; i <= 4; ++i)
                QVERIFY2(!cells[i].trimmed().isEmpty(), qPrintable(line));
            QVERIFY2((cells[2].trimmed() == QLatin1String("later")) == (cells[3].trimmed() == QLatin1String("later")),
                     qPrintable(line));
        }
    }
    void onlyWhatIsAgreedIsPutOff()
    {
        static const QStringList agreed{
            QStringLiteral("`/api/v1/contacts/import/`, `/api/v2/users/profile/avatar/`"),
            QStringLiteral("HTTP cache headers: add_cache_headers, cache_response, create_cached_response, check_cache_headers"),
            QStringLiteral("save_upload_file_chunked, ResumableUpload, calculate_optimal_chunk_size, validate_file_upload"),
            QStringLiteral("Celery's kind of work: durable, distributed"),
            QStringLiteral("`MAX_UPLOAD_CHUNK_SIZE`, `MAX_UPLOAD_SIZE`"),
            QStringLiteral("`ENABLE_HTTP_CACHE`, `HTTP_CACHE_MAX_AGE`, `HTTP_CACHE_PUBLIC`, `HTTP_CACHE_MUST_REVALIDATE`, "
                           "`HTTP_CACHE_STATIC_MAX_AGE`, `HTTP_CACHE_API_MAX_AGE`")};
        int checked = 0;
        for (const QStringList &row : rows()) {
            ++checked;
            if (!agreed.contains(row[1].trimmed())) {
                for (qsizetype i = 2; i < row.size(); ++i)
                    QVERIFY2(!row[i].contains(QLatin1String("later")), qPrintable(row.join(u'|')));
            }
        }
        QVERIFY(checked > 40);
    }
    void everyHelperOfTheGuideHasARow()
    {
        QString items;
        for (const QStringList &row : rows())
            items += row[1] + u'\n';
        // What the guide's code blocks import or call.
        for (const char *name :
             {"stream_query_results", "stream_jsonl_async", "stream_csv", "stream_json_array_async",
              "create_streaming_response_generator", "optimize_chunk_size", "normalize_page_size",
              "should_use_cursor_pagination", "optimize_pagination_params", "get_pagination_metadata",
              "serialize_with_type_adapter", "filter_response_data", "OptimizedSerializer", "lru_cache", "TTLCache",
              "get_query_cache", "cache_aside", "get_cache_stats", "invalidate_pattern", "invalidate_on_create",
              "invalidate_on_update", "invalidate_on_delete", "invalidate_with_event", "warm_cache_entry",
              "warm_cache_batch", "cache_response", "create_cached_response", "add_cache_headers",
              "process_in_parallel_async", "process_in_parallel_sync", "process_in_parallel_mixed",
              "process_batches_async", "process_batches_sync", "process_batches", "ParallelProcessor",
              "select_only_columns", "prevent_n_plus_one", "use_database_aggregation", "analyze_query_performance",
              "build_json_object", "aggregate_array", "save_upload_file_chunked", "ResumableUpload",
              "calculate_optimal_chunk_size", "validate_file_upload", "add_background_task_safe",
              "add_background_task_with_retry", "get_task_statistics", "/api/v1/contacts/", "/api/v1/companies/",
              "/api/v1/contacts/stream/", "/api/v1/companies/stream/", "/health/db", "/api/v1/contacts/import/",
              "/api/v2/users/profile/avatar/"}) {
            const QRegularExpression word(QStringLiteral("(^|[^\\w/])%1($|[^\\w/])").arg(QRegularExpression::escape(QString::fromLatin1(name))),
                                          QRegularExpression::MultilineOption);
            QVERIFY2(items.contains(word), name);
        }
    }
    void everyVariableOfTheGuideHasARow()
    {
        for (const char *name :
             {"STREAMING_CHUNK_SIZE", "ENABLE_STREAMING_QUERIES", "MAX_STREAMING_RESULTS", "MAX_UPLOAD_CHUNK_SIZE",
              "MAX_UPLOAD_SIZE", "PARALLEL_PROCESSING_WORKERS", "PARALLEL_PROCESSING_MAX_WORKERS",
              "ENABLE_PARALLEL_PROCESSING", "ENABLE_QUERY_CACHING", "QUERY_CACHE_TTL", "CACHE_MAX_SIZE",
              "ENABLE_REDIS_CACHE", "REDIS_URL", "ENABLE_CACHE_WARMING", "CACHE_WARMING_QUERIES", "DEFAULT_PAGE_SIZE",
              "MAX_PAGE_SIZE", "MAX_CONCURRENT_BACKGROUND_TASKS", "BACKGROUND_TASK_TIMEOUT", "STREAMING_BATCH_SIZE",
              "ENABLE_HTTP_CACHE", "HTTP_CACHE_MAX_AGE", "HTTP_CACHE_PUBLIC", "HTTP_CACHE_MUST_REVALIDATE",
              "HTTP_CACHE_STATIC_MAX_AGE", "HTTP_CACHE_API_MAX_AGE", "ENABLE_POOL_MONITORING",
              "POOL_MONITORING_INTERVAL", "DATABASE_POOL_SIZE", "DATABASE_MAX_OVERFLOW", "ENABLE_QUERY_MONITORING"})
            QVERIFY2(m_page.contains(QLatin1Char('`') + QLatin1String(name) + QLatin1Char('`')), name);
    }
};

QTEST_GUILESS_MAIN(TestGuideCoverage)
#include "tst_guide_coverage.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include <QFile>
#include <QRegularExpression>
#include <QTest>

/// docs/guide-coverage.md names no file that does not exist and leaves out no variable of the guide.
class TestGuideCoverage : public QObject
{
    Q_OBJECT

    QString m_page;

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

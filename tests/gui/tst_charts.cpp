// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/meter.h"
#include "charts/scale.h"
#include "charts/time_chart.h"
#include "figures/figure_table.h"
#include "theme/theme.h"
#include "theme/tokens.h"
#include "widgets/card_grid.h"

#include <QApplication>
#include <QTest>

#include <cmath>
#include <limits>

using namespace a360::ui;

namespace {

constexpr qint64 now = 1'700'000'000'000;

Series line(int samples, double value, int step = 1000)
{
    Series series;
    for (int i = samples - 1; i >= 0; --i)
        series.push_back({now - qint64(i) * step, value});
    return series;
}

ChartModel percentModel()
{
    ChartModel model;
    model.title = QStringLiteral("Use");
    model.unit = Unit::Percent;
    model.leastTop = 100;
    model.lines = {{QStringLiteral("in use"), Ink::Accent, Qt::SolidLine, {}}};
    model.thresholds = {{80, QStringLiteral("80 % busy"), Ink::Warning}};
    model.emptyText = QStringLiteral("Nothing yet");
    return model;
}

int pixelsOf(const QImage &image, const QColor &colour, const QRect &where)
{
    int count = 0;
    for (int y = where.top(); y <= where.bottom(); ++y) {
        for (int x = where.left(); x <= where.right(); ++x)
            count += image.pixelColor(x, y) == colour ? 1 : 0;
    }
    return count;
}

} // namespace

class ChartsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        applyTheme(*qApp, ThemeMode::Light);
    }

    void scalesHaveRoundSteps_data()
    {
        QTest::addColumn<double>("largest");
        QTest::addColumn<int>("steps");
        QTest::addColumn<int>("unit");
        QTest::addColumn<double>("step");
        QTest::addColumn<double>("top");
        QTest::newRow("percent") << 100.0 << 5 << int(Unit::Percent) << 20.0 << 100.0;
        QTest::newRow("odd") << 103.0 << 5 << int(Unit::Percent) << 50.0 << 150.0;
        QTest::newRow("few things") << 2.0 << 5 << int(Unit::Count) << 1.0 << 2.0;
        QTest::newRow("nothing") << 0.0 << 4 << int(Unit::Count) << 1.0 << 1.0;
        QTest::newRow("milliseconds") << 0.0123 << 3 << int(Unit::Seconds) << 0.005 << 0.015;
        QTest::newRow("bytes") << 3'000'000.0 << 3 << int(Unit::Bytes) << 1'048'576.0 << 3'145'728.0;
        QTest::newRow("no number") << std::numeric_limits<double>::quiet_NaN() << 3 << int(Unit::Count) << 1.0 << 1.0;
    }
    void scalesHaveRoundSteps()
    {
        QFETCH(double, largest);
        QFETCH(int, steps);
        QFETCH(int, unit);
        QFETCH(double, step);
        QFETCH(double, top);
        const Scale scale = niceScale(largest, steps, static_cast<Unit>(unit));
        QCOMPARE(scale.step, step);
        QCOMPARE(scale.top, top);
        QVERIFY(scale.steps() <= steps);
    }

    void valuesHaveUnits()
    {
        const QLocale locale;
        QCOMPARE(valueText(0.0004, Unit::Seconds, locale), QStringLiteral("400 µs"));
        QCOMPARE(valueText(0.0124, Unit::Seconds, locale), QStringLiteral("12.4 ms"));
        QCOMPARE(valueText(2.34, Unit::Seconds, locale), QStringLiteral("2.34 s"));
        QCOMPARE(valueText(88, Unit::Percent, locale), QStringLiteral("88 %"));
        QCOMPARE(valueText(1204, Unit::Count, locale), QStringLiteral("1,204"));
        QCOMPARE(valueText(184'220, Unit::Count, locale), QStringLiteral("184 k"));
        QCOMPARE(valueText(std::nan(""), Unit::Count, locale), QStringLiteral("–"));
        QCOMPARE(shareText(1, 0, locale), QStringLiteral("–"));
    }

    void anHourFitsIntoItsPixels()
    {
        Series series = line(3600, 10);
        series[1800].value = 99; // one second's peak must not get lost
        std::vector<Column> columns;
        columnsOf(series, now - 3'600'000, now, 300, 3500, columns);
        QVERIFY(columns.size() <= 300);
        double highest = 0;
        for (const Column &column : columns)
            highest = std::max(highest, column.high);
        QCOMPARE(highest, 99.0);
    }

    void missingSamplesLeaveAGap()
    {
        Series series = line(60, 5);
        series.erase(series.begin() + 20, series.begin() + 30);
        series[40].value = std::nan("");
        std::vector<Column> columns;
        columnsOf(series, now - 60'000, now, 600, 3500, columns);
        int starts = 0;
        for (const Column &column : columns)
            starts += column.joined ? 0 : 1;
        QCOMPARE(starts, 3);
    }

    void aChartSaysInWordsWhatItShows()
    {
        TimeChart chart(percentModel());
        QCOMPARE(chart.accessibleName(), QStringLiteral("Use"));
        QCOMPARE(chart.accessibleDescription(), QStringLiteral("Nothing yet"));
        Series series = line(60, 12);
        series[10].value = 64;
        chart.setSamples({series}, now);
        QCOMPARE(chart.accessibleDescription(), QStringLiteral("in use 12 %, at most 64 % in the last 15 min"));
        chart.setSamples({line(60, 12)}, now + 60'000);
        QCOMPARE(chart.accessibleDescription(), QStringLiteral("in use at most 12 %, no current value in the last 15 min"));
    }

    void theExactValueIsReadByMouseAndByKeys()
    {
        TimeChart chart(percentModel());
        chart.resize(400, 160);
        chart.setMinutes(1);
        chart.setSamples({line(60, 42)}, now);
        chart.show();
        QVERIFY(QTest::qWaitForWindowExposed(&chart));
        QTest::mouseMove(&chart, QPoint(200, 60));
        QTRY_VERIFY(chart.readAt().has_value());
        QVERIFY2(chart.readout().endsWith(QStringLiteral("in use 42 %")), qPrintable(chart.readout()));
        const qint64 before = *chart.readAt();
        QTest::keyClick(&chart, Qt::Key_Left);
        QVERIFY(*chart.readAt() < before);
        QTest::keyClick(&chart, Qt::Key_End);
        QCOMPARE(*chart.readAt(), now);
        QTest::keyClick(&chart, Qt::Key_Escape);
        QVERIFY(!chart.readAt());
    }

    void thresholdsAndLinesArePaintedInBothThemes_data()
    {
        QTest::addColumn<int>("mode");
        QTest::newRow("light") << int(ThemeMode::Light);
        QTest::newRow("dark") << int(ThemeMode::Dark);
    }
    void thresholdsAndLinesArePaintedInBothThemes()
    {
        QFETCH(int, mode);
        applyTheme(*qApp, static_cast<ThemeMode>(mode));
        TimeChart chart(percentModel());
        chart.resize(400, 160);
        chart.setSamples({line(900, 40)}, now);
        const QImage image = chart.grab().toImage();
        const Tokens &tokens = tokensFor(qApp->palette());
        QVERIFY(pixelsOf(image, tokens.warning, image.rect()) > 60); // the dashed level, 80 %
        QVERIFY(pixelsOf(image, tokens.accent, image.rect()) > 200);  // the line
        chart.setSamples({{}}, now);
        const QImage empty = chart.grab().toImage();
        QCOMPARE(pixelsOf(empty, tokens.accent, empty.rect()), 0);
        applyTheme(*qApp, ThemeMode::Light);
    }

    void theMeterSaysWhatItShows()
    {
        Meter meter(QStringLiteral("Connections in use"));
        meter.setMarks({{0.8, QStringLiteral("80 %")}});
        meter.setShare(1.4, Ink::Bad, QStringLiteral("35 of 25 in use"));
        meter.resize(200, meter.sizeHint().height());
        QCOMPARE(meter.accessibleDescription(), QStringLiteral("35 of 25 in use"));
        const QImage image = meter.grab().toImage();
        QVERIFY(pixelsOf(image, lightTokens().bad, image.rect()) > 1000);
    }

    void rowsKeepTheirSelectionWhileNumbersChange()
    {
        FigureTable table(QStringLiteral("Functions"), {{QStringLiteral("Name"), false, 0}, {QStringLiteral("Runs"), true, 80}});
        const auto row = [](const char *key, const char *runs) {
            return FigureRow{QString::fromLatin1(key), {{QString::fromLatin1(key)}, {QString::fromLatin1(runs)}}};
        };
        table.setRows({row("b", "1"), row("c", "2")});
        table.selectRow(1);
        QCOMPARE(table.currentKey(), QStringLiteral("c"));
        table.setRows({row("a", "0"), row("b", "5"), row("c", "9")});
        QCOMPARE(table.currentKey(), QStringLiteral("c"));
        QCOMPARE(table.figures()->index(2, 1).data().toString(), QStringLiteral("9"));
        table.setRows({row("c", "9"), row("a", "1")}); // another order
        QCOMPARE(table.currentKey(), QStringLiteral("c"));
        QCOMPARE(table.figures()->rowCount(), 2);
        table.setRows({row("a", "1")});
        QCOMPARE(table.figures()->rowCount(), 1);
    }

    void cardsTakeAsManyColumnsAsFit()
    {
        QWidget box;
        auto *grid = new CardGrid(&box, 300, 3, 10);
        for (int i = 0; i < 3; ++i) {
            auto *card = new QWidget(&box);
            card->setMinimumHeight(50 + 10 * i);
            grid->addCard(card, i == 2);
        }
        QCOMPARE(grid->columnsAt(500), 1);
        QCOMPARE(grid->columnsAt(620), 2);
        QCOMPARE(grid->columnsAt(5000), 3);
        QCOMPARE(grid->heightForWidth(620), 60 + 10 + 70);
        QCOMPARE(grid->heightForWidth(400), 50 + 10 + 60 + 10 + 70);
        grid->setGeometry(QRect(0, 0, 620, 140));
        QCOMPARE(grid->itemAt(1)->geometry(), QRect(315, 0, 305, 60));
        QCOMPARE(grid->itemAt(2)->geometry(), QRect(0, 70, 620, 70));
    }
};

QTEST_MAIN(ChartsTest)
#include "tst_charts.moc"

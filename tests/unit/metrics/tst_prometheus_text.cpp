// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/prometheus_text.h"

#include <QMap>
#include <QtTest>

#include <cmath>
#include <limits>

using namespace a360::metrics;

namespace {

/// What a scraper makes of the text: a reader written after the format's description, apart from the writer.
struct Parsed
{
    QMap<QByteArray, QByteArray> help, type;
    QMap<QByteArray, double> values; ///< by name and labels, as "name|a=1|b=2"
    QByteArrayList problems;
};

QByteArray unescaped(const QByteArray &text)
{
    QByteArray out;
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (text[i] != '\\') {
            out += text[i];
            continue;
        }
        ++i;
        out += i < text.size() && text[i] == 'n' ? '\n' : text.mid(i, 1).isEmpty() ? '?' : text[i];
    }
    return out;
}

double numberOf(const QByteArray &text, bool &ok)
{
    ok = true;
    if (text == "NaN")
        return std::nan("");
    if (text == "+Inf" || text == "-Inf")
        return text[0] == '+' ? std::numeric_limits<double>::infinity() : -std::numeric_limits<double>::infinity();
    return text.toDouble(&ok);
}

/// Reads `{a="1",b="2"} value` from `at` on; false when it is none.
bool parseSample(const QByteArray &line, Parsed &into)
{
    qsizetype at = 0;
    while (at < line.size() && line[at] != '{' && line[at] != ' ')
        ++at;
    QByteArray key = line.first(at);
    if (!isMetricName(key))
        return false;
    if (line[at] == '{') {
        ++at;
        while (line[at] != '}') {
            const qsizetype equal = line.indexOf("=\"", at);
            if (equal < 0)
                return false;
            const QByteArray name = line.mid(at, equal - at);
            qsizetype end = equal + 2;
            while (end < line.size() && line[end] != '"')
                end += line[end] == '\\' ? 2 : 1;
            key += '|' + name + '=' + unescaped(line.mid(equal + 2, end - equal - 2));
            at = end + 1;
            if (at < line.size() && line[at] == ',')
                ++at;
            if (at >= line.size())
                return false;
        }
        ++at;
    }
    bool ok = false;
    const double value = numberOf(line.mid(at + 1), ok);
    if (!ok || line[at] != ' ' || into.values.contains(key))
        return false;
    into.values[key] = value;
    return true;
}

Parsed parse(const QByteArray &text)
{
    Parsed parsed;
    if (!text.isEmpty() && !text.endsWith('\n'))
        parsed.problems << "no newline at the end";
    for (const QByteArray &line : text.split('\n')) {
        if (line.isEmpty())
            continue;
        const QByteArrayList words = line.split(' ');
        if (line.startsWith("# HELP "))
            parsed.help[words[2]] = unescaped(line.mid(8 + words[2].size()));
        else if (line.startsWith("# TYPE "))
            parsed.type[words[2]] = words[3];
        else if (!parseSample(line, parsed))
            parsed.problems << line;
    }
    return parsed;
}

} // namespace

class TestPrometheusText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsWrittenReadsBack()
    {
        const QByteArray nasty = "C:\\new \"x\"\nline Ünïcode";
        const std::vector<Family> families{
            {"a360_a_total", "Backslash \\ and\nnewline, \"quotes\" stay.", Kind::Counter,
             {{{{"path", nasty}, {"b", ""}}, 3.0}, {{}, 1e17}}},
            gaugeFamily("a360_g_bytes", "g", 0.1),
            gaugeFamily("a360_nan", "n", std::nan("")),
            gaugeFamily("a360_inf", "i", std::numeric_limits<double>::infinity()),
        };
        const QByteArray text = prometheusText(families);
        const Parsed parsed = parse(text);
        QVERIFY2(parsed.problems.isEmpty(), parsed.problems.join('\n').constData());
        QCOMPARE(parsed.help["a360_a_total"], QByteArray("Backslash \\ and\nnewline, \"quotes\" stay."));
        QCOMPARE(parsed.type["a360_a_total"], QByteArray("counter"));
        QCOMPARE(parsed.type["a360_g_bytes"], QByteArray("gauge"));
        QCOMPARE(parsed.values["a360_a_total|path=" + nasty + "|b="], 3.0);
        QCOMPARE(parsed.values["a360_a_total"], 1e17);
        QCOMPARE(parsed.values["a360_g_bytes"], 0.1);
        QVERIFY(std::isnan(parsed.values["a360_nan"]));
        QVERIFY(std::isinf(parsed.values["a360_inf"]));
        QCOMPARE(parsed.values.size(), 5);
        QCOMPARE(text.count("# TYPE a360_a_total "), 1);
    }

    void histogramsAreCumulative()
    {
        const Distribution distribution{{0.1, 1}, {2, 3, 4}, 12.5};
        const Parsed parsed = parse(prometheusText({{"a360_h_seconds", "h", Kind::Histogram, {{{{"route", "/x"}}, distribution}}}}));
        QVERIFY(parsed.problems.isEmpty());
        QCOMPARE(parsed.type["a360_h_seconds"], QByteArray("histogram"));
        QCOMPARE(parsed.values["a360_h_seconds_bucket|route=/x|le=0.1"], 2.0);
        QCOMPARE(parsed.values["a360_h_seconds_bucket|route=/x|le=1"], 5.0);
        QCOMPARE(parsed.values["a360_h_seconds_bucket|route=/x|le=+Inf"], 9.0);
        QCOMPARE(parsed.values["a360_h_seconds_count|route=/x"], 9.0);
        QCOMPARE(parsed.values["a360_h_seconds_sum|route=/x"], 12.5);
        QCOMPARE(parsed.values.size(), 5);
    }

    void whatTheFormatForbidsIsLeftOut()
    {
        const QByteArray text = prometheusText({gaugeFamily("bad-name", "", 1), {"a360_empty", "", Kind::Gauge, {}},
                                                {"a360_ok", "", Kind::Gauge, {{{{"bad-label", "x"}}, 1.0}}}});
        QCOMPARE(text, QByteArray("# HELP a360_ok \n# TYPE a360_ok gauge\na360_ok 1\n"));
        QCOMPARE(prometheusText({}), QByteArray());
    }
};

QTEST_GUILESS_MAIN(TestPrometheusText)
#include "tst_prometheus_text.moc"

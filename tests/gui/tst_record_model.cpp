// SPDX-License-Identifier: GPL-3.0-or-later
#include "fake_source.h"
#include "records/record_model.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>
#include <QThreadPool>

using namespace a360;
using namespace a360::ui;
using a360::test::FakeSource;
using contacts::Entity;

namespace {

std::vector<const contacts::Field *> fieldsNamed(std::initializer_list<const char *> names)
{
    std::vector<const contacts::Field *> fields;
    for (const char *name : names)
        fields.push_back(contacts::findField(Entity::Contact, QString::fromLatin1(name)));
    return fields;
}

contacts::Query queryOrdered(const QString &order)
{
    auto parsed = contacts::parseQuery(Entity::Contact, {{QStringLiteral("ordering"), order}}, contacts::DefaultOrder::ById);
    return parsed.ok() ? parsed->query : contacts::Query{};
}

QString cell(const RecordModel &model, int row, int column)
{
    return model.index(row, column).data().toString();
}

} // namespace

class RecordModelTest : public QObject
{
    Q_OBJECT

private:
    QThreadPool m_pool;

    std::unique_ptr<RecordModel> makeModel(const RecordModel::Limits &limits = {})
    {
        auto model = std::make_unique<RecordModel>(Entity::Contact, m_pool, limits, nullptr);
        model->setFields(fieldsNamed({"first_name", "employees", "keywords"}));
        model->setQuery(queryOrdered(QStringLiteral("first_name")));
        return model;
    }

private Q_SLOTS:
    void obeysTheItemModelRules()
    {
        auto model = makeModel();
        QAbstractItemModelTester tester(model.get(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        model->setSource(std::make_shared<FakeSource>(450));
        QTRY_VERIFY(model->totalIsKnown());
        QCOMPARE(model->rowCount(), 450);
        model->setVisibleRows(400, 430);
        QTRY_VERIFY(model->isLoaded(449));
        model->setFields(fieldsNamed({"title", "first_name"}));
        model->setVisibleRows(0, 30);
        QTRY_COMPARE(cell(*model, 0, 0), QStringLiteral("title 0"));
        model->setQuery(queryOrdered(QStringLiteral("-title")));
        QTRY_VERIFY(!model->isStale());
        model->setSource(std::make_shared<FakeSource>(0));
        QTRY_COMPARE(model->state(), RecordModel::State::Empty);
    }

    void showsSkeletonRowsUntilTheFirstPageIsThere()
    {
        auto source = std::make_shared<FakeSource>(30);
        source->closeGate();
        auto model = makeModel();
        model->setSource(source);
        QCOMPARE(model->state(), RecordModel::State::Loading);
        QVERIFY(model->rowCount() > 0);
        QVERIFY(!model->index(0, 0).data(RecordModel::LoadedRole).toBool());
        QCOMPARE(model->flags(model->index(0, 0)), Qt::NoItemFlags);
        source->openGate();
        QTRY_COMPARE(model->state(), RecordModel::State::Ready);
        QCOMPARE(model->rowCount(), 30);
        QCOMPARE(cell(*model, 29, 0), QStringLiteral("first_name 29"));
        QVERIFY(!model->totalIsEstimate());
    }

    void groupsNumbersAndAlignsThemRight()
    {
        const QLocale before;
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        auto model = makeModel();
        model->setSource(std::make_shared<FakeSource>(3000));
        QTRY_VERIFY(model->totalIsKnown());
        model->setVisibleRows(2000, 2010);
        QTRY_COMPARE(cell(*model, 2000, 1), QStringLiteral("2,000"));
        QVERIFY(model->index(2000, 1).data(Qt::TextAlignmentRole).value<Qt::Alignment>().testFlag(Qt::AlignRight));
        QVERIFY(model->index(2000, 0).data(Qt::TextAlignmentRole).value<Qt::Alignment>().testFlag(Qt::AlignLeft));
        QLocale::setDefault(before);
    }

    void fetchesFarRowsFromTheNearestAnchor()
    {
        auto source = std::make_shared<FakeSource>(5000);
        auto model = makeModel();
        model->setSource(source);
        QTRY_VERIFY(model->totalIsKnown());
        model->setVisibleRows(2000, 2020);
        QTRY_VERIFY(model->isLoaded(2000));
        model->setVisibleRows(2400, 2420);
        QTRY_VERIFY(model->isLoaded(2400));
        for (const FakeSource::Asked &asked : source->asked()) {
            if (asked.firstRow == 2400)
                QVERIFY2(asked.skipped <= PageCache::pageRows, "keyset anchors spare counting from the top");
        }
        QCOMPARE(model->uuidAt(2400), QByteArray("u2400"));
    }

    void cancelsPagesThatWereScrolledPast()
    {
        auto source = std::make_shared<FakeSource>(100'000);
        auto model = makeModel();
        model->setSource(source);
        QTRY_VERIFY(model->totalIsKnown());
        QTRY_VERIFY(model->isLoaded(0));
        source->closeGate();
        model->setVisibleRows(40'000, 40'020);
        QTRY_VERIFY(source->asked().back().firstRow >= 40'000);
        model->setVisibleRows(80'000, 80'020);
        QTRY_VERIFY(source->cancelledPages() > 0);
        source->openGate();
        QTRY_VERIFY(model->isLoaded(80'000));
        QVERIFY(!model->isLoaded(40'000));
    }

    void keepsOldRowsDimmedUntilANewQueryAnswers()
    {
        auto source = std::make_shared<FakeSource>(100);
        auto model = makeModel();
        model->setSource(source);
        QTRY_COMPARE(model->state(), RecordModel::State::Ready);
        source->closeGate();
        source->setRows(7);
        model->setQuery(queryOrdered(QStringLiteral("-title")));
        QVERIFY(model->isStale());
        QCOMPARE(model->rowCount(), 100);
        QCOMPARE(cell(*model, 5, 0), QStringLiteral("first_name 5"));
        source->openGate();
        QTRY_VERIFY(!model->isStale());
        QCOMPARE(model->rowCount(), 7);
    }

    void showsTheOrderInTheHeader()
    {
        auto model = makeModel();
        QCOMPARE(model->headerData(0, Qt::Horizontal, Qt::DisplayRole).toString(), QStringLiteral("First name  ▲"));
        model->setQuery(queryOrdered(QStringLiteral("-employees")));
        QCOMPARE(model->headerData(0, Qt::Horizontal, Qt::DisplayRole).toString(), QStringLiteral("First name"));
        QCOMPARE(model->headerData(1, Qt::Horizontal, Qt::DisplayRole).toString(), QStringLiteral("Employees  ▼"));
    }

    void refreshKeepsRowsInPlace()
    {
        auto source = std::make_shared<FakeSource>(5000);
        auto model = makeModel();
        model->setSource(source);
        QTRY_VERIFY(model->totalIsKnown());
        model->setVisibleRows(3000, 3020);
        QTRY_VERIFY(model->isLoaded(3000));
        QSignalSpy resets(model.get(), &QAbstractItemModel::modelReset);
        model->refresh();
        QVERIFY(model->isStale());
        QTRY_VERIFY(!model->isStale());
        QTRY_VERIFY(model->isLoaded(3000));
        QCOMPARE(resets.size(), 0);
        QCOMPARE(model->rowCount(), 5000);
    }

    void estimatesAreMarkedAndMadeExactWhereCheap()
    {
        auto source = std::make_shared<FakeSource>(4000);
        source->setEstimate(3500);
        auto model = makeModel();
        model->setSource(source);
        QTRY_VERIFY(model->totalIsKnown() && !model->totalIsEstimate());
        QCOMPARE(model->total(), 4000);

        auto large = std::make_shared<FakeSource>(900'000);
        large->setEstimate(850'000);
        model->setSource(large);
        QTRY_VERIFY(model->totalIsKnown());
        QVERIFY(model->totalIsEstimate());
        QCOMPARE(model->total(), 850'000);
        QCOMPARE(large->exactCounts(), 0);
        model->countExactly();
        QTRY_VERIFY(!model->totalIsEstimate());
        QCOMPARE(model->total(), 900'000);
    }

    void findsTheEndWhenTheEstimateWasTooHigh()
    {
        auto source = std::make_shared<FakeSource>(300'100);
        source->setEstimate(400'000);
        auto model = makeModel();
        model->setSource(source);
        QTRY_VERIFY(model->totalIsKnown());
        model->setVisibleRows(399'980, 399'999);
        QTRY_COMPARE(model->total(), 300'100);
        QCOMPARE(model->rowCount(), 300'100);
    }

    void aboveTheLimitTheModelIsAWindow()
    {
        RecordModel::Limits limits;
        limits.directRows = 10'000;
        limits.windowRows = 4000;
        auto source = std::make_shared<FakeSource>(200'000'000);
        auto model = makeModel(limits);
        QAbstractItemModelTester tester(model.get(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        model->setSource(source);
        QTRY_VERIFY(model->isWindowed());
        QCOMPARE(model->rowCount(), 4000);
        model->moveWindow(123'456'789);
        QVERIFY(model->windowStart() <= 123'456'789 && model->windowStart() + model->rowCount() > 123'456'789);
        const int row = static_cast<int>(123'456'789 - model->windowStart());
        model->setVisibleRows(row, row + 20);
        QTRY_COMPARE(cell(*model, row, 0), QStringLiteral("first_name 123456789"));
        model->moveWindow(199'999'999);
        QCOMPARE(model->windowStart() + model->rowCount(), 200'000'000);
    }

    void rowsThatMeanOthersAreAReset()
    {
        RecordModel::Limits limits;
        limits.directRows = 10'000;
        limits.windowRows = 4000;
        auto source = std::make_shared<FakeSource>(19'000);
        source->setEstimate(300'000);
        auto model = makeModel(limits);
        QAbstractItemModelTester tester(model.get(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        model->setSource(source);
        QTRY_VERIFY(model->totalIsKnown());
        QCOMPARE(model->total(), 300'000);
        model->moveWindow(299'999);
        const qint64 before = model->windowStart();
        qint64 meant = -1; // what row 100 was when the model was reset last
        connect(model.get(), &QAbstractItemModel::modelReset, this, [&] { meant = model->windowStart() + 100; });
        model->setVisibleRows(3900, 3920);
        QTRY_COMPARE(model->total(), 19'000);
        QVERIFY(model->windowStart() < before);
        QCOMPARE(meant, model->windowStart() + 100);
        QCOMPARE(model->windowStart() + model->rowCount(), 19'000);
        QTRY_VERIFY(model->isLoaded(model->rowCount() - 1)); // the visible rows are those at the end now
    }

    void memoryStaysBoundedWhileScrolling()
    {
        PageCache cache;
        for (qint64 page = 0; page < 20'000; ++page) {
            contacts::Page content;
            content.rows = db::RowBatch({db::ColumnType::Integer});
            for (qint64 row = 0; row < PageCache::pageRows; ++row)
                content.rows.appendInteger(row);
            content.last = contacts::Keyset{{db::Value((page + 1) * PageCache::pageRows - 1)}};
            cache.insert(page, std::move(content), page);
        }
        QVERIFY(cache.pageCount() <= PageCache::maxPages);
        QVERIFY(cache.anchorCount() <= PageCache::maxAnchors);
        QVERIFY(cache.has(19'999));
        QVERIFY(!cache.has(0));
        const contacts::Slice slice = cache.sliceFor(10'000);
        QVERIFY(slice.after.has_value());
        QCOMPARE(std::get<qint64>(slice.after->values.front()) + 1 + slice.skip, 10'000 * PageCache::pageRows);
    }

    void failureWithoutRowsIsAStateAndRetryMendsIt()
    {
        auto source = std::make_shared<FakeSource>(50);
        source->failWith(makeError(ErrorCode::Unavailable, QStringLiteral("The server does not answer.")));
        auto model = makeModel();
        model->setSource(source);
        QTRY_COMPARE(model->state(), RecordModel::State::Failed);
        QCOMPARE(model->error().message, QStringLiteral("The server does not answer."));
        QCOMPARE(model->rowCount(), 0);
        source->recover();
        model->refresh();
        QTRY_COMPARE(model->state(), RecordModel::State::Ready);
        QCOMPARE(model->rowCount(), 50);
    }

    void failureBehindRowsLeavesThem()
    {
        auto source = std::make_shared<FakeSource>(5000);
        auto model = makeModel();
        model->setSource(source);
        QTRY_VERIFY(model->totalIsKnown());
        source->failWith(makeError(ErrorCode::Unavailable, QStringLiteral("Gone.")));
        model->setVisibleRows(3000, 3020);
        QTRY_VERIFY(model->hasError());
        QCOMPARE(model->state(), RecordModel::State::Ready);
        QCOMPARE(cell(*model, 0, 0), QStringLiteral("first_name 0"));
    }

    void answersOfAnOldSourceAreDropped()
    {
        auto slow = std::make_shared<FakeSource>(10);
        slow->closeGate();
        auto model = makeModel();
        model->setSource(slow);
        auto fast = std::make_shared<FakeSource>(20);
        model->setSource(fast);
        QTRY_COMPARE(model->rowCount(), 20);
        slow->openGate();
        m_pool.waitForDone();
        QCoreApplication::processEvents();
        QCOMPARE(model->rowCount(), 20);
    }
};

QTEST_MAIN(RecordModelTest)
#include "tst_record_model.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "window_fixture.h"

#include "exchange/import_operation.h"
#include "exchange/import_page.h"
#include "exchange/import_setup.h"
#include "sample/sample_data.h"

#include <QBuffer>
#include <QFile>
#include <QPushButton>
#include <QTest>

namespace a360::test {

namespace {
constexpr int patience = 30'000;
}

WindowFixture::WindowFixture()
{
    m_window = std::make_unique<ui::MainWindow>(options());
    m_window->show();
}

WindowFixture::~WindowFixture() = default;

ui::WindowOptions WindowFixture::options()
{
    ui::WindowOptions options;
    options.settingsFile = path(QStringLiteral("desktop.ini"));
    options.defaultDatabaseFile = path(QStringLiteral("contacts.db"));
    options.server = &m_server;
    options.service.stays = true; // as the program does
    options.service.queries = db::QueryMonitorOptions{};
    return options;
}

bool WindowFixture::open()
{
    m_window->start();
    return QTest::qWaitFor([this] { return m_window->session().state() == ui::Session::State::Open; }, patience);
}

bool WindowFixture::openPoem()
{
    QFile file(path(QStringLiteral("poem.db")));
    if (!file.open(QIODevice::WriteOnly)
        || file.write(QByteArray("This is not a database but a very long poem about one. ").repeated(100)) < 0)
        return false;
    file.close();
    m_window->openDatabase(db::DatabaseUrl::sqliteFile(file.fileName()));
    return QTest::qWaitFor([this] { return m_window->session().state() == ui::Session::State::Failed; }, patience);
}

void WindowFixture::restart()
{
    m_window->close();
    m_window.reset();
    m_window = std::make_unique<ui::MainWindow>(options());
    m_window->show();
}

bool WindowFixture::importSample(int rows)
{
    ui::ImportPage &page = *m_window->importPage();
    page.openFile(makeFile(QStringLiteral("sample-%1.csv").arg(rows), rows));
    if (!QTest::qWaitFor([&] { return page.setup()->isReady(); }, patience))
        return false;
    page.setup()->importButton()->click();
    return QTest::qWaitFor([&] { return page.step() == ui::ImportPage::Step::Result; }, patience)
           && page.operation()->state() == ui::Operation::State::Done;
}

QString WindowFixture::makeFile(const QString &name, int rows, int badEvery)
{
    QByteArray csv;
    QBuffer buffer(&csv);
    buffer.open(QIODevice::WriteOnly);
    if (!sample::writeContacts(buffer, rows).ok())
        return {};
    QList<QByteArray> lines = csv.split('\n');
    for (int row = badEvery; badEvery > 0 && row <= rows; row += badEvery) {
        // The sample leaves some addresses out; the sixth cell is the address, no cell before it holds a comma.
        QList<QByteArray> cells = lines[row].split(',');
        cells[5] = "no address at all";
        lines[row] = cells.join(',');
    }
    QFile file(path(name));
    if (!file.open(QIODevice::WriteOnly) || file.write(lines.join('\n')) < 0)
        return {};
    return file.fileName();
}

QString WindowFixture::makeTextFile(const QString &name, const QByteArray &content)
{
    QFile file(path(name));
    return file.open(QIODevice::WriteOnly) && file.write(content) == content.size() ? file.fileName() : QString();
}

} // namespace a360::test

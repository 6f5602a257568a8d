// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "fake_server.h"
#include "window/main_window.h"

#include <QTemporaryDir>

namespace a360::test {

/// A shown window on an SQLite database of its own in a temporary folder, forgotten afterwards.
class WindowFixture
{
public:
    WindowFixture();
    ~WindowFixture();

    ui::MainWindow &window() { return *m_window; }
    FakeServerControl &server() { return m_server; }
    QString path(const QString &name) const { return m_folder.filePath(name); }
    /// Opens the window's database and waits until it is open.
    bool open();
    /// Opens "poem.db", which is no database; waits until the window knows.
    bool openPoem();
    /// Closes the window and makes a new one with the same files.
    void restart();
    /// Imports `rows` invented contacts through the window; waits for the end.
    bool importSample(int rows);
    /// A CSV file of invented contacts; every `badEvery`-th row (0: none) has a broken e-mail address.
    QString makeFile(const QString &name, int rows, int badEvery = 0);
    /// A file with this content; its path, empty when it could not be written.
    QString makeTextFile(const QString &name, const QByteArray &content);

private:
    ui::WindowOptions options();
    QTemporaryDir m_folder;
    FakeServerControl m_server;
    std::unique_ptr<ui::MainWindow> m_window;
};

} // namespace a360::test

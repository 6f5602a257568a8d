// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancel_token.h"
#include "db/database_url.h"

#include <QDialog>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QRadioButton;
class QSpinBox;
class QStackedWidget;

namespace a360::ui {

class Session;

/// Chooses the database: a file on this machine, or a PostgreSQL server. Test tries the connection on a worker, can be stopped, and
/// says in a sentence what is there; Open tries it as well, and the database before stays open until that has worked. The password stays in the running window; it is not stored.
class DatabaseDialog : public QDialog
{
    Q_OBJECT

public:
    DatabaseDialog(Session &session, const db::DatabaseUrl &current, const QString &defaultFile, QWidget *parent = nullptr);
    /// Ends a test that is under way.
    ~DatabaseDialog() override;

    Result<db::DatabaseUrl> url() const;
    void chooseServer();
    QLabel *verdict() const { return m_verdict; }
    QPushButton *testButton() const { return m_test; }
    QPushButton *openButton() const { return m_open; }
    QLineEdit *fileEdit() const { return m_file; }
    QLineEdit *hostEdit() const { return m_host; }
    QLineEdit *nameEdit() const { return m_name; }
    QLineEdit *userEdit() const { return m_user; }
    QLineEdit *passwordEdit() const { return m_password; }
    QSpinBox *portBox() const { return m_port; }

private:
    QWidget *makeFilePage();
    QWidget *makeServerPage();
    void showPage(bool server);
    void browse();
    void test();
    void stopTest();
    void submit();
    quint64 begin(const QString &text);
    void end();
    void say(const char *role, const QString &text);

    Session &m_session;
    QRadioButton *m_embedded, *m_server;
    QStackedWidget *m_pages;
    QLineEdit *m_file, *m_host, *m_name, *m_user, *m_password;
    QSpinBox *m_port;
    QComboBox *m_sslMode;
    QLabel *m_verdict;
    QPushButton *m_browse, *m_test, *m_open;
    CancelSource m_cancel;
    quint64 m_ticket = 0;
    bool m_testing = false; ///< the button Test stops it
};

} // namespace a360::ui

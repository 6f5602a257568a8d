// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "access/token_store.h"
#include "dashboard/dashboard_card.h"
#include "session/session.h"

class QComboBox;
class QLineEdit;
class QPushButton;

namespace a360::ui {

class FigureTable;

/// The access tokens of the open database: made, shown this once, copied, revoked. Works whether the server runs or not.
class TokensCard : public DashboardCard
{
    Q_OBJECT

public:
    explicit TokensCard(Session &session, QWidget *parent = nullptr);
    /// Ends what it asks of the database.
    ~TokensCard() override;

    /// Reads the list again, when the database is open.
    void refresh();
    QLineEdit *nameEdit() const { return m_name; }
    QComboBox *roleBox() const { return m_role; }
    QPushButton *createButton() const { return m_create; }
    QPushButton *revokeButton() const { return m_revoke; }
    QPushButton *copyButton() const { return m_copy; }
    FigureTable *table() const { return m_table; }
    /// The text of the token just made; empty once it was put away.
    QString shownToken() const;
    /// Its controls in reading order.
    QList<QWidget *> tabAnchors() const;

Q_SIGNALS:
    void message(const QString &text);

private:
    void layOut();
    QWidget *makeFresh();
    void create();
    void askToRevoke();
    void revoke(qint64 id);
    void show(const std::vector<access::TokenInfo> &tokens);
    void putAway();
    void fail(const Error &error);
    void updateButtons();

    Session &m_session;
    QLineEdit *m_name;
    QComboBox *m_role;
    QPushButton *m_create, *m_revoke, *m_copy;
    FigureTable *m_table;
    QWidget *m_fresh;
    QLineEdit *m_token;
    QPushButton *m_done;
    std::vector<access::TokenInfo> m_tokens;
    CancelSource m_cancel;
};

} // namespace a360::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/tokens_card.h"

#include "figures/figure_table.h"
#include "records/cell_text.h"
#include "theme/theme.h"
#include "theme/tokens.h"
#include "widgets/question.h"
#include "work/run_async.h"

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace a360::ui {

namespace {

constexpr access::Role rolesLowestFirst[] = {access::Role::FreeUser, access::Role::ProUser, access::Role::Admin,
                                              access::Role::SuperAdmin};

FigureRow rowOf(const access::TokenInfo &token, const QDateTime &now, const QLocale &locale)
{
    const QDateTime made = timeOf(token.createdAt);
    return {QString::number(token.id),
            {{locale.toString(token.id)},
             {token.name},
             {access::roleName(token.role)},
             {relativeTime(made, now, locale), locale.toString(made.toLocalTime(), QLocale::ShortFormat)},
             {token.revoked ? TokensCard::tr("revoked") : TokensCard::tr("valid")}}};
}

} // namespace

TokensCard::TokensCard(Session &session, QWidget *parent)
    : DashboardCard(tr("Access tokens"), parent), m_session(session), m_name(new QLineEdit(this)), m_role(new QComboBox(this)),
      m_create(new QPushButton(tr("Create token"), this)), m_revoke(new QPushButton(tr("Revoke…"), this)),
      m_copy(new QPushButton(icon(Icon::Copy), tr("Copy"), this)),
      m_table(new FigureTable(tr("Access tokens"), {{tr("No."), true, 56}, {tr("Name"), false, 0}, {tr("Role"), false, 110},
                               {tr("Created"), false, 110}, {tr("State"), false, 84}}, this)),
      m_fresh(nullptr), m_token(new QLineEdit(this)), m_done(new QPushButton(tr("Done"), this))
{
    layOut();
    connect(m_create, &QPushButton::clicked, this, &TokensCard::create);
    connect(m_name, &QLineEdit::returnPressed, this, &TokensCard::create);
    connect(m_revoke, &QPushButton::clicked, this, &TokensCard::askToRevoke);
    connect(m_copy, &QPushButton::clicked, this, [this] {
        QApplication::clipboard()->setText(m_token->text());
        Q_EMIT message(tr("Token copied"));
    });
    connect(m_table, &FigureTable::currentKeyChanged, this, &TokensCard::updateButtons);
    connect(&m_session, &Session::stateChanged, this, [this] {
        putAway(); // it belongs to the database before
        m_tokens.clear();
        m_table->setRows({});
        m_table->hide();
        m_revoke->hide();
        refresh();
    });
    updateButtons();
}

TokensCard::~TokensCard()
{
    m_cancel.cancel();
}

void TokensCard::layOut()
{
    m_name->setPlaceholderText(tr("What it is for, such as: nightly export"));
    m_name->setAccessibleName(tr("Name of the new token"));
    m_name->setMaxLength(100);
    m_role->setAccessibleName(tr("Role of the new token"));
    for (const access::Role role : rolesLowestFirst)
        m_role->addItem(access::roleName(role), static_cast<int>(role));
    m_role->setToolTip(tr("FreeUser may read; what the others may do besides is up to each endpoint."));
    auto *form = new QHBoxLayout;
    form->setSpacing(metrics::unit);
    form->addWidget(m_name, 1);
    form->addWidget(m_role);
    form->addWidget(m_create);
    m_fresh = makeFresh();
    m_table->setVisibleRows(3, 8);
    auto *foot = new QHBoxLayout;
    foot->setSpacing(metrics::unit);
    foot->addWidget(m_revoke);
    foot->addStretch();
    body()->addLayout(form);
    body()->addWidget(m_fresh);
    body()->addWidget(m_table, 1);
    body()->addLayout(foot);
    m_revoke->setToolTip(tr("A revoked token is refused within 5 seconds. This cannot be undone."));
}

/// The token just made; the only time that it is seen.
QWidget *TokensCard::makeFresh()
{
    auto *box = new QWidget(this);
    auto *words = new QLabel(tr("Copy the new token now. Only its fingerprint is stored: it cannot be shown again."), box);
    words->setWordWrap(true);
    m_token->setReadOnly(true);
    m_token->setAccessibleName(tr("The new token"));
    setRole(m_token, role::code);
    connect(m_done, &QPushButton::clicked, this, &TokensCard::putAway);
    auto *row = new QHBoxLayout;
    row->setSpacing(metrics::unit);
    row->addWidget(m_token, 1);
    row->addWidget(m_copy);
    row->addWidget(m_done);
    auto *column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(metrics::half);
    column->addWidget(words);
    column->addLayout(row);
    box->hide();
    return box;
}

QList<QWidget *> TokensCard::tabAnchors() const
{
    return {m_name, m_role, m_create, m_token, m_copy, m_done, m_table, m_revoke};
}

QString TokensCard::shownToken() const
{
    return m_token->text();
}

void TokensCard::putAway()
{
    m_token->clear();
    m_fresh->hide();
}

void TokensCard::updateButtons()
{
    const bool open = m_session.state() == Session::State::Open;
    const QString key = m_table->currentKey();
    bool revocable = false;
    for (const access::TokenInfo &token : m_tokens)
        revocable = revocable || (QString::number(token.id) == key && !token.revoked);
    m_create->setEnabled(open);
    m_name->setEnabled(open);
    m_role->setEnabled(open);
    m_revoke->setEnabled(open && revocable);
    m_revoke->setText(revocable ? tr("Revoke token %1…").arg(key) : tr("Revoke…"));
}

void TokensCard::refresh()
{
    updateButtons();
    if (m_session.state() != Session::State::Open)
        return;
    runAsync(
        m_session.interactive(), this,
        [service = m_session.service(), token = m_cancel.token()] { return access::TokenStore(service->pool()).list(token); },
        [this, service = std::weak_ptr(m_session.service())](const Result<std::vector<access::TokenInfo>> &tokens) {
            if (service.lock() != m_session.service())
                return;
            if (!tokens.ok()) {
                fail(tokens.error());
                return;
            }
            show(*tokens);
        });
}

void TokensCard::show(const std::vector<access::TokenInfo> &tokens)
{
    m_tokens = tokens;
    const QLocale locale;
    const QDateTime now = QDateTime::currentDateTimeUtc();
    std::vector<FigureRow> rows;
    rows.reserve(tokens.size());
    for (const access::TokenInfo &token : tokens)
        rows.push_back(rowOf(token, now, locale));
    m_table->setRows(std::move(rows));
    m_table->setVisible(!tokens.empty());
    m_revoke->setVisible(!tokens.empty());
    setNote(tokens.empty() ? tr("No token yet. Programs that call the service send one as: Authorization: Bearer <token>") : QString());
    verdict()->setVerdict(VerdictLabel::Kind::Neutral, {});
    updateButtons();
}

void TokensCard::create()
{
    if (m_session.state() != Session::State::Open)
        return;
    m_create->setEnabled(false);
    const auto role = static_cast<access::Role>(m_role->currentData().toInt());
    runAsync(
        m_session.interactive(), this,
        [service = m_session.service(), role, name = m_name->text().trimmed(), token = m_cancel.token()] {
            return access::TokenStore(service->pool()).create(role, name, token);
        },
        [this, service = std::weak_ptr(m_session.service())](const Result<access::NewToken> &made) {
            updateButtons();
            if (service.lock() != m_session.service())
                return;
            if (!made.ok()) {
                fail(made.error());
                return;
            }
            m_token->setText(made->token);
            m_token->setCursorPosition(0);
            m_fresh->show();
            m_name->clear();
            m_copy->setFocus();
            refresh();
        });
}

void TokensCard::askToRevoke()
{
    const qint64 id = m_table->currentKey().toLongLong();
    const QString name = m_table->currentIndex().siblingAtColumn(1).data().toString();
    QMessageBox *question = makeQuestion(tr("Revoke a token"), tr("Revoke token %1, \u201c%2\u201d?").arg(id).arg(name),
                                         tr("Programs that use it are refused from then on. This cannot be undone."), this);
    QPushButton *keep = question->addButton(tr("Keep it"), QMessageBox::RejectRole);
    QPushButton *go = question->addButton(tr("Revoke token %1").arg(id), QMessageBox::DestructiveRole);
    question->setDefaultButton(keep);
    question->setEscapeButton(keep);
    // Another database has a token of the same number.
    connect(go, &QPushButton::clicked, this, [this, id, asked = std::weak_ptr(m_session.service())] {
        if (m_session.service() && asked.lock() == m_session.service())
            revoke(id);
    });
    question->open();
}

void TokensCard::revoke(qint64 id)
{
    runAsync(
        m_session.interactive(), this,
        [service = m_session.service(), id, token = m_cancel.token()] {
            return access::TokenStore(service->pool()).revoke(id, token);
        },
        [this, id](const Result<void> &done) {
            if (!done.ok()) {
                fail(done.error());
                return;
            }
            Q_EMIT message(tr("Token %1 is revoked").arg(id));
            refresh();
        });
}

void TokensCard::fail(const Error &error)
{
    verdict()->setVerdict(VerdictLabel::Kind::Bad, tr("Not done"), error.message);
    setNote(error.message);
}

} // namespace a360::ui

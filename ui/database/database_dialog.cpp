// SPDX-License-Identifier: GPL-3.0-or-later
#include "database/database_dialog.h"

#include "session/session.h"
#include "theme/theme.h"
#include "theme/tokens.h"
#include "widgets/tab_chain.h"
#include "work/run_async.h"

#include <QComboBox>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPointer>
#include <QPushButton>
#include <QRadioButton>
#include <QSpinBox>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace a360::ui {

namespace {

constexpr int defaultPort = 5432;
constexpr int leastWidth = 560;

struct SslMode
{
    const char *name;
    const char *words;
};
constexpr SslMode sslModes[] = {{"prefer", "Encrypted if the server can (prefer)"},
                                {"require", "Always encrypted (require)"},
                                {"verify-full", "Encrypted and the server checked (verify-full)"},
                                {"disable", "Never encrypted (disable)"}};

QFormLayout *makeForm(QWidget *page)
{
    auto *form = new QFormLayout(page);
    form->setContentsMargins(0, 0, 0, 0);
    form->setHorizontalSpacing(16);
    form->setVerticalSpacing(metrics::unit);
    form->setLabelAlignment(Qt::AlignLeft);
    return form;
}

} // namespace

DatabaseDialog::DatabaseDialog(Session &session, const db::DatabaseUrl &current, const QString &defaultFile, QWidget *parent)
    : QDialog(parent), m_session(session), m_embedded(new QRadioButton(tr("A file on this computer"), this)),
      m_server(new QRadioButton(tr("A PostgreSQL server"), this)), m_pages(new QStackedWidget(this)),
      m_file(new QLineEdit(this)), m_host(new QLineEdit(this)), m_name(new QLineEdit(this)), m_user(new QLineEdit(this)),
      m_password(new QLineEdit(this)), m_port(new QSpinBox(this)), m_sslMode(new QComboBox(this)),
      m_verdict(new QLabel(this)), m_browse(new QPushButton(tr("Browse…"), this)),
      m_test(new QPushButton(tr("Test"), this)), m_open(new QPushButton(tr("Open"), this))
{
    setWindowTitle(tr("Choose database"));
    setModal(false);
    setRole(m_open, role::primary);
    m_open->setDefault(true);
    m_verdict->setWordWrap(true);
    m_verdict->setMinimumHeight(3 * fontMetrics().height());
    m_verdict->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    m_pages->addWidget(makeFilePage());
    m_pages->addWidget(makeServerPage());

    const bool server = current.dialect == db::Dialect::PostgreSql;
    m_file->setText(server || current.path.isEmpty() ? defaultFile : current.path);
    m_host->setText(current.host);
    m_name->setText(current.name);
    m_user->setText(current.user);
    m_password->setText(current.password);
    m_port->setValue(current.port > 0 ? current.port : defaultPort);
    const int mode = m_sslMode->findData(current.options.value(QStringLiteral("sslmode")));
    m_sslMode->setCurrentIndex(std::max(0, mode));

    auto *kinds = new QVBoxLayout;
    kinds->setSpacing(metrics::half);
    kinds->addWidget(m_embedded);
    kinds->addWidget(m_server);
    auto *cancel = new QPushButton(tr("Cancel"), this);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(metrics::unit);
    buttons->addWidget(m_test);
    buttons->addStretch();
    buttons->addWidget(cancel);
    buttons->addWidget(m_open);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(20, 20, 20, 16);
    column->setSpacing(16);
    column->addLayout(kinds);
    column->addWidget(m_pages);
    column->addWidget(m_verdict);
    column->addStretch();
    column->addLayout(buttons);
    setMinimumWidth(leastWidth);
    chainTabs({m_embedded, m_server, m_file, m_browse, m_host, m_port, m_name, m_user, m_password, m_sslMode, m_test, cancel, m_open});

    connect(m_server, &QRadioButton::toggled, this, &DatabaseDialog::showPage);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_test, &QPushButton::clicked, this, &DatabaseDialog::test);
    connect(m_open, &QPushButton::clicked, this, &DatabaseDialog::submit);
    connect(this, &QDialog::finished, this, [this] {
        m_cancel.cancel();
        m_session.cancelChange();
    });
    (server ? m_server : m_embedded)->setChecked(true);
    showPage(server);
}

/// Who goes with the window does not finish first.
DatabaseDialog::~DatabaseDialog()
{
    m_cancel.cancel();
}

/// The dialog is as high as the page it shows.
void DatabaseDialog::showPage(bool server)
{
    m_pages->setCurrentIndex(server ? 1 : 0);
    for (int i = 0; i < m_pages->count(); ++i) {
        const auto policy = i == m_pages->currentIndex() ? QSizePolicy::Preferred : QSizePolicy::Ignored;
        m_pages->widget(i)->setSizePolicy(QSizePolicy::Preferred, policy);
    }
    say(role::secondary, {});
    layout()->activate();
    resize(isVisible() ? width() : leastWidth, sizeHint().height());
}

QWidget *DatabaseDialog::makeFilePage()
{
    auto *page = new QWidget(this);
    m_file->setAccessibleName(tr("Database file"));
    m_browse->setParent(page);
    connect(m_browse, &QPushButton::clicked, this, &DatabaseDialog::browse);
    auto *row = new QHBoxLayout;
    row->setSpacing(metrics::unit);
    row->addWidget(m_file, 1);
    row->addWidget(m_browse);
    auto *hint = new QLabel(tr("The file is made when it is not there yet."), page);
    setRole(hint, role::secondary);
    QFormLayout *form = makeForm(page);
    form->addRow(tr("File"), row);
    form->addRow(QString(), hint);
    return page;
}

QWidget *DatabaseDialog::makeServerPage()
{
    auto *page = new QWidget(this);
    m_host->setPlaceholderText(QStringLiteral("localhost"));
    m_host->setAccessibleName(tr("Host"));
    m_port->setRange(1, 65535);
    m_port->setValue(defaultPort);
    m_port->setButtonSymbols(QAbstractSpinBox::NoButtons);
    m_port->setGroupSeparatorShown(false);
    m_port->setAccessibleName(tr("Port"));
    m_name->setAccessibleName(tr("Database name"));
    m_user->setAccessibleName(tr("User"));
    m_password->setAccessibleName(tr("Password"));
    m_password->setEchoMode(QLineEdit::Password);
    m_password->setPlaceholderText(tr("Kept until you quit, never stored"));
    for (const SslMode &mode : sslModes)
        m_sslMode->addItem(tr(mode.words), QString::fromLatin1(mode.name));
    m_sslMode->setAccessibleName(tr("Encryption"));
    auto *place = new QHBoxLayout;
    place->setSpacing(metrics::unit);
    place->addWidget(m_host, 1);
    auto *port = new QLabel(tr("Port"), page);
    place->addWidget(port);
    m_port->setFixedWidth(80);
    place->addWidget(m_port);
    QFormLayout *form = makeForm(page);
    form->addRow(tr("Host"), place);
    form->addRow(tr("Database"), m_name);
    form->addRow(tr("User"), m_user);
    form->addRow(tr("Password"), m_password);
    form->addRow(tr("Encryption"), m_sslMode);
    return page;
}

void DatabaseDialog::chooseServer()
{
    m_server->setChecked(true);
}

Result<db::DatabaseUrl> DatabaseDialog::url() const
{
    if (m_embedded->isChecked()) {
        const QString path = m_file->text().trimmed();
        if (path.isEmpty())
            return makeError(ErrorCode::InvalidArgument, tr("Choose a file."), QStringLiteral("file"));
        return db::DatabaseUrl::sqliteFile(QFileInfo(path).absoluteFilePath());
    }
    if (m_name->text().trimmed().isEmpty())
        return makeError(ErrorCode::InvalidArgument, tr("Enter the name of the database."), QStringLiteral("name"));
    db::DatabaseUrl url;
    url.dialect = db::Dialect::PostgreSql;
    url.host = m_host->text().trimmed().isEmpty() ? QStringLiteral("localhost") : m_host->text().trimmed();
    url.port = m_port->value();
    url.name = m_name->text().trimmed();
    url.user = m_user->text().trimmed();
    url.password = m_password->text();
    url.options.insert(QStringLiteral("sslmode"), m_sslMode->currentData().toString());
    return url;
}

void DatabaseDialog::browse()
{
    auto *dialog = new QFileDialog(this, tr("Database file"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setOption(QFileDialog::DontConfirmOverwrite); // an existing file is opened, not replaced
    dialog->setLabelText(QFileDialog::Accept, tr("Choose"));
    dialog->setDirectory(QFileInfo(m_file->text()).path());
    connect(dialog, &QFileDialog::fileSelected, m_file, &QLineEdit::setText);
    dialog->open();
}

void DatabaseDialog::say(const char *role, const QString &text)
{
    setRole(m_verdict, role);
    m_verdict->setText(text);
}

/// One attempt at a time, a test or an opening; the number tells which one answers.
quint64 DatabaseDialog::begin(const QString &text)
{
    say(role::secondary, text);
    m_test->setEnabled(false);
    m_open->setEnabled(false);
    m_cancel.cancel();
    m_cancel = CancelSource{};
    return ++m_ticket;
}

void DatabaseDialog::end()
{
    m_testing = false;
    m_test->setText(tr("Test"));
    m_test->setEnabled(true);
    m_open->setEnabled(true);
}

void DatabaseDialog::stopTest()
{
    m_cancel.cancel();
    ++m_ticket; // its answer counts no more
    end();
    say(role::secondary, tr("Stopped."));
}

void DatabaseDialog::test()
{
    if (m_testing) {
        stopTest();
        return;
    }
    const Result<db::DatabaseUrl> target = url();
    if (!target.ok()) {
        say(role::bad, target.error().message);
        return;
    }
    const quint64 attempt = begin(m_embedded->isChecked() ? tr("Looking…") : tr("Connecting…"));
    m_testing = true;
    m_test->setText(tr("Stop"));
    m_test->setEnabled(true);
    runAsync(
        m_session.interactive(), this,
        [database = *target, token = m_cancel.token()] { return testConnection(database, token); },
        [this, attempt](const Result<QString> &answer) {
            if (attempt != m_ticket)
                return;
            end();
            if (answer.ok())
                say(role::ok, QStringLiteral("✓ %1").arg(*answer));
            else
                say(role::bad, QStringLiteral("✗ %1").arg(answer.error().message));
        });
}

void DatabaseDialog::submit()
{
    const Result<db::DatabaseUrl> target = url();
    if (!target.ok()) {
        say(role::bad, target.error().message);
        return;
    }
    begin(tr("Opening…"));
    m_session.change(*target, [dialog = QPointer(this)](const Result<void> &opened) {
        if (!dialog)
            return;
        dialog->end();
        if (opened.ok())
            dialog->accept();
        else
            dialog->say(role::bad, QStringLiteral("✗ %1").arg(opened.error().message));
    });
}

} // namespace a360::ui

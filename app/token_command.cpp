// SPDX-License-Identifier: GPL-3.0-or-later
#include "commands.h"

#include "opener.h"

#include "access/token_store.h"

#include <QDateTime>

namespace a360::app {

namespace {

/// An open, migrated database for a token command; its output is what `action` returns.
template <typename Action>
int withTokens(const CommandLine &line, Action action)
{
    Opener opener(line);
    if (!opener.begin() || !opener.open(Access::Migrate))
        return opener.exitCode();
    Console &console = opener.console();
    access::TokenStore tokens(opener.service().pool());
    const Result<QString> output = action(tokens, console);
    if (!output) {
        const bool usage = output.error().code == ErrorCode::NotFound;
        return console.fail(output.error(), usage ? ErrorOrigin::Usage : ErrorOrigin::Database);
    }
    const Result<void> printed = Console::data(output->toUtf8());
    return printed ? ExitDone : console.fail(printed.error(), ErrorOrigin::Files);
}

int createToken(const QStringList &arguments)
{
    CommandLine line({QStringLiteral("token create"), {},
                      QStringLiteral("Makes an access token and prints it, alone, on standard output. It is shown this once: the "
                                     "database keeps only its hash."),
                      {QStringLiteral("a360 token create --role admin"),
                       QStringLiteral("TOKEN=$(a360 token create --role admin --name nightly)")}});
    line.addOption({QStringLiteral("role")}, QStringLiteral("ROLE"),
                   QStringLiteral("superadmin, admin, prouser or freeuser; default is freeuser, which may read."));
    line.addOption({QStringLiteral("name")}, QStringLiteral("NAME"), QStringLiteral("What it is for, to tell tokens apart."));
    if (!line.parse(arguments, 0, 0))
        return line.exitCode();
    const QString roleName = line.isSet("role") ? line.value("role") : QStringLiteral("freeuser");
    const auto role = access::roleByName(roleName);
    if (!role) {
        return Console().fail(makeError(ErrorCode::InvalidArgument,
                                        QStringLiteral("--role is '%1'; allowed: superadmin, admin, prouser or freeuser.").arg(roleName),
                                        QStringLiteral("--role")), ErrorOrigin::Usage);
    }
    return withTokens(line, [&](access::TokenStore &tokens, Console &console) -> Result<QString> {
        A360_TRY_ASSIGN(const access::NewToken made, tokens.create(*role, line.value("name")));
        console.note(QStringLiteral("Token %1 (%2, %3); it will not be shown again.")
                         .arg(made.info.id).arg(made.info.name, access::roleName(made.info.role)));
        return QString(made.token + QLatin1Char('\n'));
    });
}

int listTokens(const QStringList &arguments)
{
    CommandLine line({QStringLiteral("token list"), {}, QStringLiteral("Lists the access tokens, newest first."),
                      {QStringLiteral("a360 token list")}});
    if (!line.parse(arguments, 0, 0))
        return line.exitCode();
    return withTokens(line, [](access::TokenStore &tokens, Console &console) -> Result<QString> {
        A360_TRY_ASSIGN(const std::vector<access::TokenInfo> all, tokens.list());
        if (all.empty())
            console.note(QStringLiteral("There are no tokens yet; `a360 token create --role admin` makes one."));
        QString out;
        for (const access::TokenInfo &token : all) {
            const QString created = QDateTime::fromMSecsSinceEpoch(token.createdAt / 1000).toUTC().toString(Qt::ISODate);
            out += QStringLiteral("%1\t%2\t%3\t%4\t%5\n").arg(token.id).arg(access::roleName(token.role), created,
                       token.revoked ? QStringLiteral("revoked") : QStringLiteral("valid"), token.name);
        }
        return out;
    });
}

int revokeToken(const QStringList &arguments)
{
    CommandLine line({QStringLiteral("token revoke"), QStringLiteral("ID"),
                      QStringLiteral("Makes a token invalid, at once here and within seconds on running servers."),
                      {QStringLiteral("a360 token revoke 3")}});
    if (!line.parse(arguments, 1, 1))
        return line.exitCode();
    bool ok = false;
    const qint64 id = line.positional().constFirst().toLongLong(&ok);
    if (!ok) {
        return Console().fail(makeError(ErrorCode::InvalidArgument, QStringLiteral("'%1' is no token number; `a360 token list` shows them.")
                                                                        .arg(line.positional().constFirst())), ErrorOrigin::Usage);
    }
    return withTokens(line, [id](access::TokenStore &tokens, Console &console) -> Result<QString> {
        A360_TRY(tokens.revoke(id));
        console.note(QStringLiteral("Token %1 is revoked.").arg(id));
        return QString();
    });
}

} // namespace

int runTokenCommand(const QStringList &arguments)
{
    const QString what = arguments.value(0);
    if (what == QLatin1String("create"))
        return createToken(arguments.mid(1));
    if (what == QLatin1String("list"))
        return listTokens(arguments.mid(1));
    if (what == QLatin1String("revoke"))
        return revokeToken(arguments.mid(1));
    const QString usage = QStringLiteral("Usage: a360 token create|list|revoke [options]\n\n"
                                         "Access tokens for the HTTP server (`a360 serve`).\n\n"
                                         "  create     Make a token and print it, this once\n"
                                         "  list       List the tokens, without their secret part\n"
                                         "  revoke ID  Make a token invalid\n\n"
                                         "`a360 token create --help` and so on tell more.\n");
    if (what == QLatin1String("--help") || what == QLatin1String("-h")) {
        const Result<void> printed = Console::data(usage.toUtf8());
        return printed ? ExitDone : Console().fail(printed.error(), ErrorOrigin::Files);
    }
    return Console().fail(makeError(ErrorCode::InvalidArgument,
                                    QStringLiteral("token wants create, list or revoke.\n\n") + usage), ErrorOrigin::Usage);
}

} // namespace a360::app

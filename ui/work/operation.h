// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancel_token.h"
#include "core/progress.h"
#include "db/database_url.h"

#include <QLocale>
#include <QObject>
#include <QTimer>

#include <memory>

namespace a360::ui {

/// A long piece of work with a name, true progress, a way to stop it and a result that stays. Lives in the window's
/// thread; the work runs elsewhere and shares only the progress counter and the cancel token.
class Operation : public QObject
{
    Q_OBJECT

public:
    enum class State { Running, Done, Failed, Cancelled };

    /// `database`: the one it works on to its end, whatever the window opens meanwhile.
    Operation(QString title, db::DatabaseUrl database, CancelToken closing, QObject *parent);
    ~Operation() override;

    /// Names the database once the window has left it.
    QString title() const;
    const db::DatabaseUrl &database() const { return m_database; }
    /// The window has this database open now.
    void follow(const db::DatabaseUrl &open);
    /// The window has left the database: what became of the operation says nothing about the one it has open.
    bool isElsewhere() const { return m_elsewhere; }
    State state() const { return m_state; }
    bool isRunning() const { return m_state == State::Running; }
    const Error &error() const { return m_error; }
    Progress progress() const { return m_counter->snapshot(); }
    /// One line about the result, for cards; empty while running.
    virtual QString summary() const = 0;
    void cancel();
    bool isCancelling() const { return isRunning() && m_cancel.isCancelled(); }

Q_SIGNALS:
    void progressed(); ///< at most ten times a second
    void finished();
    void titleChanged();

protected:
    std::shared_ptr<ProgressCounter> counter() const { return m_counter; }
    CancelToken token() const { return m_cancel.token(); }
    void finishWith(State state, const Error &error = {});
    /// Failed, or Cancelled when that was the reason.
    void finishWithError(const Error &error);

private:
    const QString m_title;
    const db::DatabaseUrl m_database;
    std::shared_ptr<ProgressCounter> m_counter = std::make_shared<ProgressCounter>();
    CancelSource m_cancel;
    CancelToken::Registration m_closing;
    State m_state = State::Running;
    bool m_elsewhere = false;
    Error m_error;
    QTimer m_tick;
};

/// "412,300 of ~1,000,000 rows · 41.3 MiB · 61 k rows/s · 0:09 left"; the time left only where a total is known, and of
/// work in several steps as that of the step.
QString progressText(const Progress &progress, std::chrono::steady_clock::time_point now, const QLocale &locale);
/// 0 to 1, or a negative number when no total is known.
double progressFraction(const Progress &progress);

} // namespace a360::ui

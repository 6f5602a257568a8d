// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/index_watch.h"

#include <QLocale>

#include <algorithm>

namespace a360::ui {

namespace {
constexpr int lookMilliseconds = 250;
}

IndexWatch::IndexWatch(Session &session, QObject *parent) : QObject(parent), m_session(session)
{
    m_timer.setInterval(lookMilliseconds);
    connect(&m_timer, &QTimer::timeout, this, &IndexWatch::look);
    connect(&m_session, &Session::stateChanged, this, &IndexWatch::look);
    m_timer.start();
}

void IndexWatch::look()
{
    QString text;
    const std::shared_ptr<Service> service = m_session.service();
    if (const IndexRebuilder *indexes = service ? service->indexes() : nullptr) {
        if (const std::optional<Progress> progress = indexes->progress()) {
            const QLocale locale;
            text = tr("Rebuilding indexes %1 of %2")
                       .arg(locale.toString(std::min(progress->rowsDone + 1, progress->rowsTotal)),
                            locale.toString(progress->rowsTotal));
        }
    }
    if (text == m_text)
        return;
    m_text = text;
    Q_EMIT changed();
}

} // namespace a360::ui

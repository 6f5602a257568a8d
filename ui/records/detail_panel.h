// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "records/record_source.h"

#include <QFrame>
#include <QTimer>

class QLabel;
class QTextBrowser;
class QToolButton;
class QThreadPool;
class QUrl;

namespace a360::ui {

/// Everything about one record, grouped by what it belongs to; values can be copied, addresses opened. Reads on a worker
/// thread, after the choice has rested for a moment; again whenever it comes to be seen and, while it is, soon after the
/// database has changed. What it shows stays until then.
class DetailPanel : public QFrame
{
    Q_OBJECT

public:
    DetailPanel(contacts::Entity entity, QThreadPool &pool, QWidget *parent = nullptr);
    /// Ends a reading that is under way.
    ~DetailPanel() override;

    void setSource(std::shared_ptr<RecordSource> source);
    /// Empty: nothing chosen.
    void showRecord(const QByteArray &uuid);
    QByteArray shownUuid() const { return m_shown; }
    /// Reads the record again.
    void reload();
    /// Why what is shown may be from before; empty when it is not.
    QString notice() const;
    QString heading() const;
    /// Label and value of each shown line, for tests and accessibility.
    QList<QPair<QString, QString>> lines() const { return m_lines; }
    /// Its controls in reading order.
    QList<QWidget *> tabAnchors() const;

Q_SIGNALS:
    void closeRequested();
    void message(const QString &text);

protected:
    void changeEvent(QEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    struct Reading
    {
        QByteArray mark; ///< of the data, from before the row was read
        Result<db::RowBatch> row;
    };
    void layOut();
    void load();
    void take(const Reading &reading);
    void look();
    /// `again`: of the record that is shown already.
    void present(const db::RowBatch &row, bool again);
    void presentText(const QString &title, const QString &text);
    void follow(const QUrl &url);

    const contacts::Entity m_entity;
    QThreadPool &m_pool;
    std::shared_ptr<RecordSource> m_source;
    std::vector<contacts::OutputColumn> m_columns;
    QLabel *m_title;
    QLabel *m_subtitle;
    QLabel *m_notice;
    QToolButton *m_close;
    QTextBrowser *m_text;
    QTimer m_rest, m_watch;
    QByteArray m_wanted, m_shown;
    CancelSource m_cancel;
    quint64 m_ticket = 0;
    QByteArray m_mark;
    bool m_looking = false;
    QString m_html; ///< as it was set
    QList<QPair<QString, QString>> m_lines;
};

} // namespace a360::ui

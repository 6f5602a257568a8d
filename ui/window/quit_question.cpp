// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/quit_question.h"

#include "widgets/question.h"

#include <QCoreApplication>
#include <QPushButton>

namespace a360::ui {

namespace {

struct Words
{
    QString question, explanation, keep, stop;
};

QString tr(const char *text)
{
    return QCoreApplication::translate("a360::ui::QuitQuestion", text);
}

Words wordsFor(const EndingWork &ending)
{
    const QString jobs = tr("An import keeps what it has merged so far; an export leaves no file.");
    const QString service = tr("Programs that read from the service get no more answers.");
    if (ending.jobs == 0)
        return {tr("The REST service is running."), tr("Quitting stops it. %1").arg(service), tr("Keep serving"), tr("Stop it and quit")};
    if (ending.service)
        return {ending.jobs == 1 ? tr("One job and the REST service are still running.")
                                 : tr("%1 jobs and the REST service are still running.").arg(ending.jobs),
                tr("Quitting stops them. %1 %2").arg(jobs, service), tr("Keep working"), tr("Stop all and quit")};
    if (ending.jobs == 1)
        return {tr("One job is still running."), tr("Quitting stops it. %1").arg(jobs), tr("Keep working"), tr("Stop it and quit")};
    return {tr("%1 jobs are still running.").arg(ending.jobs), tr("Quitting stops them. %1").arg(jobs), tr("Keep working"),
            tr("Stop %1 jobs and quit").arg(ending.jobs)};
}

} // namespace

void askToQuit(const EndingWork &ending, QWidget *window, std::function<void()> quit)
{
    const Words words = wordsFor(ending);
    QMessageBox *question = makeQuestion(window->windowTitle(), words.question, words.explanation, window);
    QPushButton *keep = question->addButton(words.keep, QMessageBox::RejectRole);
    QPushButton *stop = question->addButton(words.stop, QMessageBox::DestructiveRole);
    question->setDefaultButton(keep);
    question->setEscapeButton(keep);
    QObject::connect(stop, &QPushButton::clicked, window, std::move(quit));
    question->open();
}

} // namespace a360::ui

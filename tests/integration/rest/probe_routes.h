// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "http_server.h"
#include "stream_channel.h"

#include <condition_variable>
#include <mutex>
#include <stdexcept>

/// Routes made for the tests of the HTTP layer.
namespace a360::tests {

using rest::Answer;
using rest::Call;
using rest::errorAnswer;
using rest::HttpOptions;
using rest::HttpServer;
using rest::OpenStream;
using rest::Route;
using rest::Routes;

/// Handlers that the test can hold and watch.
struct Probe
{
    std::mutex mutex;                 ///< "/slow" waits until the gate is open or its client has left
    std::condition_variable changed;
    bool gateIsOpen = false;          ///< guarded by mutex
    std::atomic<int> slowRunning = 0;
    std::atomic<int> slowCancelled = 0;
    std::atomic<qint64> streamed = 0; ///< bytes the stream handler got rid of
    std::atomic<int> streamsEnded = 0;
    std::atomic<bool> streamCancelled = false;
};

inline Answer textAnswer(const QByteArray &text)
{
    Answer answer;
    answer.contentType = "text/plain";
    answer.body = text;
    return answer;
}

inline Routes probeRoutes(Probe &probe)
{
    Routes routes;
    routes.push_back({"GET", "/ping", Route::Runs::Inline, [](const Call &) { return textAnswer("pong"); }, {}});
    routes.push_back({"GET", "/echo/<what>", Route::Runs::OnWorker,
                      [](const Call &call) {
                          return textAnswer(call.arguments.value(0).toUtf8() + '|' + call.request->query + '|' + call.baseUrl);
                      },
                      {}});
    routes.push_back({"POST", "/size", Route::Runs::OnWorker,
                      [](const Call &call) { return textAnswer(QByteArray::number(call.request->body.size())); },
                      {}});
    routes.push_back({"GET", "/big", Route::Runs::OnWorker,
                      [](const Call &) { return textAnswer(QByteArray(200'000, 'x')); },
                      {}});
    routes.push_back({"GET", "/throws", Route::Runs::OnWorker,
                      [](const Call &) -> Answer { throw std::runtime_error("secret inside"); },
                      {}});
    routes.push_back({"GET", "/slow", Route::Runs::OnWorker,
                      [&probe](const Call &call) {
                          ++probe.slowRunning;
                          const auto watch = call.cancel.onCancel([&probe] {
                              const std::lock_guard lock(probe.mutex);
                              ++probe.slowCancelled;
                              probe.changed.notify_all();
                          });
                          {
                              std::unique_lock lock(probe.mutex);
                              probe.changed.wait(lock, [&] { return probe.gateIsOpen || call.cancel.isCancelled(); });
                          }
                          --probe.slowRunning;
                          return textAnswer("slow");
                      },
                      {}});
    // /stream/<bytes>: that many bytes; a negative number fails behind them, 0 fails before the first.
    routes.push_back({"GET", "/stream/<bytes>", Route::Runs::AsStream, {},
                      [&probe](const Call &call, const OpenStream &open) -> std::optional<Answer> {
                          const qint64 wanted = call.arguments.value(0).toLongLong();
                          if (wanted == 0)
                              return errorAnswer(400, "nothing to stream", "bad");
                          Answer head;
                          head.contentType = "text/csv";
                          head.headers = {{"Content-Disposition", "attachment; filename=\"x.csv\""}};
                          const auto sink = open(head);
                          qint64 left = std::abs(wanted);
                          while (left > 0) {
                              const QByteArray piece(qMin<qint64>(left, 50'000), 's');
                              if (!sink->write(piece).ok())
                                  break;
                              probe.streamed += piece.size();
                              left -= piece.size();
                          }
                          probe.streamCancelled = call.cancel.isCancelled();
                          ++probe.streamsEnded;
                          if (wanted < 0 || left > 0)
                              return errorAnswer(503, "broken", "unavailable");
                          if (!sink->finish().ok())
                              return errorAnswer(503, "client left", "cancelled");
                          return std::nullopt;
                      }});
    return routes;
}

inline HttpOptions testOptions()
{
    HttpOptions options;
    options.port = 0;
    options.trustedHosts = {QStringLiteral("localhost"), QStringLiteral("127.0.0.1")};
    options.allowedOrigins = {QStringLiteral("https://app.example")};
    return options;
}

} // namespace a360::tests

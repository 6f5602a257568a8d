// SPDX-License-Identifier: GPL-3.0-or-later
// The list endpoint's own work in process, without HTTP, from the query's text to the body: bench_list <database url>
// [query, such as limit=100&title=engineer]. Requests per second of one thread with the cache and without, several rounds in
// turn (target: 20 times as many with it, for the default page of 1,000,000 rows), and what understanding a query costs.
// The database must have been made before; it is only read.
#include "list_request.h"
#include "query_string.h"
#include "record_controller.h"

#include <QCoreApplication>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>

using namespace a360;
using Clock = std::chrono::steady_clock;

namespace {

constexpr int rounds = 7;
constexpr std::chrono::milliseconds roundTime{1000};

/// An open database and its list of contacts.
struct Face
{
    Face(std::unique_ptr<Service> opened) : service(std::move(opened)) {}
    std::unique_ptr<Service> service;
    access::TokenStore tokens{service->pool()};
    rest::ApiContext context{*service, tokens, {}, {}};
    rest::RecordController contacts{context, contacts::Entity::Contact};
};

std::unique_ptr<Face> open(const db::DatabaseUrl &url, bool cached)
{
    ServiceOptions options;
    options.database = url;
    options.pool.readOnly = true;
    options.cache.enabled = cached;
    Result<std::unique_ptr<Service>> service = Service::open(options);
    if (!service.ok()) {
        std::fprintf(stderr, "%s\n", qPrintable(service.error().message));
        std::exit(4);
    }
    return std::make_unique<Face>(std::move(*service));
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

/// Calls per second.
double rateOf(const std::function<void()> &call)
{
    qint64 calls = 0;
    const Clock::time_point begin = Clock::now();
    Clock::duration took{};
    for (; took < roundTime; took = Clock::now() - begin, ++calls)
        call();
    return double(calls) / std::chrono::duration<double>(took).count();
}

void measureLists(const Face &without, const Face &with, const QByteArray &query)
{
    rest::Call call;
    rest::HttpRequest request;
    request.method = "GET";
    request.path = "/api/v1/contacts/";
    request.query = query;
    call.request = std::make_shared<const rest::HttpRequest>(request);
    call.baseUrl = "http://127.0.0.1:8000";
    const auto list = [&call](const Face &face) {
        const rest::Answer answer = face.contacts.list(call);
        if (answer.status != 200) {
            std::fprintf(stderr, "%s\n", answer.body.constData());
            std::exit(1);
        }
        return answer.body.size();
    };
    if (list(without) != list(with)) {
        std::fprintf(stderr, "the cached page is another\n");
        std::exit(1);
    }
    std::vector<double> slow, fast, ratios;
    for (int round = 0; round < rounds; ++round) {
        slow.push_back(rateOf([&] { list(without); }));
        fast.push_back(rateOf([&] { list(with); }));
        ratios.push_back(fast.back() / slow.back());
    }
    std::printf("body of %lld bytes; medians of %d rounds\n", static_cast<long long>(list(with)), rounds);
    std::printf("without cache %8.0f requests/s\n", median(slow));
    std::printf("with cache    %8.0f requests/s   x%.1f (%.1f to %.1f)\n", median(fast), median(ratios),
                *std::min_element(ratios.begin(), ratios.end()), *std::max_element(ratios.begin(), ratios.end()));
}

void measureUnderstanding(const QByteArray &query)
{
    const rest::PageLimits limits;
    const double rate = rateOf([&] {
        const auto request = rest::ListRequest::parse(contacts::Entity::Contact, rest::parseQueryString(query), limits);
        if (request.ok())
            ListCache::key(contacts::Entity::Contact, request->cacheArguments(limits));
    });
    std::printf("understanding the query and making its key: %.1f us (remembered by text in the product)\n", 1e6 / rate);
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication app(argc, argv);
    if (argc < 2)
        return 2;
    const auto url = db::DatabaseUrl::parse(QString::fromLocal8Bit(argv[1]));
    if (!url.ok()) {
        std::fprintf(stderr, "%s\n", qPrintable(url.error().message));
        return 2;
    }
    const QByteArray query(argc > 2 ? argv[2] : "");
    measureLists(*open(*url, false), *open(*url, true), query);
    measureUnderstanding(query);
    return 0;
}

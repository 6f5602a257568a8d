// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/thrown_error.h"

#include <cxxabi.h>

#include <cstdlib>
#include <exception>
#include <memory>
#include <typeinfo>

namespace a360 {

namespace {

QString currentTypeName()
{
    const std::type_info *type = abi::__cxa_current_exception_type();
    if (!type)
        return QStringLiteral("unknown");
    int status = 0;
    const std::unique_ptr<char, decltype(&std::free)> name(
        abi::__cxa_demangle(type->name(), nullptr, nullptr, &status), &std::free);
    return QString::fromLatin1(status == 0 ? name.get() : type->name());
}

} // namespace

Error errorFromException(const QString &what)
{
    const QString type = currentTypeName();
    QString text;
    try {
        throw;
    } catch (const std::exception &exception) {
        text = QString::fromLocal8Bit(exception.what());
    } catch (...) {
        text = type;
    }
    return makeError(ErrorCode::Internal, QStringLiteral("%1 failed: %2.").arg(what, text), {}, type);
}

} // namespace a360

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

#include <memory>
#include <utility>

namespace a360 {

/// Something that others register with, by number. Thread-safe.
class Registrar
{
public:
    virtual ~Registrar() = default;
    /// From here on the registration is forgotten; may wait until what was registered no longer runs.
    virtual void endRegistration(quint64 id) = 0;
};

/// Keeps something registered for its own lifetime. Movable; of one thread at a time.
class [[nodiscard]] Registration
{
public:
    Registration() = default;
    Registration(std::shared_ptr<Registrar> registrar, quint64 id) : m_registrar(std::move(registrar)), m_id(id) {}
    /// Of a registrar that outlives it.
    Registration(Registrar &registrar, quint64 id) : m_registrar(std::shared_ptr<void>(), &registrar), m_id(id) {}
    Registration(Registration &&other) noexcept = default; // a shared pointer that was moved from is empty
    Registration &operator=(Registration &&other) noexcept
    {
        if (this != &other) {
            release();
            m_registrar = std::move(other.m_registrar);
            m_id = other.m_id;
        }
        return *this;
    }
    ~Registration() { release(); }

private:
    void release()
    {
        if (const std::shared_ptr<Registrar> registrar = std::exchange(m_registrar, nullptr))
            registrar->endRegistration(m_id);
    }
    std::shared_ptr<Registrar> m_registrar;
    quint64 m_id = 0;
};

} // namespace a360

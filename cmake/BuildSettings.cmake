# SPDX-License-Identifier: GPL-3.0-or-later
# One INTERFACE target carries the flags every target of ours is built with; it is linked PRIVATE.
add_library(a360_build_settings INTERFACE)
target_compile_features(a360_build_settings INTERFACE cxx_std_20)
target_compile_options(a360_build_settings INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wold-style-cast)
if(A360_WARNINGS_AS_ERRORS)
    target_compile_options(a360_build_settings INTERFACE -Werror)
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_GREATER_EQUAL 13)
        # These see uninitialised values where a std::variant is moved (Debian 13 has 14.2).
        target_compile_options(a360_build_settings INTERFACE -Wno-error=maybe-uninitialized)
    endif()
endif()
target_compile_definitions(a360_build_settings INTERFACE
    QT_NO_CAST_FROM_ASCII          # text literals say their encoding
    QT_NO_CAST_TO_ASCII
    QT_NO_KEYWORDS                 # Q_SIGNALS/Q_EMIT: `emit` and `slots` collide with other libraries
    QT_NO_FOREACH
    QT_STRICT_ITERATORS
    QT_NO_NARROWING_CONVERSIONS_IN_CONNECT
    A360_VERSION="${PROJECT_VERSION}")
if(A360_SANITIZE)
    # Global, not only our targets: every object that meets in one program must agree.
    add_compile_options(-fsanitize=${A360_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=undefined)
    add_link_options(-fsanitize=${A360_SANITIZE})
endif()

// sink.hpp - where formatted text goes
#pragma once

namespace detour
{

// Where text goes, one character at a time. It owns nothing: the context must outlive the call it is passed to.
struct Sink {
    void (*put)(void *context, char c);
    void *context;
};

} // namespace detour

// format_output.hpp - the sink of one call of format(), and the number of characters written so far
#pragma once

#include "kernel/text/sink.hpp"

namespace detour
{

class Output
{
public:
    explicit Output(Sink sink) : sink_(sink) {}

    void put(char c)
    {
        sink_.put(sink_.context, c);
        ++written_;
    }

    void pad(char c, int count)
    {
        for (; count > 0; --count)
            put(c);
    }

    int written() const { return written_; }

private:
    Sink sink_;
    int written_ = 0;
};

} // namespace detour

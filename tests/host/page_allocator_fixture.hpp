// page_allocator_fixture.hpp - an allocator with a table of frames of its own
#pragma once

#include "kernel/memory/page_allocator.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

namespace detour
{

class PageAllocatorTest : public testing::Test
{
protected:
    // Frames 0..count-1; those from 1 on are free.
    void start(uint32_t count)
    {
        frames.assign(count, Frame{9, 9, 9, 9, 9, FrameKind::kStack, 9, 9, 9}); // as if RAM were not cleared
        pages->init(frames);
        pages->add_free(0, count);
    }
    uint32_t stack(uint32_t count) { return pages->allocate(count, FrameKind::kStack, 1); }
    bool free_stack(uint32_t first) { return pages->release(first, FrameKind::kStack); }
    void TearDown() override { EXPECT_TRUE(pages->check()); }

    std::vector<Frame> frames;
    std::unique_ptr<PageAllocator> pages = std::make_unique<PageAllocator>();
};

} // namespace detour

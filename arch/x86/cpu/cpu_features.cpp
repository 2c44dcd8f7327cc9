#include "arch/x86/cpu/cpu_features.hpp"

#include "arch/x86/entry/frames.h"
#include "kernel/base/arch.hpp"

extern "C" void sysenter_entry(); // user_entry.S

namespace detour::arch
{

namespace
{

// CPUID (Intel SDM vol. 2, CPUID).
constexpr uint32_t kFeatures = 1;
constexpr uint32_t kEdxSep = 1U << 11;
constexpr uint32_t kExtendedFeatures = 7;
constexpr uint32_t kEbxSmep = 1U << 7;
constexpr uint32_t kEbxSmap = 1U << 20;
constexpr uint32_t kEcxUmip = 1U << 2;

// CR4 (Intel SDM vol. 3, 2.5).
constexpr uint32_t kCr4Umip = 1U << 11; // sgdt, sidt, sldt, smsw and str fault in ring 3
constexpr uint32_t kCr4Smep = 1U << 20; // the kernel does not execute user pages
constexpr uint32_t kCr4Smap = 1U << 21; // nor touch them, but while AC is set

constexpr uint32_t kSysenterCode = 0x174; // model-specific registers (Intel SDM vol. 2, SYSENTER)
constexpr uint32_t kSysenterEntry = 0x176;

// Family 6, model below 3: the first Pentium Pros, which show sysenter and do not have it (Intel SDM vol. 2, SYSENTER).
constexpr uint32_t kFamilyModelStepping = 0xFFF;
constexpr uint32_t kFirstWithSysenter = 0x633;

struct Leaf {
    uint32_t eax, ebx, ecx, edx;
};

Leaf cpuid(uint32_t number)
{
    Leaf leaf;
    asm volatile("cpuid" : "=a"(leaf.eax), "=b"(leaf.ebx), "=c"(leaf.ecx), "=d"(leaf.edx) : "a"(number), "c"(0));
    return leaf;
}

constinit bool smap = false;
constinit bool sysenter = false;

} // namespace

void cpu_features_initialize()
{
    const uint32_t highest_leaf = cpuid(0).eax;
    const Leaf features = cpuid(kFeatures);
    const Leaf extended = highest_leaf >= kExtendedFeatures ? cpuid(kExtendedFeatures) : Leaf{};

    uint32_t cr4;
    asm volatile("movl %%cr4, %0" : "=r"(cr4));
    cr4 |= (extended.ebx & kEbxSmep) != 0 ? kCr4Smep : 0;
    cr4 |= (extended.ebx & kEbxSmap) != 0 ? kCr4Smap : 0;
    cr4 |= (extended.ecx & kEcxUmip) != 0 ? kCr4Umip : 0;
    asm volatile("movl %0, %%cr4" : : "r"(cr4));
    smap = (cr4 & kCr4Smap) != 0;

    sysenter = (features.edx & kEdxSep) != 0 && (features.eax & kFamilyModelStepping) >= kFirstWithSysenter;
    if (sysenter) {
        write_model_specific_register(kSysenterCode, SELECTOR_KERNEL_CODE);
        write_model_specific_register(kSysenterEntry, reinterpret_cast<uint32_t>(&sysenter_entry));
    }
}

bool has_smap()
{
    return smap;
}

bool has_sysenter()
{
    return sysenter;
}

} // namespace detour::arch

// qemu.hpp - what the plugin uses of QEMU's interface for plugins
//
// The declarations are those of QEMU's qemu-plugin.h, which Debian 12 does not package. They are the same in the
// versions 1 to 5 of the interface (QEMU 7 to 10; tried with 7.2 and 10.0). Functions that differ are not used, such as
// qemu_plugin_insn_data, which copies from version 3 on. The version itself, PLUGIN_VERSION, is set by the compiler's
// command line: QEMU 9 and 10 take one for version 2, older ones for 1.
#pragma once

#include <cstddef>
#include <cstdint>

struct qemu_plugin_tb;
struct qemu_plugin_insn;

constexpr int kReadsRegisters = 1; // QEMU_PLUGIN_CB_R_REGS

extern "C" {
void qemu_plugin_register_vcpu_tb_trans_cb(uint64_t id, void (*)(uint64_t id, qemu_plugin_tb *));
void qemu_plugin_register_vcpu_insn_exec_cb(qemu_plugin_insn *, void (*)(unsigned cpu, void *), int flags, void *);
void qemu_plugin_register_atexit_cb(uint64_t id, void (*)(uint64_t id, void *), void *);
size_t qemu_plugin_tb_n_insns(const qemu_plugin_tb *);
qemu_plugin_insn *qemu_plugin_tb_get_insn(const qemu_plugin_tb *, size_t);
uint64_t qemu_plugin_insn_vaddr(const qemu_plugin_insn *);
void qemu_plugin_outs(const char *); // into QEMU's log, with -d plugin

[[gnu::visibility("default")]] extern int qemu_plugin_version;
[[gnu::visibility("default")]] int qemu_plugin_install(uint64_t id, const void *info, int argc, char **argv);
}

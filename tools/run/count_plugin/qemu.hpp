// qemu.hpp - what the plugin uses of QEMU's interface for plugins
//
// The declarations are those of QEMU's qemu-plugin.h, which Debian 12 does not package. All functions here have the
// same arguments and results in the versions 1 (QEMU 7 and 8) and 2 to 5 (QEMU 9 and 10) of the interface; those that
// differ, such as qemu_plugin_insn_data, are not used. The version itself, PLUGIN_VERSION, is set by the compiler's
// command line.
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

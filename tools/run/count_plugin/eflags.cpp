// eflags.cpp - reads EFLAGS: from version 2 of the interface on by its functions for registers; before, by those of
// QEMU's gdb server, in builds that export them, as Debian's do
#include "eflags.hpp"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <dlfcn.h>

struct ByteArray { // GLib's GByteArray
    uint8_t *data;
    unsigned length;
};

extern "C" {
ByteArray *g_byte_array_new();
ByteArray *g_byte_array_set_size(ByteArray *, unsigned);
}

uint32_t (*read_eflags)();

namespace
{

constexpr int kEflagsNumber = 9; // in the order of gdb's registers of an i386

struct RegisterArray { // GLib's GArray of qemu_plugin_reg_descriptor
    struct Descriptor {
        void *handle;
        const char *name, *feature;
    } * data;
    unsigned length;
};

RegisterArray *(*get_registers)();
int (*read_register)(void *handle, ByteArray *);
void *(*get_cpu)(int);
int (*gdb_read_register)(void *cpu, ByteArray *, int);

ByteArray *bytes()
{
    static ByteArray *const array = g_byte_array_new();
    return g_byte_array_set_size(array, 0);
}

uint32_t word_of(const ByteArray *array)
{
    uint32_t word = 0;
    memcpy(&word, array->data, std::min<size_t>(sizeof word, array->length));
    return word;
}

uint32_t eflags_of_interface()
{
    static void *handle = nullptr;
    if (handle == nullptr) {
        const RegisterArray *const all = get_registers();
        for (unsigned i = 0; i < all->length; i++)
            if (strcmp(all->data[i].name, "eflags") == 0)
                handle = all->data[i].handle;
    }
    ByteArray *const array = bytes();
    read_register(handle, array);
    return word_of(array);
}

uint32_t eflags_of_gdb_server()
{
    ByteArray *const array = bytes();
    gdb_read_register(get_cpu(0), array, kEflagsNumber);
    return word_of(array);
}

template <typename Function> bool find(Function &function, const char *name)
{
    function = reinterpret_cast<Function>(dlsym(RTLD_DEFAULT, name));
    return function != nullptr;
}

} // namespace

bool can_read_eflags()
{
    if (find(get_registers, "qemu_plugin_get_registers") && find(read_register, "qemu_plugin_read_register"))
        read_eflags = eflags_of_interface;
    else if (find(get_cpu, "qemu_get_cpu") && find(gdb_read_register, "x86_cpu_gdb_read_register"))
        read_eflags = eflags_of_gdb_server;
    return read_eflags != nullptr;
}

// fake_devices.cpp - the machine's console and disk, for the host tests
#include "tests/host/fake_arch.hpp"

#include <cstring>

namespace detour::arch
{

using fake::machine;

bool has_program_handlers()
{
    return false;
}

void console_write(char c)
{
    machine.console += c;
}

int console_read()
{
    if (machine.typed.empty())
        return -1;
    const char c = machine.typed.front();
    machine.typed.erase(0, 1);
    return static_cast<unsigned char>(c);
}

bool console_ready()
{
    return machine.console_takes != 0;
}

uint32_t console_burst()
{
    return machine.console_takes;
}

void console_send(char c)
{
    ASSERT_NE(machine.console_takes, 0U);
    --machine.console_takes;
    machine.console += c;
}

void console_interrupt_when_ready(bool on)
{
    machine.interrupt_when_ready = on;
}

void console_interrupt_when_received(bool on)
{
    machine.interrupt_when_received = on;
}

uint32_t disk_blocks()
{
    return static_cast<uint32_t>(machine.disk.sectors.size());
}

bool disk_begin(DiskCommand command, uint32_t block, const void *data)
{
    fake::Disk &disk = machine.disk;
    const uint32_t number = disk.commands++;
    if (number >= disk.fails_from && number < disk.fails_to)
        return false;
    disk.reading = command == DiskCommand::kRead ? &disk.sectors.at(block) : nullptr;
    if (command == DiskCommand::kRead)
        return true;
    fake::Disk::Event event{command == DiskCommand::kFlush, {block, {}}};
    if (command == DiskCommand::kWrite) {
        std::memcpy(event.write.data.data(), data, event.write.data.size());
        disk.sectors.at(block) = event.write.data;
    }
    disk.events.push_back(event);
    return true;
}

DiskState disk_poll(void *data)
{
    if (machine.disk.reading != nullptr)
        std::memcpy(data, machine.disk.reading->data(), machine.disk.reading->size());
    return DiskState::kDone;
}

} // namespace detour::arch

// ide.cpp - an IDE disk by programmed I/O, one sector a command
//
// Registers, bits and commands under the names of ATA/ATAPI-6 (T13 1410D). The disk interrupts when a sector can be
// read, and when a written sector, or all in its cache, has been taken; reading the status register ends the interrupt.
#include "arch/x86/device/ide.hpp"

#include "arch/x86/cpu/cpu.hpp"
#include "arch/x86/device/pic.hpp"
#include "kernel/base/arch.hpp"

#include <array>

namespace detour::arch
{

namespace
{

constexpr uint16_t kChannel = 0x1F0;
constexpr Port kData{kChannel + 0}; // 16 bits wide
constexpr Port kSectorCount{kChannel + 2};
constexpr Port kLbaLow{kChannel + 3};
constexpr Port kLbaMid{kChannel + 4};
constexpr Port kLbaHigh{kChannel + 5};
constexpr Port kDevice{kChannel + 6};
constexpr Port kCommand{kChannel + 7};  // written
constexpr Port kStatus{kChannel + 7};   // read
constexpr Port kAlternateStatus{0x3F6}; // read: does not end the interrupt
constexpr Port kDeviceControl{0x3F6};   // written

constexpr uint8_t kError = 0x01; // status
constexpr uint8_t kDataRequest = 0x08;
constexpr uint8_t kDeviceFault = 0x20;
constexpr uint8_t kBusy = 0x80;
constexpr uint8_t kNoChannel = 0xFF; // what a bus without a device reads as

constexpr uint8_t kReadSectors = 0x20;
constexpr uint8_t kWriteSectors = 0x30;
constexpr uint8_t kFlushCache = 0xE7;
constexpr uint8_t kIdentifyDevice = 0xEC;

constexpr uint8_t kLbaDevice0 = 0xE0;   // device register: the address is an LBA, device 0
constexpr uint8_t kNoInterrupts = 0x02; // device control
constexpr uint8_t kInterrupts = 0x00;

constexpr uint32_t kSectorWords = 256;
constexpr uint32_t kIdentifyCapacity = 60; // words 60 and 61 of IDENTIFY DEVICE: the sectors that an LBA reaches

constexpr uint32_t kMostPolls = 1000000; // a second at least: a port takes a microsecond on a PC

constinit bool identified = false;
constinit uint32_t blocks = 0;
constinit DiskCommand current = DiskCommand::kFlush; // the last command

// The status once the device is not busy; with kBusy if it does not come to that. The status is valid 400 ns after a
// command, which is less than four readings of a port take.
uint8_t settled_status()
{
    for (int reading = 0; reading < 4; ++reading)
        kAlternateStatus.read();
    for (uint32_t poll = 0; poll < kMostPolls; ++poll) {
        const uint8_t status = kAlternateStatus.read();
        if ((status & kBusy) == 0)
            return status;
    }
    return kBusy;
}

bool asks_for_data()
{
    return (settled_status() & (kBusy | kDataRequest | kError | kDeviceFault)) == kDataRequest;
}

void send_command(uint8_t command, uint32_t lba)
{
    kDevice.write(static_cast<uint8_t>(kLbaDevice0 | lba >> 24));
    settled_status();
    kSectorCount.write(1);
    kLbaLow.write(static_cast<uint8_t>(lba));
    kLbaMid.write(static_cast<uint8_t>(lba >> 8));
    kLbaHigh.write(static_cast<uint8_t>(lba >> 16));
    kCommand.write(command);
}

// How many sectors device 0 has; 0 if it is none, or no disk: a CD-ROM drive ends the command with an error.
uint32_t identify()
{
    kDevice.write(kLbaDevice0);
    if (kAlternateStatus.read() == kNoChannel)
        return 0;
    const uint8_t status = settled_status();
    if (status == 0 || (status & kBusy) != 0)
        return 0;
    kDeviceControl.write(kNoInterrupts);
    send_command(kIdentifyDevice, 0);
    uint32_t sectors = 0;
    if (asks_for_data()) {
        for (uint32_t index = 0; index < kSectorWords; ++index) {
            const uint32_t word = kData.read16();
            if (index == kIdentifyCapacity || index == kIdentifyCapacity + 1)
                sectors |= word << (index - kIdentifyCapacity) * 16;
        }
    }
    kStatus.read();
    kDeviceControl.write(kInterrupts);
    return sectors;
}

} // namespace

uint32_t disk_blocks()
{
    if (!identified) {
        identified = true;
        blocks = identify();
        if (blocks != 0)
            pic_unmask(kIdeIrq);
    }
    return blocks;
}

bool disk_begin(DiskCommand command, uint32_t block, const void *data)
{
    if (block >= blocks)
        return false;
    constexpr std::array<uint8_t, 3> kCommands{kReadSectors, kWriteSectors, kFlushCache};
    current = command;
    send_command(kCommands[static_cast<uint32_t>(command)], block);
    if (command != DiskCommand::kWrite)
        return true;
    if (!asks_for_data())
        return false;
    kData.write_words(data, kSectorWords);
    return true;
}

DiskState disk_poll(void *data)
{
    const uint8_t status = kStatus.read();
    if ((status & kBusy) != 0)
        return DiskState::kBusy;
    if ((status & (kError | kDeviceFault)) != 0)
        return DiskState::kFailed;
    if (current != DiskCommand::kRead)
        return DiskState::kDone;
    if ((status & kDataRequest) == 0)
        return DiskState::kBusy;
    kData.read_words(data, kSectorWords);
    return DiskState::kDone;
}

} // namespace detour::arch

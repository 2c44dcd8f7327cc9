// lfdata.cpp - Lf_data, a view of the directory
#include "kernel/fs/shared_files.hpp"

#include <xinu.h>

#include <algorithm>

using namespace detour;

namespace
{

constinit lfdata view{
    .lf_dskdev = LFILESYS, .lf_mutex = SYSERR, .lf_dir = {}, .lf_dirpresent = FALSE, .lf_dirdirty = FALSE};

void show_directory(lfdir &directory)
{
    const FilesGuard guard;
    directory.lfd_nfiles = 0;
    for (uint32_t file = 0; file < kMostFiles; ++file) {
        const DirectoryEntry &from = shared_files.entry(file);
        if (from.name[0] == '\0')
            continue;
        ldentry &to = directory.lfd_files[directory.lfd_nfiles++];
        to = {from.size, static_cast<ibid32>(from.blocks[0]), {}};
        std::ranges::copy(from.name, to.ld_name);
    }
}

} // namespace

extern "C" lfdata *xinu_lfdata()
{
    if (view.lf_mutex == SYSERR)
        view.lf_mutex = semcreate(1);
    view.lf_dirpresent = prepare_files();
    if (view.lf_dirpresent != FALSE)
        show_directory(view.lf_dir);
    return &view;
}

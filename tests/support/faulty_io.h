/* SPDX-License-Identifier: Apache-2.0 */
/* The system's files with faults: the k-th call of a kind, or of any, fails. One thread, one test at a time. */
#ifndef HW_TESTS_FAULTY_IO_H
#define HW_TESTS_FAULTY_IO_H

#include "core/io.h"

enum io_call {
    IO_ANY,
    IO_OPENAT,
    IO_CLOSE,
    IO_FSTAT,
    IO_PREAD,
    IO_READ,
    IO_WRITE,
    IO_PWRITE,
    IO_FALLOCATE,
    IO_FSYNC,
    IO_SYNCFS,
    IO_SYNC_FILE_RANGE,
    IO_RENAMEAT,
    IO_RENAMEAT2,
    IO_LINKAT,
    IO_UNLINKAT,
    IO_MKDIRAT,
    IO_FCHMOD,
    IO_FUTIMENS,
    IO_POLL,
    IO_CALL_COUNT
};

/*
 * Installs it: the `at`-th call of kind `call` (from 1; 0: none) fails with `errnum`. A failing close closes
 * nevertheless.
 */
void faulty_io_start(enum io_call call, int at, int errnum);
/* As above, and the call fails from then on. */
void faulty_io_start_forever(enum io_call call, int at, int errnum);
/* Every read and write moves at most `bytes`; 0: no limit. */
void faulty_io_short(size_t bytes);
/* From here on fsync and syncfs count and fail as before, but do not wait for the disk. */
void faulty_io_quick(void);
/* From here on fstatfs tells this, borrowed, of any file. Before it tells of a disk, and never counts as a call. */
void faulty_io_file_system(const struct statfs *told);
/* Takes it out again; tells which kind of call has failed, IO_ANY for none. */
enum io_call faulty_io_stop(void);
/* Calls of a kind since the start. */
int faulty_io_calls(enum io_call call);
const char *faulty_io_name(enum io_call call);
/* Descriptors that the process has open. */
int open_files(void);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/input_peek.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static enum hw_status file_peek(int fd, off_t at, struct hw_input_start *start, struct hw_error *err) {
    const ssize_t size = hw_io()->pread(fd, start->bytes, sizeof(start->bytes), at);
    if (size < 0) {
        return hw_fail_errno(err, errno, "cannot read standard input");
    }
    start->size = (size_t)size;
    start->seekable = true;
    return HW_OK;
}

/* The bytes are copied from one pipe to another, and stay in the first. */
static enum hw_status pipe_peek(int fd, const struct hw_io_stop *stop, struct hw_input_start *start,
                                struct hw_error *err) {
    int ends[2];
    HW_TRY(hw_io_readable_wait(fd, stop, err));
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return hw_fail_errno(err, errno, "cannot make a pipe");
    }
    const ssize_t copied = tee(fd, ends[1], sizeof(start->bytes), SPLICE_F_NONBLOCK);
    enum hw_status status = HW_OK;
    if (copied > 0) {
        status = hw_io_read_some(ends[0], start->bytes, (size_t)copied, &start->size, err);
    }
    hw_io()->close(ends[0]);
    hw_io()->close(ends[1]);
    return status;
}

enum hw_status hw_input_peek(int fd, const struct hw_io_stop *stop, struct hw_input_start *out_start,
                             struct hw_error *err) {
    struct hw_input_start start = {.size = 0};
    struct stat facts;
    if (hw_io()->fstat(fd, &facts) != 0) {
        return hw_fail_errno(err, errno, "cannot look at standard input");
    }
    const off_t at = S_ISREG(facts.st_mode) ? lseek(fd, 0, SEEK_CUR) : -1;
    if (at >= 0) {
        HW_TRY(file_peek(fd, at, &start, err));
    } else if (S_ISFIFO(facts.st_mode)) {
        HW_TRY(pipe_peek(fd, stop, &start, err));
    }
    *out_start = start;
    return HW_OK;
}

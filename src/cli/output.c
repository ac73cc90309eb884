/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>

#include "cli/text.h"
#include "core/io.h"
#include "core/random.h"

/* Lines for people are cut off here: room for an error with every field full. */
enum { LINE_BYTES = 4096 };

static void line_write(const struct hw_cli *cli, const char *start, const char *text);
static enum hw_status temporary_fill(int dir_fd, const char *name, hw_view data, struct hw_error *err);
static enum hw_status write_fail(struct hw_error *err, int errnum, const char *what);

enum hw_status hw_output_data(const struct hw_cli *cli, hw_view data, struct hw_error *err) {
    enum hw_status status = hw_io_write_all(cli->out_fd, data.data, data.size, err);
    if (status) {
        hw_error_prefix(err, "standard output");
    }
    return status;
}

enum hw_status hw_output_file(const char *path, hw_view data, struct hw_error *err) {
    HW_AUTO(hw_buf) folder = {0};
    char temporary[64];
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    HW_TRY(hw_buf_append(&folder, slash ? path : "./", slash ? (size_t)(slash - path) + 1 : 2, err));
    HW_TRY(hw_buf_end_text(&folder, err));
    snprintf(temporary, sizeof(temporary), ".hawser-%016" PRIx64 ".tmp", hw_random_u64());

    int dir_fd = hw_io()->openat(AT_FDCWD, (const char *)folder.data, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
    if (dir_fd < 0) {
        (void)write_fail(err, errno, "cannot open the folder");
        hw_error_object(err, path);
        return HW_EIO;
    }
    enum hw_status status = temporary_fill(dir_fd, temporary, data, err);
    if (!status && hw_io()->renameat(dir_fd, temporary, dir_fd, name) != 0) {
        status = write_fail(err, errno, "cannot be put in place");
    }
    if (status) {
        hw_io()->unlinkat(dir_fd, temporary, 0);
        hw_error_object(err, path);
    } else {
        hw_io()->fsync(dir_fd);
    }
    hw_io()->close(dir_fd);
    return status;
}

static enum hw_status temporary_fill(int dir_fd, const char *name, hw_view data, struct hw_error *err) {
    int fd = hw_io()->openat(dir_fd, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0) {
        return write_fail(err, errno, "cannot create a file in the folder");
    }
    enum hw_status status = hw_io_write_all(fd, data.data, data.size, err);
    if (!status && hw_io()->fsync(fd) != 0) {
        status = write_fail(err, errno, "cannot bring it to the disk");
    }
    if (hw_io()->close(fd) != 0 && !status) {
        status = write_fail(err, errno, "cannot close it");
    }
    return status;
}

/* A place to write to that is not there is a fault of the machine, unlike a source that is not there. */
static enum hw_status write_fail(struct hw_error *err, int errnum, const char *what) {
    (void)hw_fail_errno(err, errnum, "%s", what);
    if (err) {
        err->status = HW_EIO;
    }
    return HW_EIO;
}

void hw_output_note(const struct hw_cli *cli, const char *format, ...) {
    char text[LINE_BYTES];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    line_write(cli, "hawser: ", text);
}

void hw_output_error(const struct hw_cli *cli, const struct hw_cmd *cmd, const struct hw_error *error) {
    char text[LINE_BYTES];
    hw_error_format(error, text, sizeof(text));
    if (error->status == HW_EUSAGE || error->status == HW_ECONFIG) {
        size_t used = strlen(text);
        snprintf(text + used, sizeof(text) - used, " (see hawser %s%s)", cmd ? cmd->name : "help",
                 cmd ? " --help" : "");
    }
    line_write(cli, "hawser: error: ", text);
}

/* One write a line, so that lines of several processes do not mix. */
static void line_write(const struct hw_cli *cli, const char *start, const char *text) {
    char line[LINE_BYTES + 64];
    size_t used = (size_t)snprintf(line, sizeof(line), "%s", start);
    hw_text_escape(text, line + used, sizeof(line) - used - 1);
    used += strlen(line + used);
    line[used++] = '\n';
    /* stderr is the last resort: where it fails there is nowhere to say so, the exit code remains. */
    enum hw_status ignored = hw_io_write_all(cli->err_fd, line, used, NULL);
    (void)ignored;
}

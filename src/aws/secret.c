/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>

#include <openssl/crypto.h>

#include "core/io.h"
#include "core/random.h"

void hw_secret_buf_release(struct hw_buf *buf) {
    if (buf->data) {
        OPENSSL_cleanse(buf->data, buf->capacity);
    }
    hw_buf_release(buf);
}

void hw_secret_release(struct hw_secret *secret) {
    hw_secret_buf_release(&secret->text);
}

static enum hw_status descriptor_read(int fd, size_t bytes_max, struct hw_buf *out, struct hw_error *err);

enum hw_status hw_secret_file_read(const char *path, size_t bytes_max, struct hw_buf *out, struct hw_error *err) {
    HW_AUTO(hw_secret) text = {0};
    int fd = hw_io()->openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
    enum hw_status status =
        fd < 0 ? hw_fail_errno(err, errno, "cannot open it") : descriptor_read(fd, bytes_max, &text.text, err);
    if (fd >= 0) {
        hw_io()->close(fd);
    }
    if (status) {
        hw_error_object(err, path);
        return status;
    }
    *out = text.text;
    text.text = (struct hw_buf){0};
    return HW_OK;
}

static enum hw_status descriptor_read(int fd, size_t bytes_max, struct hw_buf *out, struct hw_error *err) {
    size_t bytes = 0;
    struct stat info;

    if (hw_io()->fstat(fd, &info) != 0) {
        return hw_fail_errno(err, errno, "cannot read it");
    }
    if (S_ISDIR(info.st_mode)) {
        return hw_fail(err, HW_ENOTFOUND, "it is a folder");
    }
    /* In one piece. Pages that stay empty cost nothing. */
    HW_TRY(hw_buf_resize(out, bytes_max + 1, err));
    enum hw_status status = hw_io_read_some(fd, out->data, bytes_max + 1, &bytes, err);
    out->size = status ? out->size : bytes;
    if (!status && bytes > bytes_max) {
        return hw_fail(err, HW_ELIMIT, "it is larger than %zu bytes, as no file of the AWS CLI is", bytes_max);
    }
    HW_TRY(status);
    out->data[bytes] = '\0';
    return HW_OK;
}

static enum hw_status temp_write(const char *temp, hw_view text, struct hw_error *err);

enum hw_status hw_secret_file_replace(const char *path, hw_view text, struct hw_error *err) {
    char temp[PATH_MAX];
    int bytes = snprintf(temp, sizeof(temp), "%s.%016" PRIx64 ".tmp", path, hw_random_u64());

    if (bytes < 0 || (size_t)bytes >= sizeof(temp)) {
        return hw_fail(err, HW_EIO, "the name of the file is longer than a path can be");
    }
    enum hw_status status = temp_write(temp, text, err);
    if (status == HW_OK && hw_io()->renameat(AT_FDCWD, temp, AT_FDCWD, path) != 0) {
        status = hw_fail_errno(err, errno, "cannot give the new file its name");
    }
    if (status) {
        hw_io()->unlinkat(AT_FDCWD, temp, 0);
        hw_error_object(err, path);
    }
    return status;
}

static enum hw_status temp_write(const char *temp, hw_view text, struct hw_error *err) {
    int fd = hw_io()->openat(AT_FDCWD, temp, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0) {
        return hw_fail_errno(err, errno, "cannot make a file beside it");
    }
    enum hw_status status = hw_io_write_all(fd, text.data, text.size, err);
    if (status == HW_OK && hw_io()->fsync(fd) != 0) {
        status = hw_fail_errno(err, errno, "cannot write the new file");
    }
    if (hw_io()->close(fd) != 0 && status == HW_OK) {
        status = hw_fail_errno(err, errno, "cannot write the new file");
    }
    return status;
}

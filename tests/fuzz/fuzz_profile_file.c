/* SPDX-License-Identifier: Apache-2.0 */
/* The files of the AWS CLI: the same bytes as config and as credentials. */
#include "aws/profile_file.h"

#include <sys/mman.h>
#include <unistd.h>

#include "fuzz/fuzz.h"

static void settings_check(const struct hw_profile_files *files) {
    static const char *const names[] = {"region", "s3.addressing_style", "services.s3.endpoint_url",
                                        "aws_access_key_id"};
    static const char *const profiles[] = {"default", "x", ""};
    for (size_t i = 0; i < COUNT_OF(profiles) * COUNT_OF(names); i++) {
        hw_view value;
        const char *profile = profiles[i % COUNT_OF(profiles)];
        if (hw_profile_files_find(files, profile, names[i / COUNT_OF(profiles)], &value)) {
            FUZZ_CHECK(value.size > 0 && !memchr(value.data, '\n', value.size));
        }
        (void)!hw_profile_check(files, profile, NULL);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    HW_AUTO(hw_profile_files) files = {0};
    struct hw_error err = HW_ERROR_INIT;
    char path[64];
    int fd = memfd_create("profile", MFD_CLOEXEC);
    FUZZ_CHECK(fd >= 0 && write(fd, data, size) == (ssize_t)size);
    snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    setenv("AWS_CONFIG_FILE", path, 1);
    setenv("AWS_SHARED_CREDENTIALS_FILE", path, 1);
    enum hw_status status = hw_profile_files_read(&files, &err);
    FUZZ_CHECK(status == HW_OK || status == HW_ECONFIG || status == HW_EAUTH);
    if (status == HW_OK) {
        settings_check(&files);
    }
    close(fd);
    return 0;
}

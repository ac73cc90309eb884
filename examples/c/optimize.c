/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes a Parquet file smaller, and proves that it has the same values: optimize FILE OUT. Where both
 * are the same, the file is replaced.
 */
#include <hawser/hawser.h>

#include <inttypes.h>
#include <stdio.h>

static enum hw_status file_told(void *ctx, const struct hw_optimized *file, struct hw_error *err) {
    (void)ctx;
    (void)err;
    if (file->status) {
        return HW_OK; /* which hw_optimize returns */
    }
    printf("%s: %" PRIu64 " rows, %s\n", file->source, file->rows,
           file->bytes_after < file->bytes_before ? "smaller" : "as it was");
    return HW_OK;
}

int main(int argc, char **argv) {
    struct hw_error err = HW_ERROR_INIT;
    const struct hw_optimize_options options = {.size = sizeof(options), .effort = HW_EFFORT_BEST};
    const struct hw_optimize_listener listener = {file_told, NULL};
    if (argc != 3) {
        fprintf(stderr, "usage: %s FILE OUT\n", argv[0]);
        return 2;
    }
    const char *const sources[] = {argv[1]};
    const enum hw_status status = hw_optimize(sources, 1, argv[2], &options, &listener, NULL, &err);
    if (status != HW_OK) {
        char line[1024];
        hw_error_format(&err, line, sizeof(line));
        fprintf(stderr, "%s\n", line);
    }
    return hw_status_exit_code(status);
}

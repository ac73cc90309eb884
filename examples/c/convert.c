/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Converts CSV to Parquet from a C program:
 *
 *     cc convert.c $(pkg-config --cflags --libs hawser) -o convert
 *     ./convert orders.csv orders.parquet
 */
#include <hawser/hawser.h>

#include <inttypes.h>
#include <stdio.h>

/* Called for every object, one call at a time. */
static void on_object(void *ctx, const struct hw_convert_object *object) {
    char line[1024];
    (void)ctx;
    if (object->outcome == HW_CONVERT_FAILED) {
        hw_error_format(object->error, line, sizeof(line));
        fprintf(stderr, "%s: %s\n", object->source, line);
        return;
    }
    for (size_t i = 0; i < object->outputs_count; i++) {
        const struct hw_convert_output *output = &object->outputs[i];
        printf("%s -> %s: %" PRIu64 " rows, %" PRIu64 " bytes\n", object->source, output->path, object->rows_out,
               output->bytes);
    }
}

int main(int argc, char **argv) {
    if (argc < 3) {
        fprintf(stderr, "usage: %s SRC... DST\n", argv[0]);
        return 2;
    }

    /* Whatever is not set has the default that its comment in hawser/convert.h names. */
    struct hw_convert_options options = {
        .formats = HW_FORMAT_PARQUET,
        .compression = "zstd:3",
        .csv = {.bad_rows_reject = true, .rejects_max = 100},
        .overwrite = HW_OVERWRITE_REPLACE,
        .on_object = on_object,
    };
    struct hw_convert_result result;
    struct hw_error err = HW_ERROR_INIT;
    size_t sources = (size_t)argc - 2;
    enum hw_status status = hw_convert((const char *const *)argv + 1, sources, argv[argc - 1], &options, &result, &err);
    if (status != HW_OK) {
        char line[1024];
        hw_error_format(&err, line, sizeof(line));
        fprintf(stderr, "%s: %s\n", hw_status_text(status), line);
        return hw_status_exit_code(status);
    }
    printf("%" PRIu64 " of %" PRIu64 " objects, %" PRIu64 " rows in %.1f s\n", result.converted, result.objects,
           result.rows_out, result.seconds);
    return 0;
}

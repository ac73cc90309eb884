/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Converts text that is in memory, and keeps what comes of it in memory too:
 *
 *     cc convert_memory.c $(pkg-config --cflags --libs hawser) -o convert_memory
 *     ./convert_memory
 */
#include <hawser/hawser.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char orders[] = "id,day,price\n"
                             "1,2024-02-29,9.50\n"
                             "2,2024-03-01,12.25\n"
                             "3,,0.99\n";

static int fail(const struct hw_error *err) {
    char line[1024];
    hw_error_format(err, line, sizeof(line));
    fprintf(stderr, "%s: %s\n", hw_status_text(err->status), line);
    return hw_status_exit_code(err->status);
}

/* Is called for every object of the store. */
static enum hw_status print_object(void *ctx, const struct hw_object_info *info, struct hw_error *err) {
    struct hw_store *store = ctx;
    const void *data;
    size_t bytes;
    enum hw_status status = hw_memory_store_get(store, info->key, &data, &bytes, err);
    if (status == HW_OK) {
        printf("%s has %zu bytes and begins with %.3s\n", info->key, bytes, (const char *)data);
    }
    return status;
}

/* Converts what is in the store below in/ to Parquet and Avro, and puts that below out/. */
static enum hw_status convert(struct hw_store *store, struct hw_error *err) {
    const char *source = "mem://in/orders.csv";
    const struct hw_convert_options options = {
        .size = sizeof(options),
        .formats = HW_FORMAT_PARQUET | HW_FORMAT_AVRO,
        .source_store = {.stores = &store, .stores_count = 1},
        .target_store = {.stores = &store, .stores_count = 1},
    };
    struct hw_convert_result result;
    enum hw_status status = hw_convert(&source, 1, "mem://out/", &options, &result, err);
    if (status == HW_OK) {
        printf("%" PRIu64 " rows\n", result.rows_out);
    }
    return status;
}

int main(void) {
    struct hw_error err = HW_ERROR_INIT;
    struct hw_store *store = NULL;
    enum hw_status status = hw_memory_store_new("mem://", NULL, &store, &err);
    if (status == HW_OK) {
        /* The text is not copied, as it stays where it is. */
        status = hw_memory_store_lend(store, "in/orders.csv", orders, strlen(orders), &err);
    }
    if (status == HW_OK) {
        status = convert(store, &err);
    }
    if (status == HW_OK) {
        status = hw_memory_store_list(store, "out/orders.", print_object, store, &err);
    }
    hw_memory_store_free(store);
    return status == HW_OK ? 0 : fail(&err);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <hawser/avro.h>
#include <unistd.h>

#include "core/base.h"
#include "support/avro_file.h"
#include "support/rows.h"
#include "support/schema_text.h"
#include "support/scratch.h"

static const char schema[] =
    "{\"type\":\"record\",\"name\":\"r\",\"fields\":[{\"name\":\"a\",\"type\":\"long\"},{\"name\":\"b\",\"type\":"
    "[\"null\",\"string\"]}]}";

static void file_write(struct scratch *scratch, const char *name) {
    HW_AUTO(hw_buf) bytes = {0};
    avro_file_begin(&bytes, schema, "null");
    avro_file_block(&bytes, 2,
                    HW_VIEW("\x02\x02\x02"
                            "x\x04\x00"));
    avro_file_block(&bytes, 1,
                    HW_VIEW("\x06\x02\x02"
                            "y"));
    scratch_write(scratch, name, bytes.data, bytes.size);
}

/* Adds up the column a, or fails with what the stream says. */
static enum hw_status sum_read(struct hw_avro_file *file, const struct hw_avro_batches_options *options,
                               int64_t *out_sum, struct hw_error *err) {
    struct hw_batch_stream *stream;
    bool more = true;
    *out_sum = 0;
    HW_TRY(hw_avro_batches(file, options, &stream, err));
    enum hw_status status = HW_OK;
    while (status == HW_OK && more) {
        struct hw_batch batch;
        status = stream->next(stream, &batch, &more, err);
        for (size_t i = 0; status == HW_OK && more && i < batch.rows; i++) {
            *out_sum += ((const int64_t *)batch.columns[0].values)[i];
        }
        if (status == HW_OK && more) {
            hw_batch_release(&batch);
        }
    }
    stream->free(stream);
    return status;
}

static void files_tell_of_themselves(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct scratch scratch = scratch_make();
    HW_AUTO(hw_buf) text = {0};
    struct hw_avro_file *file;
    const struct hw_key_value *pairs;
    file_write(&scratch, "x.avro");
    assert_ok(hw_avro_open(scratch_path(&scratch, "x.avro"), NULL, &file, &err), err);
    assert_string_equal(schema_text(hw_avro_schema(file), &text), "a:int64! b:text");
    assert_string_equal(hw_avro_schema_json(file), schema);
    assert_string_equal(hw_avro_file_codec(file), "null");
    assert_int_equal(hw_avro_metadata(file, &pairs), 2);
    assert_string_equal(pairs[1].key, "avro.codec");
    hw_avro_close(file);
    hw_avro_close(NULL);
    scratch_remove(&scratch);
}

static void rows_are_read_as_often_as_asked_for(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct scratch scratch = scratch_make();
    struct hw_avro_file *file;
    int64_t sum;
    file_write(&scratch, "x.avro");
    assert_ok(hw_avro_open(scratch_path(&scratch, "x.avro"), NULL, &file, &err), err);
    assert_ok(sum_read(file, NULL, &sum, &err), err);
    assert_int_equal(sum, 1 + 2 + 3);
    const struct hw_avro_batches_options some = {.size = sizeof(some), .skip_rows = 1, .limit_rows = 1, .threads = 2};
    assert_ok(sum_read(file, &some, &sum, &err), err);
    assert_int_equal(sum, 2);
    const struct hw_avro_batches_options columns = {.columns = "a", .batch_rows = 1};
    assert_ok(sum_read(file, &columns, &sum, &err), err);
    assert_int_equal(sum, 1 + 2 + 3);
    hw_avro_close(file);
    scratch_remove(&scratch);
}

static void descriptors_are_read_once(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct scratch scratch = scratch_make();
    struct hw_avro_file *file;
    int64_t sum;
    file_write(&scratch, "x.avro");
    const int fd = open(scratch_path(&scratch, "x.avro"), O_RDONLY | O_CLOEXEC);
    assert_true(fd > 0);
    assert_ok(hw_avro_open("-", &(struct hw_avro_open_options){.input_fd = fd}, &file, &err), err);
    assert_ok(sum_read(file, NULL, &sum, &err), err);
    assert_int_equal(sum, 1 + 2 + 3);
    assert_int_equal(sum_read(file, NULL, &sum, &err), HW_EUSAGE);
    assert_non_null(strstr(err.message, "can be read once only"));
    hw_avro_close(file);
    close(fd);
    scratch_remove(&scratch);
}

static void errors_name_the_file(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct scratch scratch = scratch_make();
    HW_AUTO(hw_buf) bytes = {0};
    struct hw_avro_file *file;
    int64_t sum;
    assert_int_equal(hw_avro_open(scratch_path(&scratch, "none.avro"), NULL, &file, &err), HW_ENOTFOUND);
    scratch_write(&scratch, "bad.avro", "PAR1", 4);
    assert_int_equal(hw_avro_open(scratch_path(&scratch, "bad.avro"), NULL, &file, &err), HW_EDATA);
    assert_non_null(strstr(err.object, "bad.avro"));
    avro_file_begin(&bytes, schema, NULL);
    avro_file_block(&bytes, 1, HW_VIEW("\x02\x05"));
    scratch_write(&scratch, "value.avro", bytes.data, bytes.size);
    err = (struct hw_error)HW_ERROR_INIT;
    assert_ok(hw_avro_open(scratch_path(&scratch, "value.avro"), NULL, &file, &err), err);
    assert_int_equal(sum_read(file, NULL, &sum, &err), HW_EDATA);
    assert_non_null(strstr(err.object, "value.avro"));
    assert_string_equal(err.column, "b");
    assert_int_equal(err.row, 1);
    assert_int_equal(sum_read(file, &(struct hw_avro_batches_options){.columns = "c"}, &sum, &err), HW_EUSAGE);
    assert_int_equal(hw_avro_batches(file, &(struct hw_avro_batches_options){.size = 4}, NULL, &err), HW_EUSAGE);
    hw_avro_close(file);
    scratch_remove(&scratch);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_tell_of_themselves),
        cmocka_unit_test(rows_are_read_as_often_as_asked_for),
        cmocka_unit_test(descriptors_are_read_once),
        cmocka_unit_test(errors_name_the_file),
    };
    return cmocka_run_group_tests_name("pipeline/avro_read", tests, NULL, NULL);
}

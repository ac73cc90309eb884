/* SPDX-License-Identifier: Apache-2.0 */
#include <hawser/arrow.h>

#include <errno.h>

#include "support/alloc_fault.h"
#include "table/owner.h"
#include "unit/table/arrow_make.h"

enum { BATCHES = 3 };

/* A stream of ours, of batches of one int64 each. */
struct counting {
    struct hw_batch_stream base;
    int given;
    int fail_at; /* from 1; 0: never */
    bool borrowed;
    int freed;
};

struct kept {
    struct hw_owner owner;
    int64_t value;
    struct hw_column column;
};

static struct hw_field counting_fields[] = {{.name = "n", .type = {.kind = HW_KIND_INT64}, .required = true}};
static const struct hw_schema counting_schema = {counting_fields, 1};
static int kept_count;

static void kept_free(struct hw_owner *owner) {
    kept_count--;
    free(owner);
}

static enum hw_status counting_next(struct hw_batch_stream *base, struct hw_batch *out_batch, bool *out_more,
                                    struct hw_error *err) {
    struct counting *counting = (struct counting *)(void *)base;
    (void)err;
    *out_more = counting->given < BATCHES;
    if (!*out_more) {
        return HW_OK;
    }
    if (++counting->given == counting->fail_at) {
        if (err) {
            *err = (struct hw_error)HW_ERROR_INIT;
            err->status = HW_EIO;
            memcpy(err->message, "it is gone", 11);
        }
        return HW_EIO;
    }
    struct kept *kept = calloc(1, sizeof(*kept));
    hw_owner_init(&kept->owner, kept_free);
    kept_count++;
    kept->value = counting->given;
    kept->column = (struct hw_column){.values = &kept->value};
    *out_batch = (struct hw_batch){.schema = &counting_schema,
                                   .rows = 1,
                                   .columns = &kept->column,
                                   .owner = counting->borrowed ? NULL : &kept->owner};
    if (counting->borrowed) {
        hw_owner_drop(&kept->owner);
    }
    return HW_OK;
}

static void counting_free(struct hw_batch_stream *base) {
    ((struct counting *)(void *)base)->freed++;
}

static struct counting counting_new(void) {
    return (struct counting){.base = {&counting_schema, counting_next, counting_free}};
}

static void batches_go_out_and_in_again(void **state) {
    (void)state;
    struct counting counting = counting_new();
    struct ArrowArrayStream exported;
    struct hw_batch_stream *imported;
    struct hw_batch batches[BATCHES];
    struct hw_error err = HW_ERROR_INIT;
    bool more;
    assert_ok(hw_arrow_stream_export(&counting.base, &exported, &err), err);
    assert_ok(hw_arrow_stream_import(&exported, &imported, &err), err);
    assert_null(exported.release);
    assert_int_equal(imported->schema->count, 1);
    assert_string_equal(imported->schema->fields[0].name, "n");
    assert_true(imported->schema->fields[0].required);
    for (int i = 0; i < BATCHES; i++) {
        assert_ok(imported->next(imported, &batches[i], &more, &err), err);
        assert_true(more);
    }
    assert_ok(imported->next(imported, &batches[0], &more, &err), err);
    assert_false(more);
    imported->free(imported);
    assert_int_equal(counting.freed, 1);
    assert_int_equal(kept_count, BATCHES);
    for (int i = 0; i < BATCHES; i++) { /* they outlive the stream, with their schema */
        assert_string_equal(batches[i].schema->fields[0].name, "n");
        assert_int_equal(((const int64_t *)batches[i].columns[0].values)[0], i + 1);
        hw_batch_release(&batches[i]);
        assert_int_equal(kept_count, BATCHES - 1 - i);
    }
}

static void a_failure_is_told_and_sticks(void **state) {
    (void)state;
    for (int borrowed = 0; borrowed <= 1; borrowed++) {
        struct counting counting = counting_new();
        struct ArrowArrayStream exported;
        struct hw_batch_stream *imported;
        struct hw_batch batch;
        struct hw_error err = HW_ERROR_INIT;
        bool more;
        counting.fail_at = borrowed ? 0 : 2;
        assert_ok(hw_arrow_stream_export(&counting.base, &exported, &err), err);
        assert_null(exported.get_last_error(&exported));
        assert_ok(hw_arrow_stream_import(&exported, &imported, &err), err);
        if (!borrowed) {
            assert_ok(imported->next(imported, &batch, &more, &err), err);
            hw_batch_release(&batch);
        }
        counting.borrowed = borrowed;
        for (int i = 0; i < 2; i++) {
            assert_int_equal(imported->next(imported, &batch, &more, &err), HW_EFAILED);
            assert_row_says("told", err.message,
                            borrowed ? "an Arrow stream failed (22): " : "an Arrow stream failed (5): ");
            assert_row_says("told", err.message, borrowed ? "memory is borrowed" : "it is gone");
        }
        assert_int_equal(counting.given, borrowed ? 1 : 2);
        imported->free(imported);
        assert_int_equal(counting.freed, 1);
        assert_int_equal(kept_count, 0);
    }
}

/* A stream of another library, which does what the test says. */
struct foreign {
    int schema_errno, next_errno;
    const char *format, *why;
    struct made_schema root, column;
    struct made_array rows, values;
    int64_t rows_released;
    int released, arrays_released;
};

static int foreign_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out) {
    struct foreign *foreign = stream->private_data;
    made_schema_init(&foreign->root, "+s", "");
    made_schema_add(&foreign->root, made_schema_init(&foreign->column, foreign->format, "c"));
    *out = foreign->root.node;
    return foreign->schema_errno;
}

static int foreign_next(struct ArrowArrayStream *stream, struct ArrowArray *out) {
    struct foreign *foreign = stream->private_data;
    made_array_init(&foreign->rows, 1, 1);
    foreign->rows.node.private_data = &foreign->arrays_released;
    /* without its values */
    made_array_add(&foreign->rows, made_array_init(&foreign->values, 1, 2));
    *out = foreign->rows.node;
    return foreign->next_errno;
}

static const char *foreign_error(struct ArrowArrayStream *stream) {
    return ((struct foreign *)stream->private_data)->why;
}

static void foreign_release(struct ArrowArrayStream *stream) {
    ((struct foreign *)stream->private_data)->released++;
    stream->release = NULL;
}

static void foreign_streams_are_not_believed(void **state) {
    (void)state;
    static const struct {
        const char *name, *format, *why;
        int schema_errno, next_errno;
        enum hw_status open, next;
        const char *says;
    } rows[] = {
        {"no schema", "l", "no\nluck", EINVAL, 0, HW_EFAILED, HW_OK, "an Arrow stream failed (22): \"no\\x0aluck\""},
        {"no memory", "l", NULL, ENOMEM, 0, HW_ENOMEM, HW_OK, "an Arrow stream is out of memory"},
        {"a wrong schema", "?", NULL, 0, 0, HW_EDATA, HW_OK, "Arrow format \"?\" is not known"},
        {"no array, no reason", "l", NULL, 0, EIO, HW_OK, HW_EFAILED, "an Arrow stream failed (5)"},
        {"a wrong array", "l", NULL, 0, 0, HW_OK, HW_EDATA, "an Arrow array of 1 has no buffer 1"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        static struct foreign foreign;
        foreign = (struct foreign){.schema_errno = rows[i].schema_errno,
                                   .next_errno = rows[i].next_errno,
                                   .format = rows[i].format,
                                   .why = rows[i].why};
        struct ArrowArrayStream stream = {foreign_schema, foreign_next, foreign_error, foreign_release, &foreign};
        struct hw_batch_stream *imported = NULL;
        struct hw_error err = HW_ERROR_INIT;
        assert_row_int(rows[i].name, hw_arrow_stream_import(&stream, &imported, &err), rows[i].open);
        if (!imported) {
            assert_row_says(rows[i].name, err.message, rows[i].says);
            assert_non_null(stream.release); /* still the caller's */
            continue;
        }
        struct hw_batch batch = {0};
        bool more = false;
        assert_row_int(rows[i].name, imported->next(imported, &batch, &more, &err), rows[i].next);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        assert_row_int(rows[i].name, foreign.arrays_released, rows[i].next == HW_EDATA);
        imported->free(imported);
        assert_row_int(rows[i].name, foreign.released, 1);
    }
    struct ArrowArrayStream gone = {0};
    struct hw_batch_stream *imported;
    struct hw_error err = HW_ERROR_INIT;
    assert_int_equal(hw_arrow_stream_import(&gone, &imported, &err), HW_EUSAGE);
    assert_row_says("gone", err.message, "an Arrow stream has been released already");
}

static void memory_runs_out_without_harm(void **state) {
    (void)state;
    bool fired = true;
    for (size_t successes = 0; fired; successes++) {
        struct counting counting = counting_new();
        struct alloc_fault fault;
        struct ArrowArrayStream exported = {0};
        struct hw_batch_stream *imported = NULL;
        struct hw_batch batch = {0};
        struct hw_error err = HW_ERROR_INIT;
        bool more;
        alloc_fault_begin(&fault, successes);
        enum hw_status status = hw_arrow_stream_export(&counting.base, &exported, &err);
        if (status == HW_OK) {
            status = hw_arrow_stream_import(&exported, &imported, &err);
        }
        if (imported) {
            status = imported->next(imported, &batch, &more, &err);
            imported->free(imported);
        } else if (exported.release) {
            exported.release(&exported);
        }
        if (batch.owner) {
            hw_batch_release(&batch);
        }
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
        assert_int_equal(counting.freed, 1);
        assert_int_equal(kept_count, 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(batches_go_out_and_in_again),
        cmocka_unit_test(a_failure_is_told_and_sticks),
        cmocka_unit_test(foreign_streams_are_not_believed),
        cmocka_unit_test(memory_runs_out_without_harm),
    };
    return cmocka_run_group_tests_name("table/arrow_stream", tests, NULL, NULL);
}

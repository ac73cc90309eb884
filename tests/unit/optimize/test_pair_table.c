/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/pair_table.h"

#include <stdio.h>

#include "core/limits.h"
#include "support/alloc_fault.h"
#include "support/rows.h"

/*
 * A merger of the key `sum`, which adds up the number of digits: "+" and "++" are "+++". A value of
 * "?" does not agree, one of "!" cannot be the first, and one of "#" cannot be written.
 */
struct sum_merger {
    struct hw_pair_merger base;
    char text[16];
};

static void text_add(struct sum_merger *merger, hw_view text) {
    const size_t before = strlen(merger->text);
    assert_true(before + text.size < sizeof(merger->text));
    memcpy(merger->text + before, text.data, text.size);
    merger->text[before + text.size] = '\0';
}

static enum hw_status sum_add(struct hw_pair_merger *base, size_t source, hw_view value, bool *out_agrees,
                              struct hw_error *err) {
    struct sum_merger *merger = (struct sum_merger *)base;
    (void)source;
    (void)err;
    *out_agrees = !hw_view_equal(value, HW_VIEW("?"));
    text_add(merger, *out_agrees ? value : HW_VIEW(""));
    return HW_OK;
}

static enum hw_status sum_finish(struct hw_pair_merger *base, bool agree, hw_view *out_value, struct hw_error *err) {
    struct sum_merger *merger = (struct sum_merger *)base;
    if (strchr(merger->text, '#')) {
        return hw_fail(err, HW_EDATA, "a cross");
    }
    text_add(merger, agree ? HW_VIEW("") : HW_VIEW("_first"));
    *out_value = hw_view_of(merger->text);
    return HW_OK;
}

static enum hw_status sum_make(struct hw_pairs_merging *merging, const char *before_key, hw_view value,
                               struct hw_pair_merger **out_merger, struct hw_error *err) {
    struct sum_merger *merger = hw_arena_alloc(merging->arena, sizeof(*merger));
    (void)before_key;
    if (!merger) {
        return hw_fail_nomem(err, sizeof(*merger));
    }
    if (hw_view_equal(value, HW_VIEW("!"))) {
        return hw_fail(err, HW_EDATA, "no sum");
    }
    *merger = (struct sum_merger){.base = {sum_add, sum_finish, NULL}};
    text_add(merger, value);
    *out_merger = &merger->base;
    return HW_OK;
}

static const struct hw_pair_kind kinds[] = {{HW_VIEW_INIT("sum"), true, sum_make},
                                            {HW_VIEW_INIT("outer"), false, sum_make}};

enum { SOURCES_MAX = 3, PAIRS_MAX = 6 };

/*
 * Files in words, "key=value key", where a key without "=" has no value; NULL is a source that is
 * passed over. `want` is what comes of them, with keys that are left out behind a bar.
 */
static const struct row {
    const char *sources[SOURCES_MAX];
    const char *equal;
    const char *first;
    const char *fail;
} rows[] = {
    {{"a=1 b=2", "a=1 b=2", "a=1 b=2"}, "a=1 b=2", "a=1 b=2", "a=1 b=2"},
    {{"a=1"}, "a=1", "a=1", "a=1"},
    {{"b=2 a=1", "a=1 b=2"}, "b=2 a=1", "b=2 a=1", "b=2 a=1"},
    {{"a=1 b=2", "a=1 b=3"}, "a=1|b:differ", "a=1 b=2", "0 and 1 do not agree on the key-value metadata \"b\""},
    {{"a=1 b=2", "a=1 b=2", "a=1 b=3"},
     "a=1|b:differ",
     "a=1 b=2",
     "0 and 2 do not agree on the key-value metadata \"b\""},
    {{"a=1 b=2", "a=1 b=3", "a=1 b=2"},
     "a=1|b:differ",
     "a=1 b=2",
     "0 and 1 do not agree on the key-value metadata \"b\""},
    {{"a=1 b=2", "a=1"}, "a=1|b:lack", "a=1 b=2", "0 has the key-value metadata \"b\", which 1 does not have"},
    {{"a=1 b=2", "b=2 a=1", "b=2"},
     "b=2|a:lack",
     "a=1 b=2",
     "0 has the key-value metadata \"a\", which 2 does not have"},
    {{"a=1", "a=1 b=2"}, "a=1|b:lack", "a=1|b:lack", "1 has the key-value metadata \"b\", which 0 does not have"},
    {{"a=1", "c=1", "b=2"}, "|a:lack c:lack b:lack", "a=1|c:lack b:lack", "0 has the key-value metadata \"a\""},
    {{"", "a=1"}, "|a:lack", "|a:lack", "1 has the key-value metadata \"a\""},
    {{"a=1", ""}, "|a:lack", "a=1", "0 has the key-value metadata \"a\""},
    {{"", ""}, "", "", ""},
    /* Keys without a value are not those of an empty one. */
    {{"a b=", "a b="}, "a b=", "a b=", "a b="},
    {{"a", "a="}, "|a:differ", "a", "0 and 1 do not agree"},
    {{"a=", "a"}, "|a:differ", "a=", "0 and 1 do not agree"},
    /* The n-th of a key is compared with the n-th. */
    {{"a=1 a=2 b=3", "a=1 b=3 a=2"}, "a=1 a=2 b=3", "a=1 a=2 b=3", "a=1 a=2 b=3"},
    {{"a=1 a=2", "a=2 a=1"}, "|a:differ a:differ", "a=1 a=2", "0 and 1 do not agree"},
    {{"a=1 a=2", "a=1"}, "a=1|a:lack", "a=1 a=2", "0 has the key-value metadata \"a\", which 1 does not have"},
    {{"a=1", "a=1 a=1", "a=1 a=1 a=1"}, "a=1|a:lack a:lack", "a=1|a:lack a:lack", "1 has the key-value metadata \"a\""},
    {{"b=1 a=1 a=2 a=3", "a=1 a=2 a=4 b=1"}, "b=1 a=1 a=2|a:differ", "b=1 a=1 a=2 a=3", "0 and 1 do not agree"},
    /* Mergers. */
    {{"sum=+", "sum=++", "sum=+"}, "sum=++++", "sum=++++", "sum=++++"},
    {{"sum=+ sum=-", "a=1 sum=+ sum=-"},
     "sum=++ sum=--|a:lack",
     "sum=++ sum=--|a:lack",
     "1 has the key-value metadata"},
    {{"sum=+", "sum=?", "sum=+"},
     "|sum:differ",
     "sum=++_first",
     "0 and 1 do not agree on the key-value metadata \"sum\""},
    {{"sum=+", "a=1", "sum=+"},
     "|sum:lack a:lack",
     "sum=++_first|a:lack",
     "0 has the key-value metadata \"sum\", which 1"},
    {{"sum=+", NULL, "sum=+"}, "|sum:lack", "sum=++_first", "0 has the key-value metadata \"sum\", which 1"},
    {{"sum=+", "sum"}, "|sum:differ", "sum=+_first", "0 and 1 do not agree"},
    {{"sum", "sum"}, "sum", "sum", "sum"},
    {{"sum", "sum=+"}, "|sum:differ", "sum", "0 and 1 do not agree"},
    {{"sum=!", "sum=!"}, "sum=!", "sum=!", "sum=!"},
    {{"sum=!", "sum=+"}, "|sum:differ", "sum=!", "0 and 1 do not agree"},
    {{"a=1 sum=+", "a=1 sum=#"}, "a=1|sum:cross", "a=1|sum:cross", "key-value metadata \"sum\": a cross"},
    {{"outer=+", "outer=+"}, "outer=++", "outer=++", "outer=++"},
};

/* The pairs of a file in words, borrowed from `words`. */
static struct hw_file_pairs pairs_read(const char *words, struct hw_file_pair *items) {
    struct hw_file_pairs pairs = {items, 0, true};
    for (const char *at = words; *at; at += *at == ' ') {
        const size_t size = strcspn(at, " ");
        const char *value = memchr(at, '=', size);
        const size_t key_size = value ? (size_t)(value - at) : size;
        items[pairs.count++] = (struct hw_file_pair){
            {at, key_size}, {value ? value + 1 : at, value ? size - key_size - 1 : 0}, value != NULL};
        at += size;
    }
    return pairs;
}

static void pairs_put(const struct hw_file_pairs *pairs, struct hw_buf *out) {
    for (size_t i = 0; i < pairs->count; i++) {
        const struct hw_file_pair *pair = &pairs->items[i];
        assert_int_equal(hw_buf_printf(out, NULL, "%s%.*s%s%.*s", i > 0 ? " " : "", (int)pair->key.size, pair->key.data,
                                       pair->has_value ? "=" : "", (int)pair->value.size, pair->value.data),
                         HW_OK);
    }
}

static const char *reason_word(const char *reason) {
    static const struct {
        const char *reason;
        const char *word;
    } words[] = {
        {"the sources do not agree on it", "differ"}, {"not all of the sources have it", "lack"}, {"a cross", "cross"}};
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        if (strcmp(reason, words[i].reason) == 0) {
            return words[i].word;
        }
    }
    return reason;
}

static void left_out_put(const struct hw_pairs_left_out *list, struct hw_buf *out) {
    const struct hw_pair_left_out *items;
    assert_int_equal(hw_pairs_left_out_items(list, &items, NULL), HW_OK);
    for (size_t i = 0; i < list->count; i++) {
        assert_int_equal(hw_buf_printf(out, NULL, "%s%.*s:%s", i > 0 ? " " : "|", (int)items[i].key.size,
                                       items[i].key.data, reason_word(items[i].reason)),
                         HW_OK);
    }
}

static enum hw_status sources_merge(const struct row *row, struct hw_pairs_merging *merging, const char *before_key,
                                    struct hw_file_pairs *out_pairs, struct hw_error *err) {
    HW_AUTO(hw_pair_table) table = {0};
    struct hw_file_pair items[PAIRS_MAX];
    struct hw_file_pairs pairs = pairs_read(row->sources[0], items);
    HW_TRY(hw_pair_table_begin(&table, merging, &pairs, before_key, err));
    for (size_t i = 1; i < merging->count; i++) {
        if (row->sources[i]) {
            pairs = pairs_read(row->sources[i], items);
            HW_TRY(hw_pair_table_add(&table, i, &pairs, err));
        }
    }
    return hw_pair_table_finish(&table, out_pairs, err);
}

static void merging_init(struct hw_pairs_merging *merging, const struct row *row, enum hw_optimize_metadata rule,
                         struct hw_arena *arena) {
    static const struct hw_pairs_source sources[SOURCES_MAX] = {{.name = "0"}, {.name = "1"}, {.name = "2"}};
    *merging = (struct hw_pairs_merging){sources, 0, rule, arena, {.arena = arena}, kinds, COUNT_OF(kinds)};
    for (size_t i = 0; i < SOURCES_MAX; i++) {
        merging->count = row->sources[i] ? i + 1 : merging->count;
    }
}

static void row_run(const struct row *row, enum hw_optimize_metadata rule, const char *want) {
    HW_AUTO(hw_arena) arena = {0};
    HW_AUTO(hw_buf) got = {0};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_pairs_merging merging;
    struct hw_file_pairs pairs;
    merging_init(&merging, row, rule, &arena);
    const enum hw_status status = sources_merge(row, &merging, "", &pairs, &err);
    if (status != HW_OK) {
        assert_row_int(want, rule, HW_OPTIMIZE_METADATA_FAIL);
        assert_row_int(want, status, HW_EDATA);
        assert_row_says(row->sources[0], err.message, want);
        return;
    }
    pairs_put(&pairs, &got);
    left_out_put(&merging.left_out, &got);
    assert_int_equal(hw_buf_end_text(&got, NULL), HW_OK);
    assert_row_text(row->sources[0], (const char *)got.data, want);
}

static void pairs_are_merged_by_each_rule(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        row_run(&rows[i], HW_OPTIMIZE_METADATA_EQUAL, rows[i].equal);
        row_run(&rows[i], HW_OPTIMIZE_METADATA_FIRST, rows[i].first);
        row_run(&rows[i], HW_OPTIMIZE_METADATA_FAIL, rows[i].fail);
    }
}

/* Pairs within a schema have no merger of their own where that is not for them. */
static void pairs_of_schemas_are_told_apart(void **state) {
    static const struct row row = {.sources = {"outer=+ sum=+ a=1", "outer=+ sum=+"}};
    HW_AUTO(hw_arena) arena = {0};
    HW_AUTO(hw_buf) got = {0};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_pairs_merging merging;
    struct hw_file_pairs pairs;
    (void)state;
    merging_init(&merging, &row, HW_OPTIMIZE_METADATA_EQUAL, &arena);
    assert_ok(sources_merge(&row, &merging, "S: ", &pairs, &err), err);
    pairs_put(&pairs, &got);
    left_out_put(&merging.left_out, &got);
    assert_int_equal(hw_buf_end_text(&got, NULL), HW_OK);
    assert_string_equal((const char *)got.data, "outer=+ sum=++|S: a:lack");
    merging_init(&merging, &row, HW_OPTIMIZE_METADATA_FAIL, &arena);
    assert_int_equal(sources_merge(&row, &merging, "S: ", &pairs, &err), HW_EDATA);
    assert_string_equal(err.message, "0 has the key-value metadata S: \"a\", which 1 does not have");
}

/* Adds a source with one pair, of a key of a number. */
static void numbered_add(struct hw_pair_table *table, size_t source, size_t number) {
    char key[32];
    const int size = snprintf(key, sizeof(key), "%zu", number);
    const struct hw_file_pair pair = {{key, (size_t)size}, HW_VIEW("v"), true};
    assert_int_equal(hw_pair_table_add(table, source, &(struct hw_file_pairs){&pair, 1, true}, NULL), HW_OK);
}

/* Keys that the first source does not have are told up to a limit, and that there are more. */
static void keys_of_others_are_limited(void **state) {
    const struct hw_pairs_source source = {.name = "a file"};
    (void)state;
    for (size_t more = 0; more < 3; more++) {
        HW_AUTO(hw_arena) arena = {0};
        HW_AUTO(hw_pair_table) table = {0};
        struct hw_pairs_merging merging = {&source, SIZE_MAX, HW_OPTIMIZE_METADATA_EQUAL, &arena, {.arena = &arena},
                                           NULL,    0};
        const struct hw_file_pair pair = {HW_VIEW("k"), HW_VIEW("v"), true};
        const struct hw_file_pairs pairs = {&pair, 1, true};
        const struct hw_pair_left_out *items;
        struct hw_file_pairs merged;
        assert_int_equal(hw_pair_table_begin(&table, &merging, &pairs, "", NULL), HW_OK);
        for (size_t i = 1; i <= HW_FILE_PAIRS_MAX + more; i++) {
            numbered_add(&table, i, i);
        }
        /* Those that are known are found all the same. */
        numbered_add(&table, HW_FILE_PAIRS_MAX + 5, HW_FILE_PAIRS_MAX);
        assert_int_equal(hw_pair_table_finish(&table, &merged, NULL), HW_OK);
        assert_int_equal(merged.count, 0);
        assert_int_equal(merging.left_out.count, HW_FILE_PAIRS_MAX + 1);
        assert_int_equal(hw_pairs_left_out_items(&merging.left_out, &items, NULL), HW_OK);
        assert_true(hw_view_equal(items[0].key, HW_VIEW("k")));
        assert_true(hw_view_equal(items[HW_FILE_PAIRS_MAX].key, HW_VIEW("10000")));
        assert_int_equal(strstr(items[HW_FILE_PAIRS_MAX].reason, "further keys") != NULL, more > 0);
    }
}

static void bytes_of_keys_are_limited(void **state) {
    static char key[HW_FILE_PAIRS_BYTES_MAX / 2 + 1];
    const struct hw_pairs_source source = {.name = "a file"};
    HW_AUTO(hw_arena) arena = {0};
    HW_AUTO(hw_pair_table) table = {0};
    struct hw_pairs_merging merging = {&source, 5, HW_OPTIMIZE_METADATA_EQUAL, &arena, {.arena = &arena}, NULL, 0};
    const struct hw_file_pairs none = {NULL, 0, true};
    struct hw_file_pairs merged;
    (void)state;
    assert_int_equal(hw_pair_table_begin(&table, &merging, &none, "", NULL), HW_OK);
    for (size_t i = 1; i < 5; i++) {
        key[0] = (char)i;
        const struct hw_file_pair pair = {{key, sizeof(key)}, HW_VIEW(""), true};
        assert_int_equal(hw_pair_table_add(&table, i, &(struct hw_file_pairs){&pair, 1, true}, NULL), HW_OK);
    }
    assert_int_equal(hw_pair_table_finish(&table, &merged, NULL), HW_OK);
    assert_int_equal(merging.left_out.count, 2);
}

/* A value that grows has the room that pairs before it leave. */
static void all_pairs_stay_readable(void **state) {
    static char long_value[HW_FILE_PAIRS_BYTES_MAX];
    struct hw_file_pair items[] = {{HW_VIEW("k"), {long_value, 0}, true}, {HW_VIEW("sum"), HW_VIEW("+"), true}};
    const struct hw_file_pairs pairs = {items, COUNT_OF(items), true};
    const struct hw_pairs_source sources[] = {{.name = "0"}, {.name = "1"}};
    (void)state;
    for (size_t over = 0; over < 2; over++) {
        for (enum hw_optimize_metadata rule = HW_OPTIMIZE_METADATA_EQUAL; rule <= HW_OPTIMIZE_METADATA_FAIL; rule++) {
            HW_AUTO(hw_arena) arena = {0};
            HW_AUTO(hw_pair_table) table = {0};
            struct hw_pairs_merging merging = {sources, 2, rule, &arena, {.arena = &arena}, kinds, COUNT_OF(kinds)};
            struct hw_error err = HW_ERROR_INIT;
            struct hw_file_pairs merged = {0};
            items[0].value.size = HW_FILE_PAIRS_BYTES_MAX - strlen("ksum++") + over;
            assert_int_equal(hw_pair_table_begin(&table, &merging, &pairs, "", NULL), HW_OK);
            assert_int_equal(hw_pair_table_add(&table, 1, &pairs, NULL), HW_OK);
            const bool fails = over > 0 && rule == HW_OPTIMIZE_METADATA_FAIL;
            assert_int_equal(hw_pair_table_finish(&table, &merged, &err), fails ? HW_ELIMIT : HW_OK);
            assert_row_says("over", fails ? err.message : "more than 8388608 bytes", "more than 8388608 bytes");
            assert_int_equal(merged.count, fails ? 0 : 2 - over);
            assert_int_equal(merging.left_out.count, fails ? 0 : over);
        }
    }
}

static void no_memory_is_told(void **state) {
    static const struct row row = {.sources = {"sum=+ a=1 b=2 b=3", "a=1 sum=+", "c=1 b=2 b=3 b=4"}};
    bool fired = true;
    (void)state;
    for (size_t n = 0; fired; n++) {
        struct hw_arena arena = {0};
        struct hw_pairs_merging merging;
        struct hw_file_pairs pairs;
        struct alloc_fault fault;
        merging_init(&merging, &row, HW_OPTIMIZE_METADATA_EQUAL, &arena);
        alloc_fault_begin(&fault, n);
        const enum hw_status status = sources_merge(&row, &merging, "", &pairs, NULL);
        hw_arena_release(&arena);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs_are_merged_by_each_rule), cmocka_unit_test(pairs_of_schemas_are_told_apart),
        cmocka_unit_test(keys_of_others_are_limited),    cmocka_unit_test(bytes_of_keys_are_limited),
        cmocka_unit_test(all_pairs_stay_readable),       cmocka_unit_test(no_memory_is_told),
    };
    return cmocka_run_group_tests_name("optimize/pair_table", tests, NULL, NULL);
}

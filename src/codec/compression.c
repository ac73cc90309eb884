/* SPDX-License-Identifier: Apache-2.0 */
/* The table of codecs, their names and levels, and what is the same for all of them. */
#include "codec/compression.h"

#include <stdio.h>

#include "codec/codec.h"
#include "core/alloc.h"
#include "core/nearest.h"

/* Speed before size: that is also why gzip and deflate without a level are another library's. */
enum { ZSTD_LEVEL_DEFAULT = 1, LZ4_LEVEL_DEFAULT = 1, BROTLI_LEVEL_DEFAULT = 4 };

/* One codec: its names, its levels, and the libraries that do its work. */
struct codec_row {
    const char *name;
    const char *aliases[2]; /* NULL: none */
    bool has_levels;
    int level_min;
    int level_max;
    int level_default;
    const struct hw_codec_ops *ops;
    /* Used where no level is asked for. NULL: `ops` at `level_default`. */
    const struct hw_codec_ops *default_ops;
    /* Of HW_LEVEL_ENTROPY and the levels behind it. NULL: there are none. */
    const struct hw_codec_ops *const *named_ops;
    /* Each effort's levels. NULL: there is nothing to choose from. */
    const struct hw_codec_levels *efforts;
};

enum { NAMED_FIRST = HW_LEVEL_ENTROPY, NAMED_LAST = HW_LEVEL_OPTIMAL };

static const struct hw_codec_ops *const zstd_named_ops[] = {
    &hw_zstd_entropy_ops,
    &hw_zstd_numbers_ops,
    &hw_zstd_text_ops,
    &hw_zstd_optimal_ops,
};
static_assert(COUNT_OF(zstd_named_ops) == NAMED_LAST - NAMED_FIRST + 1, "one row a level");

static const struct hw_codec_levels zstd_efforts[HW_CODEC_EFFORT_COUNT] = {
    [HW_CODEC_NORMAL] = {4,
                         {HW_LEVEL_DEFAULT, HW_LEVEL_NUMBERS, HW_LEVEL_ENTROPY, HW_LEVEL_TEXT},
                         .entropy = 2,
                         .numbers = 1u << 1,
                         .others = 1u << 0},
    [HW_CODEC_FAST] = {3,
                       {HW_LEVEL_DEFAULT, HW_LEVEL_NUMBERS, HW_LEVEL_ENTROPY},
                       .entropy = 2,
                       .numbers = 1u << 1,
                       .others = 1u << 0},
    [HW_CODEC_BEST] = {6,
                       {HW_LEVEL_DEFAULT, HW_LEVEL_NUMBERS, HW_LEVEL_ENTROPY, HW_LEVEL_TEXT, 9, HW_LEVEL_OPTIMAL},
                       .entropy = 2,
                       .numbers = 1u << 1,
                       .others = 1u << 0}};
static const struct hw_codec_levels gzip_efforts[HW_CODEC_EFFORT_COUNT] = {
    [HW_CODEC_NORMAL] = {2, {HW_LEVEL_DEFAULT, 6}},
    [HW_CODEC_FAST] = {1, {HW_LEVEL_DEFAULT}},
    [HW_CODEC_BEST] = {3, {HW_LEVEL_DEFAULT, 6, 12}}};
static const struct hw_codec_levels lz4_efforts[HW_CODEC_EFFORT_COUNT] = {
    [HW_CODEC_NORMAL] = {1, {1}}, [HW_CODEC_FAST] = {1, {1}}, [HW_CODEC_BEST] = {2, {1, 9}}};
static const struct hw_codec_levels brotli_efforts[HW_CODEC_EFFORT_COUNT] = {
    [HW_CODEC_NORMAL] = {2, {1, 4}}, [HW_CODEC_FAST] = {1, {1}}, [HW_CODEC_BEST] = {3, {1, 4, 9}}};

struct hw_compressor {
    const struct hw_codec_ops *ops;
    void *state;
};

static enum hw_status none_open(int level, void **out_state, struct hw_error *err);
static void none_close(void *state);
static size_t none_bound(size_t bytes);
static enum hw_status none_run(void *state, hw_view block, void *out, size_t out_capacity, size_t *out_bytes,
                               struct hw_error *err);
static size_t none_held(const void *state);

static const struct hw_codec_ops none_ops = {none_open, none_close, none_bound, none_run, none_held, NULL, NULL};

static const struct codec_row rows[] = {
    [HW_CODEC_DEFAULT] = {.name = "default"},
    [HW_CODEC_NONE] = {"none", {"uncompressed", "null"}, false, 0, 0, 0, &none_ops, NULL, NULL, NULL},
    [HW_CODEC_SNAPPY] = {"snappy", {NULL}, false, 0, 0, 0, &hw_snappy_ops, NULL, NULL, NULL},
    [HW_CODEC_ZSTD] = {"zstd",
                       {"zstandard"},
                       true,
                       -5,
                       19,
                       ZSTD_LEVEL_DEFAULT,
                       &hw_zstd_ops,
                       &hw_zstd_default_ops,
                       zstd_named_ops,
                       zstd_efforts},
    [HW_CODEC_GZIP] = {"gzip", {NULL}, true, 0, 12, 0, &hw_gzip_ops, &hw_igzip_gzip_ops, NULL, gzip_efforts},
    [HW_CODEC_DEFLATE] =
        {"deflate", {NULL}, true, 0, 12, 0, &hw_deflate_ops, &hw_igzip_deflate_ops, NULL, gzip_efforts},
    [HW_CODEC_LZ4_RAW] = {"lz4_raw", {"lz4"}, true, 1, 12, LZ4_LEVEL_DEFAULT, &hw_lz4_ops, NULL, NULL, lz4_efforts},
    [HW_CODEC_BROTLI] =
        {"brotli", {NULL}, true, 0, 11, BROTLI_LEVEL_DEFAULT, &hw_brotli_ops, NULL, NULL, brotli_efforts},
};
static_assert(COUNT_OF(rows) == HW_CODEC_COUNT, "one row a codec");

enum {
    NAMES_MAX = HW_CODEC_COUNT * (1 + COUNT_OF(rows[0].aliases)),
    KNOWN_BYTES = HW_CODEC_COUNT * 16, /* no name has more than 14 letters */
};

static enum hw_status codec_find(hw_view name, enum hw_codec *out_codec, struct hw_error *err);
static bool row_is_called(const struct codec_row *row, hw_view name);
static enum hw_status codec_unknown(hw_view name, struct hw_error *err);
static enum hw_status level_parse(const struct codec_row *row, const char *text, int *out_level, struct hw_error *err);
static bool level_taken(const struct codec_row *row, int level);

enum hw_status hw_codec_parse(const char *text, enum hw_codec *out_codec, int *out_level, struct hw_error *err) {
    const char *colon = strchr(text, ':');
    hw_view name = {text, colon ? (size_t)(colon - text) : strlen(text)};
    enum hw_codec codec = HW_CODEC_DEFAULT;
    int level = HW_LEVEL_DEFAULT;

    HW_TRY(codec_find(name, &codec, err));
    if (colon) {
        HW_TRY(level_parse(&rows[codec], colon + 1, &level, err));
    }
    *out_codec = codec;
    *out_level = level;
    return HW_OK;
}

static enum hw_status codec_find(hw_view name, enum hw_codec *out_codec, struct hw_error *err) {
    for (size_t i = HW_CODEC_NONE; i < HW_CODEC_COUNT; i++) {
        if (row_is_called(&rows[i], name)) {
            *out_codec = (enum hw_codec)i;
            return HW_OK;
        }
    }
    return codec_unknown(name, err);
}

static bool row_is_called(const struct codec_row *row, hw_view name) {
    if (hw_view_equal(hw_view_of(row->name), name)) {
        return true;
    }
    for (size_t i = 0; i < COUNT_OF(row->aliases) && row->aliases[i]; i++) {
        if (hw_view_equal(hw_view_of(row->aliases[i]), name)) {
            return true;
        }
    }
    return false;
}

static enum hw_status codec_unknown(hw_view name, struct hw_error *err) {
    const char *names[NAMES_MAX];
    size_t count = 0;
    char quoted[HW_QUOTE_BYTES];
    /* a longer word is cut to one that still has no neighbours */
    char word[HW_NEAREST_WORD_BYTES_MAX + 2];

    for (size_t i = HW_CODEC_NONE; i < HW_CODEC_COUNT; i++) {
        names[count++] = rows[i].name;
        for (size_t a = 0; a < COUNT_OF(rows[i].aliases) && rows[i].aliases[a]; a++) {
            names[count++] = rows[i].aliases[a];
        }
    }
    size_t kept = hw_min_size(name.size, sizeof(word) - 1);
    memcpy(word, name.data, kept);
    word[kept] = '\0';
    const char *nearest = hw_nearest(word, names, count);
    hw_quote(name.data, name.size, quoted, sizeof(quoted));
    if (nearest) {
        return hw_fail(err, HW_EUSAGE, "unknown codec %s, did you mean %s?", quoted, nearest);
    }
    char list[KNOWN_BYTES] = "";
    size_t used = 0;
    for (size_t i = HW_CODEC_NONE; i < HW_CODEC_COUNT; i++) {
        used += (size_t)snprintf(list + used, sizeof(list) - used, "%s%s", used > 0 ? ", " : "", rows[i].name);
        assert(used < sizeof(list));
    }
    return hw_fail(err, HW_EUSAGE, "unknown codec %s, known are %s", quoted, list);
}

/* A sign and at most 3 digits: no level needs more, and the sum cannot overflow. */
static enum hw_status level_parse(const struct codec_row *row, const char *text, int *out_level, struct hw_error *err) {
    char quoted[HW_QUOTE_BYTES];
    const char *digits = *text == '-' ? text + 1 : text;
    size_t count = strspn(digits, "0123456789");
    int level = 0;

    if (!row->has_levels) {
        return hw_fail(err, HW_EUSAGE, "%s takes no level", row->name);
    }
    for (size_t i = 0; i < hw_min_size(count, 3); i++) {
        level = level * 10 + (digits[i] - '0');
    }
    level = digits == text ? level : -level;
    if (count == 0 || count > 3 || digits[count] != '\0' || !level_taken(row, level)) {
        return hw_fail(err, HW_EUSAGE, "%s takes levels from %d to %d, not %s", row->name, row->level_min,
                       row->level_max, hw_quote(text, strlen(text), quoted, sizeof(quoted)));
    }
    *out_level = level;
    return HW_OK;
}

static bool level_taken(const struct codec_row *row, int level) {
    return row->has_levels && level >= row->level_min && level <= row->level_max;
}

const char *hw_codec_name(enum hw_codec codec) {
    assert((unsigned)codec < HW_CODEC_COUNT);
    return rows[codec].name;
}

struct hw_codec_levels hw_codec_levels(enum hw_codec codec, int level, enum hw_codec_effort effort) {
    assert((unsigned)codec < HW_CODEC_COUNT && (unsigned)effort < HW_CODEC_EFFORT_COUNT);
    const struct hw_codec_levels *efforts = rows[codec].efforts;
    if (level != HW_LEVEL_DEFAULT || !efforts) {
        return (struct hw_codec_levels){1, {level}, 0, 0, 0};
    }
    return efforts[effort];
}

static bool level_is_named(int level) {
    return level >= NAMED_FIRST && level <= NAMED_LAST;
}

/* Returns the library of a level, or NULL if the codec does not take it. */
static const struct hw_codec_ops *ops_of(const struct codec_row *row, int level) {
    if (level == HW_LEVEL_DEFAULT) {
        return row->default_ops ? row->default_ops : row->ops;
    }
    if (level_is_named(level)) {
        return row->named_ops ? row->named_ops[level - NAMED_FIRST] : NULL;
    }
    return level_taken(row, level) ? row->ops : NULL;
}

/* Returns the level that the library gets. */
static int level_of(const struct codec_row *row, int level) {
    return level == HW_LEVEL_DEFAULT || level_is_named(level) ? row->level_default : level;
}

enum hw_status hw_compressor_new(enum hw_codec codec, int level, struct hw_compressor **out_compressor,
                                 struct hw_error *err) {
    assert(codec > HW_CODEC_DEFAULT && codec < HW_CODEC_COUNT);
    const struct codec_row *row = &rows[codec];

    const struct hw_codec_ops *ops = ops_of(row, level);

    if (!ops) {
        if (!row->has_levels) {
            return hw_fail(err, HW_EUSAGE, "%s takes no level", row->name);
        }
        return hw_fail(err, HW_EUSAGE, "%s takes levels from %d to %d, not %d", row->name, row->level_min,
                       row->level_max, level);
    }
    struct hw_compressor *compressor = hw_alloc_zero(1, sizeof(*compressor));
    if (!compressor) {
        return hw_fail_nomem(err, sizeof(*compressor));
    }
    compressor->ops = ops;
    enum hw_status status = ops->open(level_of(row, level), &compressor->state, err);
    if (status) {
        hw_free(compressor);
        return status;
    }
    *out_compressor = compressor;
    return HW_OK;
}

void hw_compressor_free(struct hw_compressor *compressor) {
    if (compressor) {
        compressor->ops->close(compressor->state);
        hw_free(compressor);
    }
}

size_t hw_compressor_bound(const struct hw_compressor *compressor, size_t bytes) {
    return compressor->ops->bound(bytes);
}

enum hw_status hw_compressor_run(struct hw_compressor *compressor, const void *data, size_t bytes, void *out,
                                 size_t out_capacity, size_t *out_bytes, struct hw_error *err) {
    hw_view block = {data ? data : "", bytes};
    /* no codec may decide by more room */
    size_t room = hw_min_size(out_capacity, compressor->ops->bound(bytes));
    return compressor->ops->run(compressor->state, block, out, room, out_bytes, err);
}

void hw_compressor_set_whole(struct hw_compressor *compressor, size_t whole_bytes) {
    if (compressor->ops->set_whole) {
        compressor->ops->set_whole(compressor->state, whole_bytes);
    }
}

size_t hw_compressor_held(const struct hw_compressor *compressor) {
    return sizeof(*compressor) + compressor->ops->held(compressor->state);
}

size_t hw_compressor_held_max(enum hw_codec codec, int level, size_t block_bytes) {
    const struct codec_row *row = &rows[codec];
    const struct hw_codec_ops *ops = ops_of(row, level);
    const bool tells = ops && ops->held_max;
    return sizeof(struct hw_compressor) +
           (tells ? ops->held_max(level_of(row, level), block_bytes) : HW_CODEC_HELD_SMALL);
}

static enum hw_status none_open(int level, void **out_state, struct hw_error *err) {
    (void)level;
    (void)err;
    *out_state = NULL;
    return HW_OK;
}

static void none_close(void *state) {
    (void)state;
}

static size_t none_bound(size_t bytes) {
    return bytes;
}

static enum hw_status none_run(void *state, hw_view block, void *out, size_t out_capacity, size_t *out_bytes,
                               struct hw_error *err) {
    (void)state;
    if (block.size > out_capacity) {
        return hw_fail(err, HW_EFAILED, "%zu bytes do not fit in %zu", block.size, out_capacity);
    }
    if (block.size > 0) {
        memcpy(out, block.data, block.size);
    }
    *out_bytes = block.size;
    return HW_OK;
}

static size_t none_held(const void *state) {
    (void)state;
    return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/transfer_args.h"

#include "core/limits.h"

#define TRANSFER_FIELD(field) HW_OPTION_FIELD(struct hw_transfer_args, field)

static const struct hw_option choose_rows[] = {
    {.name = "include",
     .type = HW_OPTION_LIST,
     TRANSFER_FIELD(include),
     .arg = "GLOB",
     .whole = true,
     .help = "Takes only objects whose names below the source match: * stands for any characters, / too, ? for one. "
             "May be given several times."},
    {.name = "exclude",
     .type = HW_OPTION_LIST,
     TRANSFER_FIELD(exclude),
     .arg = "GLOB",
     .whole = true,
     .help = "Leaves out objects whose names match, whatever --include says. One that ends in / leaves out all below."},
    {.name = "raw",
     .type = HW_OPTION_FLAG,
     TRANSFER_FIELD(raw),
     .help = "Takes * and ? in SRC for what they are, for keys that have them."},
    {.name = "no-clobber",
     .letter = 'n',
     .type = HW_OPTION_FLAG,
     TRANSFER_FIELD(no_clobber),
     .help = "Leaves what is there already as it is."},
    {.name = "if-size-differ",
     .letter = 's',
     .type = HW_OPTION_FLAG,
     TRANSFER_FIELD(if_size_differs),
     .help = "Leaves what is there and has the same size as it is."},
    {.name = "if-source-newer",
     .letter = 'u',
     .type = HW_OPTION_FLAG,
     TRANSFER_FIELD(if_source_newer),
     .help = "Leaves what is there and is as new as the source as it is."},
    {.name = "flatten",
     .letter = 'f',
     .type = HW_OPTION_FLAG,
     TRANSFER_FIELD(flatten),
     .help = "Leaves the folders out of the names that objects get: a/b.csv becomes b.csv. Of objects whose names "
             "are then the same one is copied, and the others fail."},
    {.name = "version-id",
     .type = HW_OPTION_TEXT,
     TRANSFER_FIELD(version_id),
     .arg = "ID",
     .help = "Takes this version of the one object of S3 that is named, not the newest."},
    {.name = "all-versions",
     .type = HW_OPTION_FLAG,
     TRANSFER_FIELD(all_versions),
     .help = "Removes every version of what is named, and the markers of what was deleted, for good."},
    {.name = "files-from",
     .type = HW_OPTION_TEXT,
     TRANSFER_FIELD(files_from),
     .arg = "FILE",
     .help = "Reads paths of objects from this file, one a line, or from standard input where FILE is -. A line is a "
             "path as it stands, never a wildcard. Where a folder or a prefix is named besides, the paths are below "
             "it."},
    {.name = "from0",
     .type = HW_OPTION_FLAG,
     TRANSFER_FIELD(files_from_nul),
     .help = "Says that the paths of --files-from end with NUL, as those of find -print0 do."},
    {.name = "no-follow-symlinks",
     .type = HW_OPTION_FLAG,
     TRANSFER_FIELD(links_left_out),
     .help =
         "Leaves out symbolic links below a local SRC, and says how many. A SRC that is a link itself is followed."},
};

static_assert(sizeof(enum hw_transfer_mode) == sizeof(unsigned), "choices are written as unsigned");
static const struct hw_choice mode_choices[] = {{"auto", HW_TRANSFER_AUTO},
                                                {"direct", HW_TRANSFER_DIRECT},
                                                {"traditional", HW_TRANSFER_TRADITIONAL},
                                                {"hybrid", HW_TRANSFER_HYBRID},
                                                {NULL, 0}};

static_assert(sizeof(enum hw_checksum_kind) == sizeof(unsigned), "choices are written as unsigned");
static const struct hw_choice sidecar_choices[] = {{"sha256", HW_CHECKSUM_SHA256}, {NULL, 0}};

static const struct hw_option part_rows[] = {
    {.name = "dry-run",
     .type = HW_OPTION_FLAG,
     TRANSFER_FIELD(dry_run),
     .help = "Prints what would be done with each object, and does nothing."},
    {.name = "part-size",
     .letter = 'p',
     .type = HW_OPTION_SIZE,
     TRANSFER_FIELD(part_bytes),
     .arg = "SIZE",
     .min = HW_MIB(1),
     .max = HW_S3_PART_BYTES_MAX,
     .fallback = "8MiB",
     .help = "Moves large objects in parts of this size; S3 takes 5MiB or more."},
    {.name = "keep-partial",
     .type = HW_OPTION_FLAG,
     TRANSFER_FIELD(keep_partial),
     .help = "Keeps what there is of a large object that cannot be finished: the same command then goes on from there, "
             "as it does after a kill in any case."},
    {.name = "mode",
     .type = HW_OPTION_CHOICE,
     TRANSFER_FIELD(mode),
     .choices = mode_choices,
     .fallback = "auto",
     .help = "Chooses the way from bucket to bucket: direct has the service copy, traditional moves bytes through this "
             "machine, auto has the service copy where it can, and hybrid tries that for each object."},
    {.name = "preserve",
     .type = HW_OPTION_FLAG,
     TRANSFER_FIELD(preserve),
     .help = "Keeps the time of the last change and the permissions of files, in a bucket as metadata, and gives them "
             "to files again."},
    {.name = "sidecar",
     .type = HW_OPTION_CHOICE,
     TRANSFER_FIELD(sidecar),
     .choices = sidecar_choices,
     .fallback = "no sidecar is looked at",
     .help = "Compares each object, while it passes, with the SHA-256 in the object NAME.CHECKSUM or NAME.sha256 "
             "beside its source, as sha256sum writes it. One without such an object fails."},
    {.name = "delta",
     .type = HW_OPTION_FLAG,
     TRANSFER_FIELD(delta),
     .help = "Where DST, which is on S3, has another version of a large object, the service copies the parts that have "
             "the same bytes at the same place, and only the others are sent. Each part takes a request more."},
};

const struct hw_option_group hw_transfer_choose_group = {"Objects", choose_rows, COUNT_OF(choose_rows)};
const struct hw_option_group hw_transfer_part_group = {"Transfer", part_rows, COUNT_OF(part_rows)};

enum hw_status hw_transfer_args_call(const struct hw_transfer_args *args, struct hw_arena *arena,
                                     struct hw_transfer_call *out_call, struct hw_error *err) {
    *out_call = (struct hw_transfer_call){0};
    if (args->files_from_nul && !args->files_from) {
        return hw_fail(err, HW_EUSAGE, "--from0 needs --files-from");
    }
    HW_TRY(hw_write_args_options(&args->write, arena, &out_call->write, err));
    HW_TRY(hw_write_args_access(&args->write, &out_call->access, err));
    out_call->options = (struct hw_transfer_options){
        .size = sizeof(out_call->options),
        .source_store = hw_store_args_source(&args->store),
        .target_store = hw_store_args_target(&args->store),
        .memory_bytes = args->run.memory_bytes,
        .part_bytes = args->part_bytes,
        .dry_run = args->dry_run,
        .raw = args->raw,
        .flatten = args->flatten,
        .include = args->include.items,
        .include_count = args->include.count,
        .exclude = args->exclude.items,
        .exclude_count = args->exclude.count,
        .no_clobber = args->no_clobber,
        .if_size_differs = args->if_size_differs,
        .if_source_newer = args->if_source_newer,
        .mode = args->mode,
        .keep_partial = args->keep_partial,
        .sidecar = args->sidecar,
        .delta = args->delta,
        .write = &out_call->write,
        .fail_fast = args->run.fail_fast,
        .report_path = args->run.report_path,
        .prices_path = args->run.prices_path,
        .version_id = args->version_id,
        .all_versions = args->all_versions,
        .preserve = args->preserve,
        .files_from = args->files_from,
        .files_from_nul = args->files_from_nul,
        .links_left_out = args->links_left_out,
    };
    out_call->options.source_store.s3 = &out_call->access.source;
    out_call->options.target_store.s3 = &out_call->access.target;
    return HW_OK;
}

void hw_transfer_call_release(struct hw_transfer_call *call) {
    hw_write_access_release(&call->access);
}

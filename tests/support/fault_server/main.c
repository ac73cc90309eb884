/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <unistd.h>

#include "support/fault_server/control.h"
#include "support/fault_server/faults.h"
#include "support/fault_server/service.h"

static const char help[] =
    "hawser-fault-server [OPTION...]: an S3 server of the tests and benchmarks.\n"
    "\n"
    "It listens on the loopback and prints a line of JSON with its addresses once it does: url of S3,\n"
    "control of what tests ask (control.h), trap of a port that nobody should call. It ends with SIGTERM,\n"
    "or when the program that started it does.\n"
    "\n"
    "  --port N                 the port of S3; one that is free\n"
    "  --account ID:SECRET[:TOKEN]   a key pair; may stand again. None: hawser:hawser-secret\n"
    "  --bucket NAME[?owner=ID&readers=ID;ID&writers=*&versions=1&keys=N&bytes=N...]   may stand again; control.h\n"
    "  --faults FILE            a script of faults; script.h says how it is written\n"
    "  --region NAME            us-east-1\n"
    "  --domain NAME            takes bucket.NAME as a host as well\n"
    "  --tls CERT,KEY           PEM files\n"
    "  --folder DIR             large objects lie in files there, not in memory\n"
    "  --discard                counts what is put and forgets it; objects have made-up bytes of the same size\n"
    "  --no-checks              does not prove bodies (signatures are proved): for benchmarks\n"
    "  --allow-unsigned-payload without TLS too\n"
    "  --no-encoding            takes no notice of encoding-type, as some services do\n"
    "  --copy-max BYTES         largest source of a copy; 5368709120\n"
    "  --part-min BYTES         smallest part but the last; 5242880\n"
    "  --page-max N             entries of a page of a listing; 1000\n"
    "  --token TEXT             of the control port; a random one\n"
    "  --kinds                  prints the kinds of faults\n";

static void fail(const char *what, const char *why) {
    fprintf(stderr, "hawser-fault-server: %s: %s\n", what, why);
    exit(2);
}

static void account_option(struct server *server, const char *text) {
    char *copy = must_copy(text), *secret = strchr(copy, ':');
    if (!secret) {
        fail(text, "an account is ID:SECRET[:TOKEN]");
    }
    *secret++ = '\0';
    char *token = strchr(secret, ':');
    if (token) {
        *token++ = '\0';
    }
    server_account(server, copy, secret, token, false);
    free(copy);
}

static void faults_option(struct server *server, const char *path) {
    struct text text = {0};
    char piece[4096];
    FILE *file = fopen(path, "r");
    size_t got = 0;
    if (!file) {
        fail(path, "cannot be read");
    }
    while ((got = fread(piece, 1, sizeof(piece), file)) > 0) {
        text_add(&text, piece, got);
    }
    fclose(file);
    const char *problem = script_read(text_of(&text), &server->script);
    if (problem) {
        fail(path, problem);
    }
    text_release(&text);
}

static void tls_option(struct server *server, const char *text) {
    char *copy = must_copy(text), *key = strchr(copy, ',');
    if (!key) {
        fail(text, "TLS wants CERT,KEY");
    }
    *key++ = '\0';
    server->tls = SSL_CTX_new(TLS_server_method());
    if (!server->tls || SSL_CTX_use_certificate_chain_file(server->tls, copy) != 1 ||
        SSL_CTX_use_PrivateKey_file(server->tls, key, SSL_FILETYPE_PEM) != 1) {
        fail(text, "the certificate or its key cannot be used");
    }
    free(copy);
}

static uint64_t number_option(const char *text) {
    uint64_t number = 0;
    if (!number_read(text, &number)) {
        fail(text, "is no number");
    }
    return number;
}

enum choice {
    OPT_PORT = 1,
    OPT_ACCOUNT,
    OPT_BUCKET,
    OPT_FAULTS,
    OPT_REGION,
    OPT_DOMAIN,
    OPT_TLS,
    OPT_FOLDER,
    OPT_DISCARD,
    OPT_NO_CHECKS,
    OPT_UNSIGNED,
    OPT_NO_ENCODING,
    OPT_COPY_MAX,
    OPT_PART_MIN,
    OPT_PAGE_MAX,
    OPT_TOKEN,
    OPT_KINDS,
    OPT_HELP
};

static const struct option_row {
    const char *name;
    int argument;
    enum choice choice;
} rows[] = {{"port", 1, OPT_PORT},
            {"account", 1, OPT_ACCOUNT},
            {"bucket", 1, OPT_BUCKET},
            {"faults", 1, OPT_FAULTS},
            {"region", 1, OPT_REGION},
            {"domain", 1, OPT_DOMAIN},
            {"tls", 1, OPT_TLS},
            {"folder", 1, OPT_FOLDER},
            {"discard", 0, OPT_DISCARD},
            {"no-checks", 0, OPT_NO_CHECKS},
            {"allow-unsigned-payload", 0, OPT_UNSIGNED},
            {"no-encoding", 0, OPT_NO_ENCODING},
            {"copy-max", 1, OPT_COPY_MAX},
            {"part-min", 1, OPT_PART_MIN},
            {"page-max", 1, OPT_PAGE_MAX},
            {"token", 1, OPT_TOKEN},
            {"kinds", 0, OPT_KINDS},
            {"help", 0, OPT_HELP}};

enum { ROWS = sizeof(rows) / sizeof(*rows) };

/* What is said on the command line and is no part of the server. */
struct wishes {
    unsigned port;
    const char *folder;
    char token[40];
};

static void option_take(struct server *server, struct wishes *wishes, int option, const char *value) {
    struct settings *settings = &server->settings;
    switch (option) {
    case OPT_PORT:
        wishes->port = (unsigned)number_option(value);
        return;
    case OPT_ACCOUNT:
        account_option(server, value);
        return;
    case OPT_BUCKET:
        if (!control_bucket(server, value)) {
            fail(value, "a bucket needs a name");
        }
        return;
    case OPT_FAULTS:
        faults_option(server, value);
        return;
    case OPT_REGION:
        settings->region = value;
        return;
    case OPT_DOMAIN:
        settings->domain = value;
        return;
    case OPT_TLS:
        tls_option(server, value);
        return;
    case OPT_FOLDER:
        wishes->folder = value;
        return;
    case OPT_DISCARD:
        settings->forgets = true;
        return;
    case OPT_NO_CHECKS:
        settings->checks = false;
        return;
    case OPT_UNSIGNED:
        settings->unsigned_allowed = true;
        return;
    case OPT_NO_ENCODING:
        settings->no_encoding = true;
        return;
    case OPT_COPY_MAX:
        settings->copy_bytes_max = number_option(value);
        return;
    case OPT_PART_MIN:
        settings->part_bytes_min = number_option(value);
        return;
    case OPT_PAGE_MAX:
        settings->page_max = number_option(value);
        return;
    case OPT_TOKEN:
        snprintf(wishes->token, sizeof(wishes->token), "%s", value);
        return;
    case OPT_KINDS:
        fault_kinds_print();
        exit(0);
    case OPT_HELP:
        fputs(help, stdout);
        exit(0);
    default:
        fputs(help, stderr);
        exit(2);
    }
}

static void options_read(struct server *server, struct wishes *wishes, int count, char **arguments) {
    struct option table[ROWS + 1] = {0};
    for (size_t i = 0; i < ROWS; i++) {
        table[i] = (struct option){.name = rows[i].name, .has_arg = rows[i].argument, .val = (int)rows[i].choice};
    }
    for (int option = 0; (option = getopt_long(count, arguments, "", table, NULL)) != -1;) {
        option_take(server, wishes, option, optarg);
    }
    if (optind < count) {
        fail(arguments[optind], "is no option");
    }
}

static void random_token(char out[40]) {
    uint8_t bytes[16];
    if (getrandom(bytes, sizeof(bytes), 0) != sizeof(bytes)) {
        fail("getrandom", "gives no bytes");
    }
    hex_text(bytes, sizeof(bytes), out);
}

static void open_files_raise(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

int main(int count, char **arguments) {
    static struct server server = {.lock = PTHREAD_MUTEX_INITIALIZER,
                                   .settings = {.region = "us-east-1",
                                                .checks = true,
                                                .copy_bytes_max = (uint64_t)5 << 30,
                                                .part_bytes_min = 5 << 20,
                                                .page_max = 1000}};
    struct wishes wishes = {0};
    digest_prepare();
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    signal(SIGPIPE, SIG_IGN);
    open_files_raise();
    options_read(&server, &wishes, count, arguments);
    if (!blob_prepare(wishes.folder)) {
        fail("--folder", "no file can be made");
    }
    if (!server.accounts_count) {
        server_account(&server, "hawser", "hawser-secret", NULL, false);
    }
    if (!*wishes.token) {
        random_token(wishes.token);
    }
    control_prepare(wishes.token);
    server.trap_port = service_listen(&server, 0, false, serve_trap);
    unsigned control = service_listen(&server, 0, false, serve_control);
    server.port = service_listen(&server, wishes.port, server.tls, serve_s3);
    if (!server.trap_port || !control || !server.port) {
        fail("listen", "the port cannot be had");
    }
    printf("{\"url\":\"%s://127.0.0.1:%u\",\"control\":\"http://127.0.0.1:%u/%s\",\"trap\":\"http://127.0.0.1:%u\"}\n",
           server.tls ? "https" : "http", server.port, control, wishes.token, server.trap_port);
    fflush(stdout);
    for (;;) {
        pause();
    }
}

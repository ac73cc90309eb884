# SPDX-License-Identifier: Apache-2.0
"""What `convert` does with sources over http and https where servers fail, lie or know little, and
where a service is away for a while.

The rows of faults are those of s3_cases: its S3 server is a web server too, with ranges and strong
ETags, and its faults take both away. Each address has a query, which is a secret.
"""

import contextlib
import functools
import http.server
import shutil
import ssl
import subprocess
import threading
import time

import harness
import s3_cases
import s3_faults
import s3_server
from harness import Row
from s3_cases import CHANGED, EVER, ONCE, SECRET, rows_of
from support import write


def _table():
    silent = {"says": ()}
    yield from rows_of("web", "GetObject", EVER, 0, "200-ignores-range no-etag no-validators weak-etag times-only whole-chunked gzip-on-the-fly no-length informational-few headers-many")
    yield from rows_of("web-large", "GetObject", EVER, 0, "200-ignores-range no-etag no-validators weak-etag times-only whole-chunked gzip-on-the-fly")
    yield from rows_of("web-merge", "GetObject", EVER, 0, "200-ignores-range no-validators whole-chunked", requests=100)
    yield from rows_of("web", "GetObject", EVER, 4, "html-200 brotli", **silent)
    yield from rows_of("web", "GetObject", EVER, {4, 6}, "html-200-etag html-206 error-200 error-200-etag", **silent)
    yield from rows_of("web", "GetObject", EVER, 1, "204 202 500 501 503 429 400 closed closed-in-head closed-in-middle rst rst-in-middle", **silent)
    yield from rows_of("web", "GetObject", EVER, 1, "shorter-than-said chunked-cut whole-cut range-shifted range-longer range-garbage 206-without-range stall", **silent)
    yield from rows_of("web-large", "GetObject", EVER, 1, "whole-cut", **silent)
    yield from rows_of("web", "GetObject", EVER, 5, "403 403-html moved-in-circles moved-to-file moved-with-user", **silent)
    yield from rows_of("web", "GetObject", EVER, 6, "404 404-bucket")
    yield from rows_of("web", "GetObject", ONCE, 0, "500 503 429 retry-after closed closed-in-head rst moved stall")
    yield from rows_of("web-large", "GetObject", "4", 0, "500 503 closed-in-middle rst-in-middle shorter-than-said range-shifted moved", requests=100)
    yield from rows_of("web-large", "GetObject", "2", 0, "whole-cut 500 closed-in-middle", requests=100)
    yield from rows_of("web-large", "GetObject", "4-", CHANGED, "other-etag no-etag range-other-total 412 416", **silent)
    yield from rows_of("web-large", "GetObject", "4-", 1, "200-ignores-range html-200 500 closed-in-middle shorter", **silent)


# ------ a service that is away


def _away(context, folder, seconds, row):
    """The S3 server goes after some requests, and comes back on its port."""
    store = s3_server.Store(page_objects=10)
    for name, body in s3_cases.RAW.items():
        store.put("source", name, body)
    servers = []

    def restart():
        servers[0].close()
        time.sleep(seconds)
        servers.append(s3_server.Server(store, kinds=s3_faults.KINDS, port=servers[0].port))

    def hook(when, _):
        if stopper.ident and len(servers) == 1:
            raise ConnectionResetError  # nobody is served who was in the middle
        if when == "after" and servers[0].requests == row:
            stopper.start()

    stopper = threading.Thread(target=restart, daemon=True)
    servers.append(s3_server.Server(store, kinds=s3_faults.KINDS, hook=hook))
    env = harness.environment(
        AWS_ACCESS_KEY_ID="AKIDHAWSERFAULTS", AWS_SECRET_ACCESS_KEY=SECRET, AWS_REGION="us-east-1", AWS_ENDPOINT_URL_S3=servers[0].url, HOME=str(folder)
    )
    done = harness.call([context.tool, "convert", "s3://source/raw/", f"{folder}/out/", "--to", "csv", "--log", "warn"], 90, env)
    assert stopper.ident, f"the server did not go: {done.err[-300:]}"
    stopper.join(60)
    for server in servers:
        with contextlib.suppress(OSError):
            server.close()
    assert len(servers) == 2, "the server did not come back"
    assert "request.retry" in done.err, f"no request failed, so the row proves nothing: {done.err[-300:]}"
    assert done.code == 0, f"exit {done.code}: {done.err[-600:]}"
    assert done.seconds > seconds, f"done in {done.seconds:.1f} s, so the row proves nothing"
    for name, body in s3_cases.MANY.items():
        assert (folder / "out" / name).read_bytes() == body, name
    return f"away for {seconds} s, done in {done.seconds:.1f} s"


# ------ TLS


class _Handler(http.server.SimpleHTTPRequestHandler):
    target = ""

    def do_GET(self):
        if not self.path.startswith("/moved"):
            return super().do_GET()
        self.send_response(302)
        self.send_header("Location", self.target)
        self.send_header("Content-Length", "0")
        self.end_headers()
        return None

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def _serving(root, context=None):
    """A web server without ranges over a folder; with a context, by TLS."""
    handler = type("Handler", (_Handler,), {})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(handler, directory=str(root)))
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_address[1], handler
    finally:
        server.shutdown()
        server.server_close()


def _tls(context, folder):
    if not shutil.which("openssl"):
        raise harness.Skipped("openssl is not here, which makes the certificate")
    write(folder / "web/a.csv", s3_cases.SMALL)
    pem, key = folder / "ca.pem", folder / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", pem],
        check=True, capture_output=True,
    )
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(pem, key)
    out = folder / "out"
    with _serving(folder / "web", tls) as (port, secure), _serving(folder / "web") as (plain_port, plain):

        def run(address, **env):
            shutil.rmtree(out, ignore_errors=True)
            command = [context.tool, "convert", address, f"{out}/", "--to", "csv", "--retry-for", "1s"]
            return harness.call(command, 20, harness.environment(HOME=str(folder), **env))

        https, http_ = f"https://127.0.0.1:{port}", f"http://127.0.0.1:{plain_port}"
        secure.target, plain.target = f"{http_}/a.csv?sig={SECRET}", f"{https}/a.csv?sig={SECRET}"
        trusted = {"AWS_CA_BUNDLE": str(pem)}
        rows = (
            ("the certificate is not known", f"{https}/a.csv", {}, 1, "not trusted"),
            ("it is", f"{https}/a.csv", trusted, 0, ""),
            ("from https to http", f"{https}/moved.csv", trusted, 5, "from https to http is not followed"),
            ("from http to https", f"{http_}/moved.csv", trusted, 0, f"note: {http_}/moved.csv: a redirect has led to {https}/a.csv?..."),
        )
        for name, address, env, code, says in rows:
            done = run(address, **env)
            assert done.code == code, f"{name}: exit {done.code}, want {code}: {done.err[-400:]}"
            assert says in done.err, f"{name}: stderr does not say {says!r}: {done.err[-400:]}"
            assert SECRET not in done.err, f"{name}: the secret is printed: {done.err[-400:]}"
            made = [p.read_bytes() for p in out.glob("*.csv")] if out.exists() else []
            assert made == ([s3_cases.SMALL] if code == 0 else []), f"{name}: {len(made)} outputs"
    return f"{len(rows)} runs"


def prepare():
    s3_cases.prepare()


def rows():
    found = [Row(case.name, functools.partial(s3_cases.run, case), case.long) for case in _table()]
    for seconds, row, long in ((0.5, 8, False), (2, 12, True), (30, 8, True)):
        found.append(Row(f"a service that is away for {seconds} s", lambda c, f, s=seconds, r=row: _away(c, f, s, r), long))
    found.append(Row("https with a certificate of one's own", _tls))
    return found

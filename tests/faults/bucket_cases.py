# SPDX-License-Identifier: Apache-2.0
"""Directory buckets and access points: what the tool sends there, to a server that proves each
signature and refuses what S3 Express refuses.
"""

import base64
import datetime
import urllib.parse

import harness
import s3_server
import signatures
from s3_server import Refusal, Reply, xml
from support import write

KEY_ID, SECRET, TOKEN = "AKIDHAWSERROWS", "secret/of+the/rows", "token/of+the/rows=="
DIRECTORY = "lake--use1-az4--x-s3"
REGION = "us-east-1"
SECONDS_MAX = 60
PAGE_OBJECTS = 7
EARLY_REQUESTS = 8  # of a session that ends early


def table(rows, start=0):
    return b"id,name\n" + b"".join(b"%d,name %d\n" % (i, i * 7919 % 100_000) for i in range(start, start + rows))


class Signed(s3_server.Store):
    """Buckets whose requests are signed in one way."""

    def __init__(self, scope, algorithm=signatures.V4):
        super().__init__(page_objects=PAGE_OBJECTS)
        self.scope, self.algorithm = scope, algorithm
        self.faults = []

    def keys_of(self, request):
        """The id, the secret and the token that a request must have, and the header of the token."""
        return KEY_ID, SECRET, TOKEN, "x-amz-security-token"

    def admit(self, request):
        key_id, secret, token, header = self.keys_of(request)
        fault = signatures.fault_of(request, key_id, secret, self.scope, self.algorithm)
        if not fault and request.headers.get(header) != token:
            fault = f"{header} is {request.headers.get(header)}"
        if not fault and self.algorithm == signatures.V4A and request.headers.get("x-amz-region-set") != "*":
            fault = "there is no region set"
        if fault:
            self.faults.append(f"{request.operation}: {fault}")
            raise Refusal(403, "SignatureDoesNotMatch", fault)

    def perform(self, request):
        try:
            self.admit(request)
        except Refusal as refusal:
            reply = s3_server.error_reply(refusal.status, refusal.code, refusal.message)
            reply.bodiless = request.method == "HEAD"
            return reply
        return super().perform(request)


class Directory(Signed):
    """A directory bucket: sessions, listings of folders alone and in no order."""

    def __init__(self, read_only=False, ends_early=False):
        super().__init__(f"{REGION}/s3express")
        self.read_only, self.ends_early = read_only, ends_early
        self.sessions = self.used = 0

    def keys_of(self, request):
        if request.operation == "CreateSession":
            return super().keys_of(request)
        return f"ASIA{self.sessions}", f"secret {self.sessions}", f"session-{self.sessions}", "x-amz-s3session-token"

    def admit(self, request):
        if request.operation != "CreateSession":
            self.used += 1
            ended = self.ends_early and self.sessions == 1 and self.used > EARLY_REQUESTS
            if ended or request.headers.get("x-amz-s3session-token") in [f"session-{n}" for n in range(1, self.sessions)]:
                raise Refusal(400, "ExpiredToken")
        super().admit(request)

    def _CreateSession(self, request):
        if self.read_only and request.headers["x-amz-create-session-mode"] != "ReadOnly":
            raise Refusal(403, "AccessDenied")
        self.sessions += 1
        self.used = 0
        end = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=5)
        inner = f"<SessionToken>session-{self.sessions}</SessionToken><SecretAccessKey>secret {self.sessions}</SecretAccessKey>"
        inner += f"<AccessKeyId>ASIA{self.sessions}</AccessKeyId><Expiration>{end:%Y-%m-%dT%H:%M:%SZ}</Expiration>"
        return Reply(200, [], xml("CreateSessionResult", f"<Credentials>{inner}</Credentials>"))

    def _ListObjectsV2(self, request):
        query, prefix = request.query, request.query.get("prefix", "")
        if prefix and not prefix.endswith("/"):
            raise Refusal(400, "InvalidRequest", "a prefix ends in /")
        keys = sorted((k for k in self.buckets[request.bucket] if k.startswith(prefix)), reverse=True)
        start = int(base64.b64decode(query["continuation-token"])) if "continuation-token" in query else 0
        page, more = keys[start : start + PAGE_OBJECTS], len(keys) > start + PAGE_OBJECTS
        inner = f"<IsTruncated>{str(more).lower()}</IsTruncated><EncodingType>url</EncodingType>"
        if more:
            inner += f"<NextContinuationToken>{base64.b64encode(str(start + PAGE_OBJECTS).encode()).decode()}</NextContinuationToken>"
        for key in page:
            found = self.buckets[request.bucket][key]
            inner += f"<Contents><Key>{urllib.parse.quote(key)}</Key><LastModified>{s3_server.MODIFIED}</LastModified>"
            inner += f"<ETag>{found.etag}</ETag><Size>{found.size}</Size></Contents>"
        return Reply(200, [], xml("ListBucketResult", inner))

    def put(self, bucket, key, data):
        found = super().put(bucket, key, data)
        found.etag = f'"{base64.b16encode(key.encode()).decode()[:32]}"'  # no MD5
        return found


class AccessPoint(Signed):
    """An access point, whose name stands before that of the server."""

    def perform(self, request):
        request.bucket = request.headers["host"].partition(".localhost")[0]
        request.key = urllib.parse.unquote(request.path).removeprefix("/")
        request.operation = s3_server.operation_of(request.method, request.key, request.query)
        return super().perform(request)


FILES = {f"raw/{i:02d} b.csv": table(50, i * 100) for i in range(20)}


def convert(context, store, url, *arguments):
    """Runs a conversion and fails where a request was signed otherwise than it should be."""
    environment = harness.environment(
        AWS_ACCESS_KEY_ID=KEY_ID, AWS_SECRET_ACCESS_KEY=SECRET, AWS_SESSION_TOKEN=TOKEN, AWS_REGION=REGION, AWS_ENDPOINT_URL_S3=url
    )
    done = harness.call([context.tool, "convert", *arguments, "--to", "csv"], SECONDS_MAX, environment)
    assert not store.faults, store.faults[:3]
    harness.ended(done, {0}, SECONDS_MAX)
    for secret in (SECRET, TOKEN, "secret 1"):
        assert secret not in done.out + done.err, f"a secret is told: {done.err[-300:]}"


def bodies(folder):
    return {path.name: path.read_bytes() for path in folder.glob("*.csv")}


def down(make_store, bucket, host="127.0.0.1", prefix="raw/", name=None):
    """Sources of a bucket become local files; they come in pages."""

    def run(context, folder):
        store = make_store()
        for key, body in FILES.items():
            store.put(name or bucket, key, body)
        with s3_server.Server(store) as server:
            convert(context, store, server.url.replace("127.0.0.1", host), f"s3://{bucket}/{prefix}", f"{folder}/out/")
        want = {key.removeprefix("raw/"): body for key, body in FILES.items()}
        assert bodies(folder / "out") == want, sorted(bodies(folder / "out"))
        sessions = getattr(store, "sessions", 0)
        assert sessions == (2 if getattr(store, "ends_early", False) else isinstance(store, Directory)), f"{sessions} sessions"
        return f"{server.requests} requests"

    return run


def up(make_store, bucket, host="127.0.0.1", name=None):
    """Local files become objects, a large one in parts; a second run finds them."""

    def run(context, folder):
        store = make_store()
        large = table(320_000)
        write(folder / "in/a.csv", large)
        write(folder / "in/b c.csv", table(10))
        with s3_server.Server(store) as server:
            for _ in range(2):
                convert(context, store, server.url.replace("127.0.0.1", host), f"{folder}/in/", f"s3://{bucket}/clean/")
        stored = store.buckets[name or bucket]
        assert stored["clean/a.csv"].body == large and stored["clean/b c.csv"].body == table(10), sorted(stored)
        assert server.counts["CompleteMultipartUpload"] == 1 and not store.open_uploads(), server.counts
        return f"{server.requests} requests"

    return run


PLAIN = "arn:aws:s3:us-west-2:123456789012:accesspoint/name"
OUTPOST = "arn:aws:s3-outposts:us-west-2:123456789012:outpost/op-1/accesspoint/name"


def plain():
    return AccessPoint("us-west-2/s3")


def several():
    return AccessPoint("s3-outposts", signatures.V4A)


def rows():
    return [
        harness.Row("directory bucket, down", down(Directory, DIRECTORY)),
        harness.Row("directory bucket, up", up(Directory, DIRECTORY)),
        harness.Row("directory bucket, glob", down(Directory, DIRECTORY, prefix="raw/* b.csv")),
        harness.Row("directory bucket, for reading alone", down(lambda: Directory(read_only=True), DIRECTORY)),
        harness.Row("directory bucket, a session that ends early", down(lambda: Directory(ends_early=True), DIRECTORY)),
        harness.Row("access point, down", down(plain, PLAIN, "localhost", name="name-123456789012")),
        harness.Row("access point, up", up(plain, PLAIN, "localhost", name="name-123456789012")),
        harness.Row("signed for several regions, down", down(several, OUTPOST, "localhost", name="name-123456789012.op-1")),
        harness.Row("signed for several regions, up", up(several, OUTPOST, "localhost", name="name-123456789012.op-1")),
    ]

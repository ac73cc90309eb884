# SPDX-License-Identifier: Apache-2.0
"""The kinds of faults that s3_server plays: what each does to a reply, and whether the work is done
before.
"""

import base64
import dataclasses
import gzip
import re

from s3_server import REQUEST_ID, Reply, error_reply, xml

HTML = b"<!DOCTYPE html><html><head><title>Sign in</title></head><body>Welcome to the guest network</body></html>"


@dataclasses.dataclass(frozen=True)
class Kind:
    change: object  # change(reply, request, server)
    works: bool = True  # what was asked for is done first; there is nothing to change else


KINDS = {}


def kind(name, works=True):
    def add(change):
        KINDS[name] = Kind(change, works)
        return change

    return add


def become(reply, other):
    """The reply is another one; a HEAD still has no body."""
    bodiless = reply.bodiless
    for field in dataclasses.fields(Reply):
        setattr(reply, field.name, getattr(other, field.name))
    reply.bodiless = bodiless


# ------ refused, in every way

for _name, _status, _code in (
    ("500", 500, "InternalError"),
    ("503", 503, "ServiceUnavailable"),
    ("slow-down", 503, "SlowDown"),
    ("400", 400, "InvalidRequest"),
    ("403", 403, "AccessDenied"),
    ("404", 404, "NoSuchKey"),
    ("404-bucket", 404, "NoSuchBucket"),
    ("404-upload", 404, "NoSuchUpload"),
    ("409", 409, "ConditionalRequestConflict"),
    ("412", 412, "PreconditionFailed"),
    ("416", 416, "InvalidRange"),
    ("429", 429, "TooManyRequests"),
    ("bad-digest", 400, "BadDigest"),
    ("501", 501, "NotImplemented"),
):
    KINDS[_name] = Kind(lambda reply, *_, s=_status, c=_code: become(reply, error_reply(s, c)), works=False)
    KINDS[_name + "-after-work"] = Kind(lambda reply, *_, s=_status, c=_code: become(reply, error_reply(s, c)))

@kind("204")
def _(reply, *_):
    reply.status, reply.body = 204, b""


for _status in (201, 202, 203, 204, 206, 299):
    KINDS[f"{_status}-with-nothing-done"] = Kind(lambda reply, *_, s=_status: setattr(reply, "status", s), works=False)
    KINDS.setdefault(str(_status), Kind(lambda reply, *_, s=_status: setattr(reply, "status", s)))

for _status in (301, 302, 307, 308):

    def _redirect(reply, request, server, status=_status):
        where = f"http://127.0.0.1:{server.trap_port}{request.path}"
        become(reply, Reply(status, [("Location", where), ("x-amz-request-id", REQUEST_ID)]))

    KINDS[f"redirect-{_status}"] = Kind(_redirect, works=False)


@kind("redirect-region", works=False)
def _(reply, request, server):
    become(reply, error_reply(301, "PermanentRedirect"))
    reply.set("x-amz-bucket-region", f"evil@127.0.0.1:{server.trap_port}/")


@kind("403-echoes-token", works=False)
def _(reply, request, server):
    token = request.headers.get("x-amz-security-token", "none came")
    become(reply, error_reply(403, "AccessDenied", f"the token {token} of {request.headers.get('authorization')} may not do this"))


@kind("error-echoes-token-200", works=False)
def _(reply, request, server):
    become(reply, error_reply(200, "InternalError", f"the token {request.headers.get('x-amz-security-token')}"))


@kind("403-html", works=False)
def _(reply, *_):
    become(reply, Reply(403, [("Content-Type", "text/html")], HTML))


# ------ a 200 that is none


@kind("html-200", works=False)
def _(reply, *_):
    become(reply, Reply(200, [("Content-Type", "text/html"), ("x-amz-request-id", REQUEST_ID)], HTML))


@kind("html-200-etag", works=False)
def _(reply, *_):
    become(reply, Reply(200, [("Content-Type", "text/html"), ("ETag", '"0cc175b9c0f1b6a831c399e269772661"'), ("x-amz-request-id", REQUEST_ID)], HTML))


@kind("html-206", works=False)
def _(reply, *_):
    headers = [("Content-Range", f"bytes 0-{len(HTML) - 1}/{len(HTML)}"), ("ETag", '"0cc175b9c0f1b6a831c399e269772661"')]
    become(reply, Reply(206, headers, HTML))


@kind("csv-200", works=False)
def _(reply, *_):
    """Another object that is a good table."""
    become(reply, Reply(200, [("x-amz-request-id", REQUEST_ID)], b"id,name\n7,other\n"))


@kind("error-200", works=False)
def _(reply, *_):
    become(reply, error_reply(200, "InternalError", "We encountered an internal error"))


@kind("error-200-etag", works=False)
def _(reply, *_):
    become(reply, error_reply(200, "InternalError", "We encountered an internal error"))
    reply.set("ETag", '"0cc175b9c0f1b6a831c399e269772661"')


@kind("empty-200", works=False)
def _(reply, *_):
    become(reply, Reply(200, [("x-amz-request-id", REQUEST_ID)]))


@kind("empty-200-after-work")
def _(reply, *_):
    become(reply, Reply(200, [("x-amz-request-id", REQUEST_ID)]))


@kind("200-ignores-range")
def _(reply, request, server):
    """Allowed: a service that does no ranges sends all of it."""
    found = server.store.buckets[request.bucket][request.key]
    become(reply, Reply(200, [("ETag", found.etag)], found.read(0, found.size)))


# ------ what a reply tells of the object


@kind("no-etag")
def _(reply, *_):
    reply.drop("ETag", "x-amz-checksum-crc64nvme")
    reply.body = re.sub(rb"<ETag>.*?</ETag>|<ChecksumCRC64NVME>.*?</ChecksumCRC64NVME>", b"", reply.body) if reply.body.startswith(b"<?xml") else reply.body


@kind("other-etag")
def _(reply, *_):
    reply.set("ETag", '"92eb5ffee6ae2fec3ad71c777531578f"')


@kind("long-etag")
def _(reply, *_):
    reply.set("ETag", '"' + "a" * 5000 + '"')


@kind("other-checksum")
def _(reply, *_):
    if reply.header("x-amz-checksum-crc64nvme"):
        reply.set("x-amz-checksum-crc64nvme", base64.b64encode(b"\x01" * 8).decode())
    reply.body = re.sub(rb"(<ChecksumCRC64NVME>).*?<", rb"\1AQEBAQEBAQE=<", reply.body) if reply.body.startswith(b"<?xml") else reply.body


@kind("no-length")
def _(reply, *_):
    reply.length, reply.end = "", "close"


@kind("length-garbage")
def _(reply, *_):
    reply.length = "12x"


@kind("length-negative")
def _(reply, *_):
    reply.length = "-1"


@kind("size-other")
def _(reply, *_):
    reply.length = str(max(0, int(reply.length or len(reply.body)) - 7))


@kind("size-huge")
def _(reply, *_):
    reply.length = str(2**63)


# ------ ranges and bytes


def _range(reply):
    found = re.fullmatch(r"bytes (\d+)-(\d+)/(\d+)", reply.header("Content-Range") or "")
    return [int(n) for n in found.groups()] if found else None


def _lies(change):
    def do(reply, *_):
        span = _range(reply)
        if span:
            reply.set("Content-Range", change(*span))

    return do


KINDS["range-shifted"] = Kind(_lies(lambda a, b, n: f"bytes {a + 1}-{b + 1}/{n + 2}"))
KINDS["range-longer"] = Kind(_lies(lambda a, b, n: f"bytes {a}-{b + 5}/{n + 5}"))
KINDS["range-other-total"] = Kind(_lies(lambda a, b, n: f"bytes {a}-{b}/{n + 1000}"))
KINDS["range-total-is-less"] = Kind(_lies(lambda a, b, n: f"bytes {a}-{b}/{b}"))
KINDS["range-unknown-total"] = Kind(_lies(lambda a, b, n: f"bytes {a}-{b}/*"))
KINDS["range-garbage"] = Kind(_lies(lambda a, b, n: "bytes all"))


@kind("206-without-range")
def _(reply, *_):
    reply.status = 206
    reply.drop("Content-Range")


@kind("other-range")
def _(reply, *_):
    """Good lines of the right length, in another order: nothing but a checksum tells."""
    lines = reply.body.splitlines(keepends=True)
    reply.body = b"".join([*lines[:1], *reversed(lines[1:])]) if len(lines) > 3 else reply.body


@kind("flipped-bit")
def _(reply, *_):
    """One bit of a digit in the middle: 2 becomes 3. Nothing but a checksum tells."""
    at = next((i for i in range(len(reply.body) // 2, len(reply.body)) if reply.body[i : i + 1].isdigit()), None)
    if at is not None:
        reply.body = reply.body[:at] + bytes([reply.body[at] ^ 1]) + reply.body[at + 1 :]


@kind("zeros")
def _(reply, *_):
    reply.body = bytes(len(reply.body))


@kind("shorter")
def _(reply, *_):
    """Half of the bytes, and the length says so."""
    reply.body = reply.body[: len(reply.body) // 2]


@kind("shorter-than-said")
def _(reply, *_):
    reply.length, reply.end = str(len(reply.body)), "close"
    reply.body = reply.body[: len(reply.body) // 2]


@kind("longer")
def _(reply, *_):
    reply.body += b"8,more\n"


@kind("longer-than-said")
def _(reply, *_):
    reply.length = str(len(reply.body))
    reply.body += b"8,more\n"


# ------ what web servers do


def _moved(name, where):
    def change(reply, request, server):
        become(reply, Reply(302, [("Location", where(request, server))]))

    KINDS[name] = Kind(change, works=False)


_moved("moved-in-circles", lambda request, server: f"{request.path}?sig=in-circles")
_moved("moved-to-file", lambda request, server: "file:///etc/passwd")
_moved("moved-with-user", lambda request, server: f"http://somebody:else@127.0.0.1:{server.port}{request.path}")
_moved("moved", lambda request, server: f"http://127.0.0.1:{server.port}{request.path}?sig=moved")


@kind("no-validators")
def _(reply, *_):
    reply.drop("ETag", "Last-Modified", "x-amz-checksum-crc64nvme")


@kind("weak-etag")
def _(reply, *_):
    reply.drop("Last-Modified")
    reply.set("ETag", 'W/"weak"')


@kind("times-only")
def _(reply, *_):
    reply.drop("ETag")
    reply.set("Last-Modified", "Thu, 01 Jan 2026 03:04:05 GMT")


@kind("gzip-on-the-fly")
def _(reply, request, server):
    """The server packs what it sends, and tells no length of it before its end."""
    found = server.store.buckets[request.bucket][request.key]
    packed = gzip.compress(found.read(0, found.size), 1)
    body = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in (packed[at : at + 60_000] for at in range(0, len(packed), 60_000)))
    become(reply, Reply(200, [("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked")], body + b"0\r\n\r\n", length=""))


@kind("brotli")
def _(reply, *_):
    reply.set("Content-Encoding", "br")


@kind("whole-chunked")
def _(reply, request, server):
    found = server.store.buckets[request.bucket][request.key]
    body = found.read(0, found.size)
    pieces = b"".join(b"%x\r\n%s\r\n" % (len(body[at : at + 60_000]), body[at : at + 60_000]) for at in range(0, len(body), 60_000))
    become(reply, Reply(200, [("Transfer-Encoding", "chunked")], pieces + b"0\r\n\r\n", length=""))


@kind("whole-cut")
def _(reply, request, server):
    found = server.store.buckets[request.bucket][request.key]
    body = found.read(0, found.size)
    become(reply, Reply(200, [], body[: len(body) * 2 // 3], length=str(len(body)), end="close"))


@kind("retry-after", works=False)
def _(reply, *_):
    become(reply, Reply(503, [("Retry-After", "1")], b"busy"))


# ------ the connection


def _ends(name, works, **fields):
    def change(reply, *_):
        for field, value in fields.items():
            setattr(reply, field, value(reply) if callable(value) else value)

    KINDS[name] = Kind(change, works)


def _half(reply):
    return -(len(reply.body) // 2) - 1 if not reply.bodiless and reply.body else 40


_ends("closed", False, cut=0, end="close")
_ends("closed-after-work", True, cut=0, end="close")
_ends("closed-in-head", True, cut=40, end="close")
_ends("closed-in-middle", True, cut=_half, end="close")
_ends("rst", False, cut=0, end="rst")
_ends("rst-after-work", True, cut=0, end="rst")
_ends("rst-in-middle", True, cut=_half, end="rst")
_ends("stall", False, cut=0, end="stall")
_ends("stall-after-work", True, cut=0, end="stall")
_ends("stall-in-middle", True, cut=_half, end="stall")
_ends("loris-2", True, rate=2, rate_of_body=True)
_ends("loris-50", True, rate=50, rate_of_body=True)
_ends("loris-50-head", True, rate=50)


@kind("informational-few")
def _(reply, *_):
    """Allowed: a client passes over them."""
    reply.before = (b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n",) * 5


@kind("informational-flood")
def _(reply, *_):
    reply.before = (b"HTTP/1.1 103 Early Hints\r\nLink: </%s>\r\n\r\n" % (b"x" * 1000) for _ in range(300_000))
    reply.end = "close"


@kind("headers-many")
def _(reply, *_):
    """Allowed: 60 KB of them."""
    reply.headers += [(f"x-more-{i}", "y" * 1000) for i in range(60)]


@kind("headers-endless")
def _(reply, *_):
    line = b"x-more: " + b"y" * 1000 + b"\r\n"
    reply.before = (b"HTTP/1.1 200 OK\r\n" if not i else line for i in range(300_000))
    reply.end = "close"


def _chunks(body, step=1000):
    return b"".join(b"%x\r\n%s\r\n" % (len(body[i : i + step]), body[i : i + step]) for i in range(0, len(body), step))


@kind("chunked")
def _(reply, *_):
    """Allowed: the same bytes in chunks."""
    if not reply.bodiless:
        reply.body, reply.length = _chunks(reply.body) + b"0\r\n\r\n", ""
        reply.set("Transfer-Encoding", "chunked")


@kind("chunked-cut")
def _(reply, *_):
    """Whole chunks, but the last one never comes."""
    reply.body, reply.length, reply.end = _chunks(reply.body), "", "close"
    reply.set("Transfer-Encoding", "chunked")


@kind("chunked-garbage")
def _(reply, *_):
    reply.body, reply.length, reply.end = b"zz\r\n" + reply.body, "", "close"
    reply.set("Transfer-Encoding", "chunked")


@kind("not-http", works=False)
def _(reply, *_):
    reply.before, reply.cut, reply.end = (b"220 mail.example.org ESMTP\r\n",), 0, "close"


# ------ what is stored


@kind("stored-other-bytes")
def _(reply, request, server):
    """A bit flips on the way up, and the service tells the checksum of what it keeps."""
    body = bytearray(request.body)
    body[len(body) // 2] ^= 1
    if "partNumber" in request.query:
        upload = server.store.uploads[request.query["uploadId"]]
        found = upload.parts[int(request.query["partNumber"])]
    else:
        found = server.store.buckets[request.bucket][request.key]
    kept = server.store.put("elsewhere", "x", bytes(body))
    found.body, found.etag, found.crc = kept.body, kept.etag, kept.crc
    reply.set("ETag", kept.etag)
    reply.set("x-amz-checksum-crc64nvme", kept.crc)


@kind("stored-nothing", works=False)
def _(reply, request, server):
    """It says that it keeps an empty object."""
    reply.set("ETag", '"d41d8cd98f00b204e9800998ecf8427e"')
    reply.set("x-amz-checksum-crc64nvme", "AAAAAAAAAAA=")


# ------ XML


@kind("garbage-xml", works=False)
def _(reply, *_):
    become(reply, Reply(200, [("Content-Type", "application/xml"), ("x-amz-request-id", REQUEST_ID)], b"\x00\xff<<<&&>"))


@kind("deep-xml", works=False)
def _(reply, *_):
    become(reply, Reply(200, [("x-amz-request-id", REQUEST_ID)], b"<ListBucketResult>" + b"<a>" * 200_000))


@kind("entity-xml", works=False)
def _(reply, *_):
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + b"".join(b'<!ENTITY a%d "%s">' % (i, b"&a%s;" % (b"%d" % (i - 1) if i else b"") * 10) for i in range(12)) + b"]>"
    become(reply, Reply(200, [("x-amz-request-id", REQUEST_ID)], bomb + b"<ListBucketResult><Name>&a11;</Name></ListBucketResult>"))


@kind("wrong-root", works=False)
def _(reply, *_):
    become(reply, Reply(200, [("x-amz-request-id", REQUEST_ID)], xml("ListAllMyBucketsResult", "<Owner><ID>x</ID></Owner>")))


@kind("truncated-xml")
def _(reply, *_):
    reply.body = reply.body[: len(reply.body) * 2 // 3]


def _in_xml(name, pattern, into):
    """A change of the text of an XML reply."""

    def change(reply, request, server):
        reply.body = re.sub(pattern, into, reply.body)

    KINDS[name] = Kind(change)


_in_xml("truncated-upper", rb"<IsTruncated>true", rb"<IsTruncated>TRUE")
_in_xml("truncated-one", rb"<IsTruncated>true", rb"<IsTruncated>1")
_in_xml("truncated-missing", rb"<IsTruncated>.*?</IsTruncated>", b"")
_in_xml("truncated-empty", rb"<IsTruncated>true", rb"<IsTruncated>")
_in_xml("truncated-false", rb"<IsTruncated>true", rb"<IsTruncated>false")
_in_xml("token-missing", rb"<NextContinuationToken>.*?</NextContinuationToken>", b"")
_in_xml("no-keys", rb"<Key>.*?</Key>", b"")
_in_xml("no-sizes", rb"<Size>.*?</Size>", b"")
_in_xml("sizes-negative", rb"<Size>", rb"<Size>-")
_in_xml("sizes-other", rb"<Size>", rb"<Size>1")
_in_xml("sizes-huge", rb"<Size>", rb"<Size>99999999999999999999")
_in_xml("etags-other", rb"<ETag>", rb"<ETag>x")
_in_xml("key-outside", rb"<Key>raw/", rb"<Key>secret/")
_in_xml("key-shorter", rb"<Key>raw/[^<]*</Key>(?=(?:(?!<Key>).)*$)", rb"<Key>ra</Key>")
_in_xml("key-with-nul", rb"<Key>raw/", rb"<Key>raw/%00")
_in_xml("key-climbs", rb"<Key>raw/", rb"<Key>raw/../../")
_in_xml("keys-twice", rb"(<Contents>.*?</Contents>)", rb"\1\1")
_in_xml("no-upload-id", rb"<UploadId>.*?</UploadId>", b"<UploadId></UploadId>")
_in_xml("long-upload-id", rb"<UploadId>.*?</UploadId>", b"<UploadId>" + b"u" * 100_000 + b"</UploadId>")


@kind("token-loops")
def _(reply, *_):
    reply.body = re.sub(rb"<IsTruncated>.*?</IsTruncated>", b"<IsTruncated>true</IsTruncated><NextContinuationToken>cmF3Lw==</NextContinuationToken>",
                        re.sub(rb"<NextContinuationToken>.*?</NextContinuationToken>", b"", reply.body))


@kind("empty-pages")
def _(reply, request, server):
    """No object, and always another page."""
    token = base64.b64encode(b"raw/%09d" % request.number)
    become(reply, Reply(200, [("x-amz-request-id", REQUEST_ID)], xml("ListBucketResult", f"<IsTruncated>true</IsTruncated><NextContinuationToken>{token.decode()}</NextContinuationToken>")))


@kind("keys-falling")
def _(reply, *_):
    found = re.findall(rb"<Contents>.*?</Contents>", reply.body)
    reply.body = re.sub(rb"<Contents>.*</Contents>", lambda _: b"".join(reversed(found)), reply.body)

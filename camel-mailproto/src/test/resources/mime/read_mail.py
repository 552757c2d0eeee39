"""Prints what Python's email package makes of messages, one fact a line, as MailFacts.java does.

Usage: read_mail.py < message, or read_mail.py FOLDER OUTPUT to write OUTPUT/name.txt for each FOLDER/name.eml
"""
import email
import email.header
import email.policy
import hashlib
import json
import os
import re
import sys

POLICY = email.policy.compat32.clone(linesep="\r\n")


def decoded_header(raw):
    """One header value: unfolded, encoded words decoded, raw octets read as UTF-8 or windows-1252."""
    text = raw.replace("\r\n", "").replace("\n", "").replace("\r", "").strip(" \t")
    octets = text.encode("utf-8", "surrogateescape")
    try:
        text = octets.decode("utf-8")
    except UnicodeDecodeError:
        text = octets.decode("windows-1252", "replace")
    if "=?" not in text:
        return text
    pieces = []
    try:
        for value, charset in email.header.decode_header(text):
            if isinstance(value, str):
                pieces.append(value)
            elif charset is None:
                pieces.append(value.decode("raw-unicode-escape"))
            else:
                pieces.append(value.decode(charset, "replace"))
    except (LookupError, email.errors.HeaderParseError, ValueError) as e:
        return text
    return re.sub("[\r\n\0]", " ", "".join(pieces))


def file_name(part):
    name = part.get_filename()
    if name is None:
        return None
    name = decoded_header(str(name))
    name = re.split(r"[/\\]", name)[-1]
    name = re.sub("[\x00-\x1f\x7f-\x9f]", "", name).strip()
    return None if name in ("", ".", "..") else name


def text_of(part, octets):
    charset = part.get_content_charset()
    if charset is not None:
        try:
            text = octets.decode(charset)
            return text
        except UnicodeDecodeError:
            if charset != "us-ascii":
                return octets.decode(charset, "replace")
        except LookupError:
            pass
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError:
        return octets.decode("windows-1252", "replace")


def leaves(part):
    if part.get_content_maintype() == "multipart" and part.is_multipart():
        for child in part.get_payload():
            yield from leaves(child)
    else:
        yield part


def content(part):
    if part.get_content_maintype() == "multipart" and not part.is_multipart():
        return part.get_payload().encode("utf-8", "surrogateescape")
    if part.is_multipart():
        return b"".join(child.as_bytes(policy=POLICY) for child in part.get_payload())
    return part.get_payload(decode=True)


def facts(octets):
    message = email.message_from_bytes(octets, policy=POLICY)
    for name, value in message.raw_items():
        yield "header %s %s" % (name, json.dumps(decoded_header(str(value))))
    for part in leaves(message):
        found = content(part)
        name = file_name(part)
        yield "part %s %s %s %d %s" % (
            part.get_content_type(),
            json.dumps(name),
            json.dumps(part.get_content_disposition()),
            len(found),
            hashlib.sha256(found).hexdigest()[:16],
        )
        if part.get_content_maintype() == "text":
            yield "text %s" % json.dumps(text_of(part, found))


def main():
    if len(sys.argv) == 1:
        sys.stdout.write("\n".join(facts(sys.stdin.buffer.read())))
        return
    folder, output = sys.argv[1:]
    for name in sorted(os.listdir(folder)):
        if name.endswith(".eml"):
            with open(os.path.join(folder, name), "rb") as f:
                octets = f.read()
            with open(os.path.join(output, name + ".txt"), "w", encoding="ascii", newline="\n") as f:
                f.write("\n".join(facts(octets)))


main()

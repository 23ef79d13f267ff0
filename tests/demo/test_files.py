#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Several files as one capture, held against mergecap: sets that tcpdump and dumpcap write, folders,
formats and byte orders mixed, standard input; what cannot be read; and what files say beside their
packets, which is kept when they are saved.

  test_files.py PKTLADDER BENCH-GENERATE
"""
import json
import os
import shutil
import struct
import subprocess
import sys

from common import SOURCE, need, run, skip_part, work_folder

need("tshark", "mergecap", "editcap", "dumpcap", "tcpdump")
PROGRAM, GENERATE = (os.path.abspath(word) for word in sys.argv[1:3])
FOLDER = work_folder()
FOLDER.chmod(0o777)
CASES = SOURCE.parent / "shared" / "cases" / "captures"
failures = []


def expect(condition, message):
    if not condition:
        print(f"FAILED: {message}")
        failures.append(message)


def tool(*words, **more):
    return subprocess.run([str(word) for word in words], check=True, capture_output=True, **more).stdout


def frames(path):
    """Of each: time, bytes on the wire, the first bytes of its IP header's id and ports."""
    return tool("tshark", "-n", "-r", path, "-T", "fields", "-e", "frame.time_epoch", "-e", "frame.len",
                "-e", "ip.id", "-e", "tcp.seq_raw", "-e", "frame.encap_type").decode().splitlines()


def saved(*words, **more):
    out = FOLDER / "saved.pcapng"
    out.unlink(missing_ok=True)
    done = run(PROGRAM, "replay", *words, "-w", out, **more)
    return out, done.stderr.decode()


def same_as_merged(name, *files):
    """Frame by frame; where time stamps are the same, mergecap has the last file's first."""
    merged = FOLDER / "merged.pcapng"
    tool("mergecap", "-w", merged, *files)
    ours, theirs = frames(saved(*files)[0]), frames(merged)
    times = [line.split("\t")[0] for line in ours]
    expect(len(ours) == len(theirs) > 0, f"{name}: {len(ours)} frames, mergecap has {len(theirs)}")
    expect(times == [line.split("\t")[0] for line in theirs], f"{name}: the times are mergecap's")
    expect(sorted(ours) == sorted(theirs), f"{name}: the frames are mergecap's")


def swapped(path, out):
    """A pcap in the other byte order."""
    data = path.read_bytes()
    at, parts = 24, [struct.pack(">IHHiIII", *struct.unpack("<IHHiIII", data[:24]))]
    while at < len(data):
        head = struct.unpack("<IIII", data[at:at + 16])
        parts += [struct.pack(">IIII", *head), data[at + 16:at + 16 + head[2]]]
        at += 16 + head[2]
    out.write_bytes(b"".join(parts))
    return out


def check_sets(whole):
    rotated = FOLDER / "rotated"
    rotated.mkdir(mode=0o777)
    tool("tcpdump", "-r", whole, "-C", "1", "-w", rotated / "set",
         *(["-Z", "root"] if os.geteuid() == 0 else []))
    (rotated / "README").write_text("no capture\n")
    (rotated / "deeper").mkdir()
    files = sorted(rotated.glob("set*"))
    expect(len(files) >= 4, f"tcpdump -C made {len(files)} files")
    micro = FOLDER / "micro.pcap"
    tool("editcap", "-F", "pcap", whole, micro)
    alone = run(PROGRAM, "list", "--format", "tsv", micro).stdout
    for words in files, files[::-1], [rotated]:
        expect(run(PROGRAM, "list", "--format", "tsv", *words).stdout.count(b"\n") ==
               alone.count(b"\n"), f"as many conversations in {len(words)} words")
    expect(run(PROGRAM, "list", "--format", "tsv", rotated).stdout == alone,
           "the folder of a set is the file that it was")
    expect(b"files were read as one capture" in run(PROGRAM, "list", rotated).stderr,
           "it is said that there are several")
    same_as_merged("tcpdump -C", *files)

    ring = FOLDER / "ring"
    ring.mkdir(mode=0o777)
    with open(whole, "rb") as stdin:
        tool("dumpcap", "-q", "-i", "-", "-b", "filesize:1000", "-w", ring / "ring.pcapng", stdin=stdin)
    files = sorted(ring.glob("*.pcapng"))
    expect(len(files) >= 4, f"dumpcap -b made {len(files)} files")
    for file in files:
        file.chmod(0o644)
    same_as_merged("dumpcap -b", *files)


def check_kinds(whole):
    """Every third packet each: nanoseconds, the other byte order, pcapng, compressed, another link
    type; one by standard input."""
    parts = [FOLDER / f"part{i}.pcap" for i in range(3)]
    total = 300
    for i, part in enumerate(parts):
        tool("editcap", "-F", ["nsecpcap", "pcap", "pcapng"][i], "-r", whole, part,
             *[str(n) for n in range(1 + i, total, 3)])
    other = swapped(parts[1], FOLDER / "swapped.pcap")
    same_as_merged("three kinds", parts[0], other, parts[2])
    raw = FOLDER / "raw.pcapng"
    tool("editcap", "-T", "rawip", "-C", "14", "-F", "pcapng", parts[2], raw)
    same_as_merged("two link types", parts[0], raw)
    merged = frames(FOLDER / "merged.pcapng")
    tool("gzip", "-k", parts[0])
    with open(raw, "rb") as stdin:
        ours = frames(saved(f"{parts[0]}.gz", "-", stdin=stdin)[0])
    expect(sorted(ours) == sorted(merged), "compressed, and standard input")
    with open(raw, "rb") as file:
        cat = subprocess.Popen(["cat"], stdin=file, stdout=subprocess.PIPE)
        piped = frames(saved(parts[0], "-", stdin=cat.stdout)[0])
    expect(sorted(piped) == sorted(merged), "a pipe")
    figure = json.loads(run(PROGRAM, "figure", parts[0], raw, "--format", "json").stdout)
    expect([one["link_type"] for one in figure["interfaces"]] == [1, 101], "JSON has both link types")
    expect([one["file"] for one in figure["interfaces"]] == [str(parts[0]), str(raw)],
           "JSON has both files")
    from_packets = {row["packet"]["interface"] for row in figure["rows"] if "packet" in row}
    expect(from_packets == {0, 1}, "and of each packet where it was captured")
    page = run(PROGRAM, "figure", parts[0], raw, "--format", "html").stdout.decode()
    expect(f"captured on {raw}" in page, "and so have the details")
    filtered = run(PROGRAM, "list", "--format", "tsv", parts[0], raw, "tcp", "port", "1032").stdout
    expect(filtered.count(b"\n") == 2, "a filter behind two files")


def check_errors(whole):
    text, cut, wide = FOLDER / "text", FOLDER / "cut.pcap", FOLDER / "tcp"
    text.write_text("no capture\n")
    cut.write_bytes(whole.read_bytes()[:5000])
    shutil.copy(whole, wide)
    empty = FOLDER / "nothing"
    empty.mkdir()
    packets = len(frames(whole))
    for words, status, said in (
            ([whole, FOLDER / "none.pcap", "tcp"], 2, "there is no file"),
            ([whole, "tcp", cut], 2, "name all files before the filter"),
            ([whole, "-", "-"], 1, "can be read only once"),
            ([empty], 1, "There is no capture (pcap or pcapng) in the folder"),
            ([text, text], 1, "is text, no capture"),
            ([whole, text], 3, f"{text} is text, no capture"),
            ([whole, text], 3, f"{whole}: {packets} packets"),
            ([whole, cut], 0, f"{cut} ends in the middle of a packet")):
        done = run(PROGRAM, "list", *words, check=False)
        expect(done.returncode == status, f"{words}: status {done.returncode}, not {status}")
        expect(said in done.stderr.decode(), f"{words}: {said!r} is not in {done.stderr.decode()!r}")
    done = run(PROGRAM, "replay", "--text", "--follow", whole, cut, check=False)
    expect(done.returncode == 1 and b"--follow is for one file" in done.stderr, "--follow and two files")
    here = run(PROGRAM, "list", whole, "tcp", cwd=FOLDER)
    expect(b"files were read" not in here.stderr, "tcp is a filter, also where a file has that name")
    here = run(PROGRAM, "list", whole, "./tcp", cwd=FOLDER)
    expect(b"2 files were read" in here.stderr, "./tcp is the file")


def comments(path):
    return [line for line in tool("tshark", "-n", "-r", path, "-T", "fields", "-e",
                                  "frame.comment").decode().splitlines()]


def check_comments(whole):
    """Written by editcap: shown, told, and there again in what is saved, beside calls of ours."""
    commented = FOLDER / "commented.pcapng"
    tool("editcap", "-r", "-F", "pcapng", whole, FOLDER / "some.pcapng", "1-9")
    tool("editcap", "-a", "2:look \x1b[31mhere", "-a", "5:pktladder: not ours", "--capture-comment",
         "of it all", FOLDER / "some.pcapng", commented)
    listed = run(PROGRAM, "list", commented).stderr.decode()
    expect("Comment of the capture: of it all" in listed, "a section's comment is told")
    figure = json.loads(run(PROGRAM, "figure", commented, "--format", "json").stdout)
    found = {row["packet"]["frame"]: row["packet"]["comments"] for row in figure["rows"]
             if "comments" in row.get("packet", {})}
    expect(found == {2: ["look \\x1b[31mhere"], 5: ["pktladder: not ours"]}, f"comments: {found}")
    expect(figure["comments"] == ["of it all"], "JSON has the section's comment")
    page = run(PROGRAM, "figure", commented, "--format", "html").stdout.decode()
    expect("comment: look \\x1b[31mhere" in page, "the details have it")
    rows = run(PROGRAM, "replay", "--text", commented, "--show", "comment").stdout.decode()
    expect(sum("seq=" in line or "ack=" in line for line in rows.splitlines()) == 2, "the word comment")
    out, _ = saved(commented)
    expect(comments(out) == comments(commented), "what is saved has the comments")
    expect("of it all" in run(PROGRAM, "list", out).stderr.decode(), "and the section's")
    figure = json.loads(run(PROGRAM, "figure", SOURCE / "captures" / "tcp.pcapng", "--format",
                            "json").stdout)
    expect(not any("comments" in row.get("packet", {}) for row in figure["rows"]),
           "our own calls are no comments")


def check_cases():
    if not CASES.is_dir():
        skip_part(f"{CASES} is not there: captures of other programs are not tried")
        return
    names = CASES / "name_resolution_block.pcapng"
    ladder = run(PROGRAM, "replay", "--text", names).stdout.decode()
    expect("server.ex:80" in ladder, "a name resolution block names an end")
    ladder = run(PROGRAM, "replay", "--text", names, "--no-names").stdout.decode()
    expect("server.ex" not in ladder, "--no-names")
    ladder = run(PROGRAM, "replay", "--text", names, "--name", "198.51.100.20=ours").stdout.decode()
    expect("ours:80" in ladder and "server.ex" not in ladder, "--name comes first")
    out, _ = saved(names)
    expect("server.ex" in run(PROGRAM, "replay", "--text", out).stdout.decode(), "the name is saved")
    page = run(PROGRAM, "figure", CASES / "pktap_linktype149.pcap", "--format", "html").stdout.decode()
    expect("of the process curl (501)" in page, "PKTAP's process")


def main():
    whole = FOLDER / "whole.pcap"
    tool(GENERATE, whole, "20000", "30")
    whole.chmod(0o644)
    check_sets(whole)
    check_kinds(whole)
    check_errors(whole)
    check_comments(whole)
    check_cases()
    sys.exit(1 if failures else 0)


main()

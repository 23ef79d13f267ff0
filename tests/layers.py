#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds the rooms to src/CMakeLists.txt: which headers each may include, that the pure ones reach
no input, output or clock, and that no files call each other in a circle. Run by ctest; needs
readelf."""
import collections
import pathlib
import re
import subprocess
import sys

SOURCE, BUILD = (pathlib.Path(p) for p in sys.argv[1:3])
COMMON = {"i18n", "fd", "types"}  # headers that belong to nobody
ONLY = {"pcap": {"capture"}, "archive": {"capture"}, "curses": {"screen"}, "seccomp": {"tracer", "confine"}}
# Headers that carry each other.
RECURSION = {"decode/ethernet.c", "decode/ip.c", "decode/ppp.c", "decode/tunnel.c", "decode/udp.c",
             "decode/wlan.c"}
IMPURE = re.compile(
    r"^(open|openat|creat|fopen|freopen|read|pread|write|pwrite|recv|send|recvfrom|sendto|socket|"
    r"ioctl|poll|select|time|clock_gettime|gettimeofday|fork|execve|system|popen|getenv|printf|puts|"
    r"fprintf|fwrite|fread|fputs|g_print|g_printerr|g_get_real_time|g_get_monotonic_time|"
    r"g_date_time_new_now\w*|g_file_\w+|g_getenv|random|rand|g_random_\w+|isatty)$")

failures = []


def rooms_read():
    """Of each room: whether it is pure, its headers, and the rooms that it uses."""
    text = re.sub(r"#.*", "", (SOURCE / "src/CMakeLists.txt").read_text())
    rooms = {}
    for name, rest in re.findall(r"^pktladder_room\((\w+)([^)]*)\)", text, re.M):
        words, part, found = rest.split(), None, collections.defaultdict(list)
        for word in words:
            if word in ("PURE", "HEADERS", "USES"):
                part = word
                found[part]
            else:
                found[part].append(word)
        rooms[name] = ("PURE" in found, set(found["HEADERS"]), found["USES"])
    return rooms


ROOMS = rooms_read()


def used_by(room):
    """All rooms below it."""
    found, todo = set(), [room]
    while todo:
        for word in ROOMS[todo.pop()][2]:
            if word in ROOMS and word not in found:
                found.add(word)
                todo.append(word)
    return found


def includes_check():
    owner = {header: room for room, (_, headers, _) in ROOMS.items() for header in headers}
    for header in (SOURCE / "include/pktladder").glob("*.h"):
        if header.stem not in owner.keys() | COMMON:
            failures.append(f"{header.name} belongs to no room of src/CMakeLists.txt")
    paths = [(room, path) for room in ROOMS for path in (SOURCE / "src" / room).glob("*.[ch]")]
    paths += [(owner[p.stem], p) for p in (SOURCE / "include/pktladder").glob("*.h") if p.stem in owner]
    for room, path in sorted(paths):
        for name in re.findall(r'^\s*#\s*include\s+[<"]([^>"]+)[>"]', path.read_text(), re.M):
            for library, users in ONLY.items():
                if library in name and "pktladder/" not in name and room not in users:
                    failures.append(f"{path}: includes <{name}>; only {users} may")
            if "curses" in name and path.name != "screen.c":
                failures.append(f"{path}: includes <{name}>; only screen.c may")
            noun = name.removeprefix("pktladder/").removesuffix(".h")
            if name.startswith("pktladder/") and noun not in COMMON:
                if owner.get(noun) not in used_by(room) | {room}:
                    failures.append(f"{path}: includes {name} of room {owner.get(noun)}")
            elif "/" in name and name.split("/")[0] in ROOMS:
                failures.append(f"{path}: includes {name}, which is private to its room")


def symbols(path):
    """Of an object: the functions and tables that it has for others, and those that it wants."""
    has, wants = set(), set()
    # not nm: of objects for link-time optimization it hides the calls of built-in functions
    listing = subprocess.run(["readelf", "-sW", path], capture_output=True, text=True, check=True).stdout
    for words in map(str.split, listing.splitlines()):
        if len(words) == 8 and words[4] in ("GLOBAL", "WEAK"):
            (wants if words[6] == "UND" else has).add(words[7].split("@")[0])
    return has, wants


def objects_check():
    found = {}
    for room in [*ROOMS, "command"]:
        target = "pktladder" if room == "command" else room
        for path in BUILD.glob(f"src/CMakeFiles/{target}.dir/{room}/*.c.o"):
            # files that are gone leave their objects
            if (SOURCE / "src" / room / path.stem).exists():
                found[f"{room}/{path.stem}"] = symbols(path)
        if not any(name.startswith(f"{room}/") for name in found):
            failures.append(f"no objects of {room} in {BUILD}")
    for name, (_, wants) in found.items():
        for symbol in wants if ROOMS.get(name.split("/")[0], (False,))[0] else ():
            symbol = symbol.replace("__", "").removesuffix("_chk")
            if IMPURE.match(symbol):
                failures.append(f"{name} is pure, but uses {symbol}()")
    owner = {symbol: name for name, (has, _) in found.items() for symbol in has}
    calls = {name: {owner[s] for s in wants if s in owner and owner[s] != name}
             for name, (_, wants) in found.items()}
    circle = {name for name in calls if name in reached(calls, name)}
    if circle - RECURSION:
        failures.append("these call each other in a circle: " + ", ".join(sorted(circle - RECURSION)))


def reached(calls, name):
    """All that it calls, and those call."""
    found, todo = set(), [name]
    while todo:
        new = calls[todo.pop()] - found
        found |= new
        todo += new
    return found


includes_check()
objects_check()
print("\n".join(failures) or f"{len(ROOMS)} rooms keep to their rules")
sys.exit(bool(failures))

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Pairs of other people's programs run as if nobody watched.

    test_pairs.py PKTLADDER ITEMS [--table] [NAME...]
    test_pairs.py PKTLADDER ITEMS --kill [NAME...]
    test_pairs.py --packages

PAIRS is the table. Each pair runs in a private network as an ordinary user: alone, under strace,
by `pktladder run` as text, and with --step. Held against one another:
 - exit status and what the programs print: alone and watched;
 - the calls of each program: strace's and the ladder's, by name and result, and the bytes moved;
 - order: no call returns above the packet that it waited for, no segment stands above its call;
 - columns: a call stands beside its own end of the arrows;
 - bars: they are where the kernel counted a sleep;
 - states: the ladder's and the kernel's (sock_diag), at each press of the space bar.
With --kill pktladder is killed at random moments instead, and nothing may be left. --packages says
what .ci/run installs for this."""
import collections
import concurrent.futures
import errno
import grp
import json
import os
import pathlib
import pwd
import random
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time

import common
from common import check, need, ordinary_user, skip, skip_part, work_folder

# Databases and sshd ask for the name of their user: nobody has one.
common.USER = pwd.getpwnam("nobody").pw_uid
os.environ["PATH"] += ":/usr/sbin:/sbin:" + ":".join(map(str, pathlib.Path("/usr/lib/postgresql").glob("*/bin")))
ALONE, LIST = "--alone" in sys.argv, "--packages" in sys.argv
if not ALONE and not LIST:
    PROGRAM, ITEMS = map(os.path.abspath, sys.argv[1:3])
    WANTED = [word for word in sys.argv[3:] if not word.startswith("--")]
    KILL, TABLE = "--kill" in sys.argv, "--table" in sys.argv
    sys.argv[1:] = [PROGRAM]
    import test_oracle
    import test_waits
    from tmux import descendants, running

KEEP = os.environ.get("PKTLADDER_PAIRS")  # a folder: where recordings of the pairs go
ASIDE = 0x2002  # MSG_PEEK, MSG_ERRQUEUE: they take nothing of the data
STEPS = 100  # of one pair: what comes later is not stepped through
LATE_NS = 50_000_000  # see compare() of test_oracle.py
QUIET = 0.15  # seconds without a new listener after which the next program is started alone
RECEIVES = {"recv", "recvfrom", "recvmsg", "recvmmsg", "read", "readv"}
SENDS = {"send", "sendto", "sendmsg", "sendmmsg", "write", "writev", "sendfile", "splice"}
CLOSES = {"close", "shutdown", "exit", "dup2", "dup3", "close_range", "execve"}
COMPARED = RECEIVES | SENDS | {"socket", "bind", "listen", "accept", "accept4", "connect", "shutdown", "close",
                               "getsockname", "getpeername", "getsockopt", "setsockopt"}
# How often these come is chance: no data yet, a signal, a call that the kernel begins again.
CHANCE = {"EAGAIN", "EINTR", "ERESTARTSYS", "ERESTARTNOINTR", "ERESTARTNOHAND", "ERESTART_RESTARTBLOCK", "?"}


class Pair:
    """A line of the table. `needs`: programs that must be installed. `commands`: split as a shell
    does; the last is the client. {d} in them and in `files` is a folder of the pair's own, where
    `files` are, {u} and {g} are user and group; `build` is done there once by whoever runs the test, `setup` by its ordinary user.
    `differs`: a regular expression of what programs print differently at each run; `loose`: calls
    whose number is chance, and `why`. `ci`: .ci/run installs it. `status`: the client's.
    `explained`: a state that the ladder cannot know, and the kernel's (docs/CONFORMANCE.md);
    `known`: a weakness of pktladder's, for which the pair fails and nobody is surprised."""

    def __init__(self, language, kind, needs, *commands, files=None, build="", setup="", differs="", loose="", why="",
                 ci=False, status=0, explained=None,
                 known=""):
        self.language, self.kind, self.needs, self.commands = language, kind, needs.split(), commands
        self.files, self.build, self.setup, self.differs = files or {}, build, setup, differs
        self.loose, self.why, self.ci, self.status = set(loose.split()), why, ci, status
        self.explained, self.known = explained, known
        self.folder = None

    def prepare(self, folder):
        """Makes the folder."""
        self.folder = folder
        self.write()
        for user, command in (([], self.build), (ordinary_user(), self.setup)):
            if command:
                done = subprocess.run([*user, "sh", "-ec", command.replace("{d}", str(folder))], cwd=folder,
                                      env=self.environment(), capture_output=True, text=True, timeout=120)
                check(done.returncode == 0, f"{command}: {done.stdout}{done.stderr}")

    def write(self):
        """Files as at the start (snmpd writes its configuration anew); all of them belong to the
        ordinary user."""
        for name, text in self.files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text.replace("{d}", str(self.folder)))
            path.chmod(0o644)
            os.utime(path, (10 ** 9, 10 ** 9))  # Last-Modified and ETag are the same, and as long
        if os.geteuid() == 0:
            for path in [self.folder, *self.folder.rglob("*")]:
                os.chown(path, common.USER, common.USER, follow_symlinks=False)

    def programs(self):
        user = pwd.getpwuid(os.geteuid() or common.USER)
        words = {"{d}": str(self.folder), "{u}": user.pw_name, "{g}": grp.getgrgid(user.pw_gid).gr_name}
        return [[re.sub(r"\{[dug]\}", lambda found: words[found.group()], word) for word in shlex.split(command)]
                for command in self.commands]

    def environment(self):
        return {**os.environ, "LC_ALL": "C.UTF-8", "HOME": str(self.folder), "TMPDIR": str(self.folder)}


# Which of Debian's packages has a program of `needs`, where that is not its name.
PACKAGES = {
    "ab": "apache2-utils", "atftpd": "atftpd", "chronyd": "chrony", "dig": "bind9-dnsutils", "dnsmasq": "dnsmasq-base",
    "escript": "erlang-base", "gnutls-cli": "gnutls-bin", "gnutls-serv": "gnutls-bin", "go": "golang-go",
    "initdb": "postgresql", "postgres": "postgresql", "psql": "postgresql-client", "java": "default-jre-headless",
    "javac": "default-jdk-headless", "ldapsearch": "ldap-utils", "mariadb": "mariadb-client",
    "mariadbd": "mariadb-server", "mariadb-install-db": "mariadb-server",
    "mosquitto_pub": "mosquitto-clients", "mosquitto_sub": "mosquitto-clients",
    "named": "bind9", "nc.openbsd": "netcat-openbsd", "nc.traditional": "netcat-traditional", "nginx": "nginx-light",
    "node": "nodejs", "php": "php-cli", "redis-cli": "redis-tools", "snmpget": "snmp", "ssh-keygen": "openssh-client",
    "ssh-keyscan": "openssh-client", "sshd": "openssh-server", "stunnel4": "stunnel4", "tclsh": "tcl",
    "varnishd": "varnish", "/usr/lib/python3/dist-packages/zmq": "python3-zmq",
}
PYTHON_HTTP = "python3 -m http.server 7000 --bind 127.0.0.1 --directory {d}/www"
PYTHON_BACKEND = PYTHON_HTTP.replace("7000", "7001")
CURL = "curl -sS http://127.0.0.1:7000/index.html"
WWW = {"www/index.html": "<p>hello</p>\n" * 400}
DEFERRED = ("ESTABLISHED", "SYN-RECEIVED")  # TCP_DEFER_ACCEPT
APACHE = {**WWW, "apache.conf": """
ServerRoot {d}
LoadModule mpm_MPM_module /usr/lib/apache2/modules/mod_mpm_MPM.so
LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
Listen 127.0.0.1:7000
ServerName localhost
DocumentRoot {d}/www
DefaultRuntimeDir {d}
PidFile {d}/apache.pid
ErrorLog {d}/error.log
StartServers 2
"""}
APACHE_PREFORK, APACHE_EVENT = ({**APACHE, "apache.conf": APACHE["apache.conf"].replace("MPM", mpm)}
                                for mpm in ("prefork", "event"))
CERTIFICATE = ("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=localhost -days 2 "
               "-keyout {d}/key.pem -out {d}/cert.pem")
JAVA = {"Server.java": """
import java.net.*;
public class Server {
    public static void main(String[] a) throws Exception {
        ServerSocket s = new ServerSocket(7000);
        while (true) {
            Socket c = s.accept();
            new Thread(() -> {
                try (c) { c.getOutputStream().write(c.getInputStream().readNBytes(5)); } catch (Exception e) { }
            }).start();
        }
    }
}
""", "Client.java": """
import java.net.*;
public class Client {
    public static void main(String[] a) throws Exception {
        for (int i = 0; i < 2; i++)
            try (Socket c = new Socket("127.0.0.1", 7000)) {
                c.getOutputStream().write("hello".getBytes());
                System.out.println(new String(c.getInputStream().readAllBytes()));
            }
    }
}
"""}
GO = {"server.go": """package main
import ("fmt"; "net/http")
func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { fmt.Fprintln(w, "hello") })
	panic(http.ListenAndServe("127.0.0.1:7000", nil))
}
""", "client.go": """package main
import ("fmt"; "io"; "net/http")
func main() {
	for i := 0; i < 2; i++ {
		r, err := http.Get("http://127.0.0.1:7000/")
		if err != nil { panic(err) }
		text, _ := io.ReadAll(r.Body)
		r.Body.Close()
		fmt.Print(string(text))
	}
}
"""}
RUST = {"server.rs": """
use std::io::{Read, Write};
use std::net::TcpListener;
fn main() {
    for stream in TcpListener::bind("127.0.0.1:7000").unwrap().incoming() {
        std::thread::spawn(move || {
            let mut stream = stream.unwrap();
            let mut bytes = [0; 5];
            stream.read_exact(&mut bytes).unwrap();
            stream.write_all(&bytes).unwrap();
        });
    }
}
""", "client.rs": """
use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
fn main() {
    for _ in 0..2 {
        let mut stream = TcpStream::connect("127.0.0.1:7000").unwrap();
        stream.write_all(b"hello").unwrap();
        stream.shutdown(Shutdown::Write).unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        println!("{text}");
    }
}
"""}
NODE = {"server.js": "require('http').createServer((q, r) => r.end('hello\\n')).listen(7000, '127.0.0.1');",
        "client.js": "require('http').get({port: 7000, host: '127.0.0.1', agent: false}, "
                     "r => r.on('data', d => process.stdout.write(d)));"}
PERL = {"server.pl": """
use IO::Socket::INET;
my $s = IO::Socket::INET->new(LocalAddr => "127.0.0.1:7000", Listen => 5, ReuseAddr => 1) or die;
$SIG{CHLD} = "IGNORE";
while (my $c = $s->accept) {
    if (fork == 0) { close $s; my $line = <$c>; print $c "got $line"; close $c; exit }
    close $c;
}
""", "client.pl": """
use IO::Socket::INET;
for (1 .. 2) {
    my $c = IO::Socket::INET->new("127.0.0.1:7000") or die;
    print $c "hello\\n"; print scalar <$c>; close $c;
}
"""}
RUBY = {"server.rb": """
require 'socket'
s = TCPServer.new('127.0.0.1', 7000)
loop { Thread.start(s.accept) { |c| c.puts "got #{c.gets}"; c.close } }
""", "client.rb": """
require 'socket'
2.times { c = TCPSocket.new('127.0.0.1', 7000); c.puts 'hello'; puts c.read; c.close }
"""}
TCL = {"server.tcl": """
proc accept {c host port} { fconfigure $c -blocking 0 -buffering line; fileevent $c readable [list serve $c] }
proc serve {c} { if {[gets $c line] >= 0} { puts $c "got $line"; close $c } elseif {[eof $c]} { close $c } }
socket -server accept -myaddr 127.0.0.1 7000
vwait forever
""", "client.tcl": """
set c [socket 127.0.0.1 7000]
fconfigure $c -buffering line
puts $c hello
puts [gets $c]
close $c
"""}
ASYNCIO = {"server.py": """
import asyncio
async def serve(reader, writer):
    writer.write(b'got ' + await reader.readline())
    await writer.drain()
    writer.close()
async def main():
    async with await asyncio.start_server(serve, '127.0.0.1', 7000) as server:
        await server.serve_forever()
asyncio.run(main())
""", "client.py": """
import asyncio
async def ask(i):
    reader, writer = await asyncio.open_connection('127.0.0.1', 7000)
    writer.write(b'hello\\n')
    text = await reader.read()
    writer.close()
    return text
async def main():
    print(await asyncio.gather(*map(ask, range(3))))
asyncio.run(main())
"""}
PREFORK = {"server.py": """
import os, socket
s = socket.create_server(('127.0.0.1', 7000))
for i in range(2):
    if os.fork() == 0:
        break
while True:
    c, _ = s.accept()
    c.sendall(c.recv(99))
    c.close()
""", "client.py": """
import socket
for i in range(3):
    with socket.create_connection(('127.0.0.1', 7000)) as c:
        c.sendall(b'hello')
        print(c.recv(99), c.recv(99))
"""}
PASSED = {"server.py": """
import os, socket
one, other = socket.socketpair()
if os.fork() == 0:
    one.close()
    while True:
        _, (n,), _, _ = socket.recv_fds(other, 9, 1)
        with socket.socket(fileno=n) as c:
            c.sendall(b'got ' + c.recv(99))
other.close()
s = socket.create_server(('127.0.0.1', 7000))
while True:
    c, _ = s.accept()
    socket.send_fds(one, [b'x'], [c.fileno()])
    c.close()
""", "client.py": PREFORK["client.py"]}
ZMQ = {"server.py": """
import zmq
s = zmq.Context().socket(zmq.REP)
s.bind('tcp://127.0.0.1:7000')
while True:
    s.send(b'got ' + s.recv())
""", "client.py": """
import zmq
s = zmq.Context().socket(zmq.REQ)
s.connect('tcp://127.0.0.1:7000')
for i in range(2):
    s.send(b'hello')
    print(s.recv())
"""}
ERLANG = {"server.escript": """
main(_) ->
    {ok, S} = gen_tcp:listen(7000, [binary, {active, false}, {reuseaddr, true}, {ip, {127, 0, 0, 1}}]), loop(S).
loop(S) ->
    {ok, C} = gen_tcp:accept(S),
    {ok, B} = gen_tcp:recv(C, 5), gen_tcp:send(C, B), gen_tcp:close(C), loop(S).
""", "client.escript": """
main(_) ->
    {ok, C} = gen_tcp:connect("127.0.0.1", 7000, [binary, {active, false}]),
    gen_tcp:send(C, <<"hello">>), {ok, B} = gen_tcp:recv(C, 5), io:format("~s~n", [B]), gen_tcp:close(C).
"""}
# Name: the pair.
PAIRS = {
    # Web servers.
    "python http.server, urllib": Pair(
        "Python", "thread a connection", "python3", PYTHON_HTTP,
        "python3 -c 'import urllib.request as u; print(len(u.urlopen(\"http://127.0.0.1:7000/index.html\").read()))'",
        files=WWW, ci=True),
    "python http.server, curl to no file": Pair(
        "Python, C", "the client fails", "python3 curl", PYTHON_HTTP,
        "curl -sSf http://127.0.0.1:7000/none", files=WWW, status=22,
        loose="bytes", why="the client leaves", ci=True),
    "python http.server, curl, IPv6": Pair(
        "Python, C", "IPv6", "python3 curl", "python3 -m http.server 7000 --bind ::1 --directory {d}/www",
        "curl -sS http://[::1]:7000/index.html", files=WWW, ci=True),
    "nginx, curl": Pair(
        "C", "prefork, epoll, sendfile", "nginx curl", "nginx -c {d}/nginx.conf -p {d}", CURL,
        files={**WWW, "nginx.conf": """
daemon off; pid {d}/nginx.pid; error_log {d}/error.log; worker_processes 2; events {}
http { access_log off; sendfile on; root {d}/www; server { listen 127.0.0.1:7000; } client_body_temp_path {d};
proxy_temp_path {d}; fastcgi_temp_path {d}; uwsgi_temp_path {d}; scgi_temp_path {d}; }
"""}, ci=True),
    "apache2 prefork, ab": Pair(
        "C", "prefork", "apache2 ab", "apache2 -DFOREGROUND -f {d}/apache.conf",
        "ab -q -S -n 3 -c 1 http://127.0.0.1:7000/index.html", files=APACHE_PREFORK, differs=r" *[\d.]+",
        explained=DEFERRED),
    "apache2 event, curl": Pair(
        "C", "processes, threads, epoll", "apache2 curl", "apache2 -DFOREGROUND -f {d}/apache.conf", CURL,
        files=APACHE_EVENT, explained=DEFERRED),
    "lighttpd, wget": Pair(
        "C", "evented", "lighttpd wget", "lighttpd -D -f {d}/lighttpd.conf",
        "wget -qO- http://127.0.0.1:7000/index.html", files={**WWW, "lighttpd.conf": """
server.document-root = "{d}/www"
server.bind = "127.0.0.1"
server.port = 7000
"""}, ci=True),
    "busybox httpd, busybox wget": Pair(
        "C", "fork a connection", "busybox", "busybox httpd -f -p 127.0.0.1:7000 -h {d}/www",
        "busybox wget -qO- http://127.0.0.1:7000/index.html", files=WWW, ci=True),
    "node, node": Pair("Node", "evented, threads", "node", "node {d}/server.js", "node {d}/client.js", files=NODE),
    "go, go": Pair("Go", "goroutines, static", "go", "{d}/server", "{d}/client", files=GO,
                   build="cd {d}; export GOCACHE={d}/cache GO111MODULE=off; go build -o server server.go; "
                         "go build -o client client.go; rm -rf cache"),
    "rust, rust": Pair("Rust", "thread a connection", "rustc", "{d}/server", "{d}/client", files=RUST,
                       build="cd {d}; export HOME=~root; rustc -o server server.rs; rustc -o client client.rs"),
    "java, java": Pair("Java", "thread a connection", "java javac", "java -cp {d} Server", "java -cp {d} Client",
                       files=JAVA, build="javac -d {d} {d}/*.java"),
    "php, curl": Pair("PHP", "evented", "php curl", "php -S 127.0.0.1:7000 -t {d}/www", CURL, files=WWW),
    "gunicorn, curl": Pair(
        "Python, C", "prefork", "gunicorn curl",
        "gunicorn -b 127.0.0.1:7000 -w 2 --chdir {d} --worker-tmp-dir {d} app:app", CURL,
        files={"app.py": "def app(e, start):\n    start('200 OK', [])\n    return [b'hello\\n']\n"},
        loose="close getpeername getsockname", why="workers that have not begun yet"),
    "openssl s_server, curl": Pair(
        "C", "TLS, one process", "openssl curl",
        "openssl s_server -accept 127.0.0.1:7000 -cert {d}/cert.pem -key {d}/key.pem -WWW",
        "curl -sSk https://127.0.0.1:7000/www/index.html", files=WWW, setup=CERTIFICATE,
        loose="bytes", why="a signature's length", ci=True),
    "gnutls-serv, gnutls-cli": Pair(
        "C", "TLS", "gnutls-serv gnutls-cli openssl",
        "gnutls-serv --echo -p 7000 --x509certfile {d}/cert.pem --x509keyfile {d}/key.pem",
        "sh -c 'echo hello | gnutls-cli --insecure -p 7000 127.0.0.1'", setup=CERTIFICATE,
        loose="bytes", why="a signature's length", differs=r".*(ID|-----|#|\d).*"),
    # Resolvers, and what else talks in datagrams.
    "dnsmasq, dig": Pair(
        "C", "UDP, evented", "dnsmasq dig",
        "dnsmasq -k -C /dev/null -p 7053 --no-resolv --no-hosts --address=/example.test/10.1.2.3 "
        "--listen-address=127.0.0.1 --bind-interfaces -x {d}/pid", "dig -p 7053 @127.0.0.1 example.test +short",
        ci=True),
    "dnsmasq, dig over TCP": Pair(
        "C", "fork a connection", "dnsmasq dig",
        "dnsmasq -k -C /dev/null -p 7053 --no-resolv --no-hosts --address=/example.test/10.1.2.3 "
        "--listen-address=127.0.0.1 --bind-interfaces -x {d}/pid", "dig +tcp -p 7053 @127.0.0.1 example.test +short",
        ci=True),
    "unbound, dig": Pair(
        "C", "UDP, evented", "unbound dig", "unbound -d -c {d}/unbound.conf",
        "dig -p 7053 @127.0.0.1 example.test +short", files={"unbound.conf": """
server:
 interface: 127.0.0.1@7053
 do-daemonize: no
 chroot: ""
 username: ""
 directory: "{d}"
 pidfile: "{d}/pid"
 use-syslog: no
 module-config: "iterator"
 local-zone: "example.test" static
 local-data: "example.test A 10.1.2.3"
remote-control:
 control-enable: no
"""}),
    "bind9, dig": Pair(
        "C", "threads, libuv", "named dig", "named -g -c {d}/named.conf",
        "dig -p 7053 @127.0.0.1 www.example.test +short", files={"named.conf": """
options { directory "{d}"; listen-on port 7053 { 127.0.0.1; }; listen-on-v6 { none; }; pid-file none;
session-keyfile "{d}/session.key"; recursion no; dnssec-validation no; };
controls { };
zone "example.test" { type primary; file "{d}/zone"; };
""", "zone": """$TTL 60
@ SOA ns hostmaster 1 60 60 60 60
@ NS ns
ns A 127.0.0.1
www A 10.1.2.3
"""}),
    "dnsmasq as tftpd, curl": Pair(
        "C", "UDP, a new port each file", "dnsmasq curl",
        "dnsmasq -k -C /dev/null -p 0 --enable-tftp --tftp-root={d}/www --listen-address=127.0.0.1 "
        "--bind-interfaces -x {d}/pid", "curl -sS tftp://127.0.0.1/index.html", files=WWW),
    "atftpd, atftp": Pair(
        "C", "UDP, thread a file", "atftpd atftp",
        "atftpd --daemon --no-fork --port 7069 --bind-address 127.0.0.1 --user {u}.{g} --logfile - {d}/www",
        "atftp --get -r index.html -l {d}/copy 127.0.0.1 7069", files=WWW,
        known="the thread's connect(), before its first datagram, stands beside the client"),
    "snmpd, snmpget": Pair(
        "C", "UDP, select", "snmpd snmpget",
        "snmpd -f -Lo -C -c {d}/agent.conf -p {d}/pid -I -smux --persistentDir={d} udp:127.0.0.1:7161",
        "snmpget -v2c -c public -On 127.0.0.1:7161 .1.3.6.1.2.1.1.4.0",
        files={"agent.conf": "rocommunity public\nsyscontact me\n"}),
    "chronyd, chronyd -Q": Pair(
        "C", "UDP, kernel's time stamps", "chronyd", "chronyd -d -U -x -f {d}/chrony.conf",
        "chronyd -d -U -x -t 20 -Q 'server 127.0.0.1 port 11123 iburst maxsamples 1' 'pidfile {d}/q' 'cmdport 0'",
        files={"chrony.conf": "port 11123\nlocal stratum 8\nallow\ncmdport 0\npidfile {d}/pid\n"
                              "bindaddress 127.0.0.1\n"},
        differs=r"[-+]?\d[\d.]*"),
    "socat over UDP": Pair(
        "C", "UDP, fork a datagram", "socat", "socat UDP-RECVFROM:7000,bind=127.0.0.1,fork EXEC:cat",
        "sh -c 'echo hello | socat -t1 - UDP:127.0.0.1:7000'", ci=True),
    # Databases.
    "redis": Pair("C", "epoll, threads", "redis-server redis-cli",
                  "redis-server --port 7000 --save '' --dir {d}", "redis-cli -p 7000 set key value", ci=True),
    "memcached, bash": Pair(
        "C, bash", "threads, libevent", "memcached bash", "memcached -p 7000 -U 0 -l 127.0.0.1",
        r"""bash -c 'exec 3<>/dev/tcp/127.0.0.1/7000; printf "set a 0 0 1\r\nx\r\nget a\r\nquit\r\n" >&3; cat <&3'""",
        loose="sendmsg", why="an answer to each piece", ci=True),
    "postgresql, psql": Pair(
        "C", "fork a connection", "postgres initdb psql",
        "postgres -D {d}/data -p 7000 -k {d} -c listen_addresses=127.0.0.1",
        "psql -h 127.0.0.1 -p 7000 -U postgres -Atc 'select 1 + 1'",
        setup="initdb -D {d}/data -A trust -U postgres --no-sync"),
    "mariadb": Pair(
        "C++", "thread a connection", "mariadbd mariadb-install-db mariadb",
        "mariadbd --no-defaults --datadir={d}/data --socket={d}/socket --port=7000 --bind-address=127.0.0.1 "
        "--pid-file={d}/pid", "mariadb --no-defaults -h 127.0.0.1 -P 7000 -u root -Nse 'select 1 + 1'",
        setup="mariadb-install-db --no-defaults --datadir={d}/data --auth-root-authentication-method=normal "
              "--skip-test-db --skip-name-resolve", loose="bytes", why="the client tells its process number"),
    "slapd, ldapsearch": Pair(
        "C", "threads, epoll", "slapd ldapsearch", "slapd -d 32768 -h ldap://127.0.0.1:7389 -f {d}/slapd.conf",
        "ldapsearch -LLL -x -H ldap://127.0.0.1:7389 -b '' -s base namingContexts", files={"slapd.conf": """
include /etc/ldap/schema/core.schema
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile {d}/pid
database mdb
suffix "dc=example"
directory {d}
"""}),
    # Brokers.
    "mosquitto, mosquitto_pub": Pair(
        "C", "epoll", "mosquitto mosquitto_pub", "mosquitto -p 7000",
        "mosquitto_pub -p 7000 -i me -t a -m hello -q 1", ci=True),
    "zeromq": Pair("Python, C++", "threads", "/usr/lib/python3/dist-packages/zmq", "/usr/bin/python3 {d}/server.py",
                   "/usr/bin/python3 {d}/client.py", files=ZMQ, loose="close send", why="its thread may end before"),
    # Files and shells.
    "rsync": Pair("C", "fork a connection", "rsync",
                  "rsync --daemon --no-detach --port=7000 --address=127.0.0.1 --config={d}/rsyncd.conf",
                  "rsync rsync://127.0.0.1:7000/www/", files={**WWW, "rsyncd.conf": """
use chroot = no
[www]
path = {d}/www
"""}, loose="bytes", why="numbers of its protocol", ci=True),
    "vsftpd, curl": Pair(
        "C", "fork a connection, two connections", "vsftpd curl", "vsftpd {d}/vsftpd.conf",
        "curl -sS ftp://127.0.0.1:7021/index.html", files={**WWW, "vsftpd.conf": """
listen=YES
listen_port=7021
listen_address=127.0.0.1
run_as_launching_user=YES
anonymous_enable=YES
no_anon_password=YES
anon_root={d}/www
secure_chroot_dir={d}/www
seccomp_sandbox=NO
background=NO
"""}, loose="bytes", why="it tells a port"),
    "sshd, ssh-keyscan": Pair(
        "C", "fork, becomes another program", "sshd ssh-keyscan ssh-keygen", "/usr/sbin/sshd -D -e -f {d}/sshd_config",
        "ssh-keyscan -T 9 -t ed25519 -p 7000 127.0.0.1", setup="ssh-keygen -q -N '' -t ed25519 -f {d}/host",
        files={"sshd_config": """
ListenAddress 127.0.0.1:7000
HostKey {d}/host
StrictModes no
UsePAM no
PidFile {d}/pid
"""}),
    "git daemon, git": Pair(
        "C", "becomes another program", "git",
        "git daemon --reuseaddr --export-all --listen=127.0.0.1 --port=7000 --base-path={d}",
        "git ls-remote git://127.0.0.1:7000/repo", setup="git init -q --bare {d}/repo; cd {d}/repo; "
        "tree=$(git hash-object -t tree -w /dev/null); "
        "git update-ref refs/heads/one $(git -c user.name=a -c user.email=b commit-tree -m x $tree)"),
    # Tools.
    "socat": Pair("C", "fork a connection, splice by a child", "socat",
                  "socat TCP-LISTEN:7000,bind=127.0.0.1,fork,reuseaddr EXEC:cat",
                  "sh -c 'echo hello | socat -t2 - TCP:127.0.0.1:7000'", ci=True),
    "ncat": Pair("C", "nsock, epoll", "ncat", "ncat -l -k 127.0.0.1 7000 -e /bin/cat",
                 "sh -c '(echo hello; sleep .5) | ncat 127.0.0.1 7000'"),
    "nc.openbsd": Pair("C", "one connection", "nc.openbsd", "nc.openbsd -l -N 127.0.0.1 7000",
                       "sh -c 'echo hello | nc.openbsd -N 127.0.0.1 7000'", ci=True),
    "nc.traditional": Pair("C", "one connection", "nc.traditional", "nc.traditional -l -p 7000 -q 1",
                           "sh -c 'echo hello | nc.traditional -q 1 127.0.0.1 7000'",
                           loose="read write shutdown bytes", why="it ends a second after its start"),
    "iperf3": Pair("C", "bulk data", "iperf3", "iperf3 -s -1 -p 7000 -B 127.0.0.1",
                   "iperf3 -c 127.0.0.1 -p 7000 -n 200K", differs=r"(?s).*",
                   loose="read write recv send bytes", why="its clock decides how much"),
    # Small programs.
    "perl, perl": Pair("Perl", "fork a connection", "perl", "perl {d}/server.pl", "perl {d}/client.pl", files=PERL,
                       ci=True),
    "ruby, ruby": Pair("Ruby", "thread a connection", "ruby", "ruby {d}/server.rb", "ruby {d}/client.rb", files=RUBY),
    "tcl, tcl": Pair("Tcl", "evented", "tclsh", "tclsh {d}/server.tcl", "tclsh {d}/client.tcl", files=TCL),
    "asyncio": Pair("Python", "evented, three at once", "python3", "python3 {d}/server.py", "python3 {d}/client.py",
                    files=ASYNCIO, ci=True),
    "prefork": Pair("Python", "prefork", "python3", "python3 {d}/server.py", "python3 {d}/client.py", files=PREFORK,
                    ci=True),
    "passed on": Pair("Python", "descriptors passed between processes", "python3", "python3 {d}/server.py",
                      "python3 {d}/client.py", files=PASSED, ci=True),
    "erlang, erlang": Pair("Erlang", "scheduler threads", "escript", "escript {d}/server.escript",
                           "escript {d}/client.escript", files=ERLANG),
    # Three programs.
    "python, haproxy, curl": Pair(
        "C", "proxy, evented, threads", "python3 haproxy curl", PYTHON_BACKEND, "haproxy -db -f {d}/haproxy.cfg", CURL,
        files={**WWW, "haproxy.cfg": """
defaults
 mode http
 timeout connect 5s
 timeout client 5s
 timeout server 5s
listen front
 bind 127.0.0.1:7000
 server back 127.0.0.1:7001
"""}, loose="setsockopt send", why="TCP_QUICKACK where data is late",
        ci=True),
    "python, tinyproxy, curl": Pair(
        "C", "proxy, thread a connection", "python3 tinyproxy curl", PYTHON_BACKEND,
        "tinyproxy -d -c {d}/tinyproxy.conf",
        "curl -sS -x http://127.0.0.1:7000 --noproxy '' http://127.0.0.1:7001/index.html",
        files={**WWW, "tinyproxy.conf": "Port 7000\nListen 127.0.0.1\nAllow 127.0.0.1\nMaxClients 9\nTimeout 9\n"}),
    "python, squid, curl": Pair(
        "C++", "proxy, epoll", "python3 squid curl", PYTHON_BACKEND, "squid -N -f {d}/squid.conf",
        "curl -sS -x http://127.0.0.1:7000 --noproxy '' http://127.0.0.1:7001/index.html",
        files={**WWW, "squid.conf": """
http_port 127.0.0.1:7000
http_access allow all
cache deny all
access_log none
cache_log /dev/null
pid_filename none
pinger_enable off
icp_port 0
shutdown_lifetime 0 seconds
visible_hostname localhost
"""}),
    "python, varnish, curl": Pair(
        "C", "cache, threads", "python3 varnishd curl gcc", PYTHON_BACKEND,
        "varnishd -F -a 127.0.0.1:7000 -b 127.0.0.1:7001 -n {d}/v -j none -T none",
        f"sh -c 'sleep 4; exec {CURL}'", files=WWW,
        loose="writev", why="pieces as they come"),
    "python, stunnel, curl": Pair(
        "C", "TLS proxy, threads", "python3 stunnel4 curl openssl", PYTHON_BACKEND, "stunnel4 {d}/stunnel.conf",
        "curl -sSk https://127.0.0.1:7000/index.html", files={**WWW, "stunnel.conf": """
foreground = yes
pid =
cert = {d}/cert.pem
key = {d}/key.pem
[a]
accept = 127.0.0.1:7000
connect = 127.0.0.1:7001
"""}, setup=CERTIFICATE, loose="bytes write", why="a signature's length; records as data comes"),
    "dnsmasq, unbound, dig": Pair(
        "C", "resolver: server and client", "dnsmasq unbound dig",
        "dnsmasq -k -C /dev/null -p 7054 --no-resolv --no-hosts --address=/example.org/10.1.2.3 "
        "--listen-address=127.0.0.1 --bind-interfaces -x {d}/pid", "unbound -d -c {d}/unbound.conf",
        "dig -p 7053 @127.0.0.1 www.example.org +short", files={"unbound.conf": """
server:
 interface: 127.0.0.1@7053
 do-daemonize: no
 chroot: ""
 username: ""
 directory: "{d}"
 pidfile: "{d}/upid"
 use-syslog: no
 module-config: "iterator"
 do-not-query-localhost: no
forward-zone:
 name: "."
 forward-addr: 127.0.0.1@7054
remote-control:
 control-enable: no
"""}),
    "mosquitto, mosquitto_sub, mosquitto_pub": Pair(
        "C", "broker between two clients", "mosquitto mosquitto_sub mosquitto_pub", "mosquitto -p 7000",
        "mosquitto_sub -p 7000 -i you -t a -C 1", "mosquitto_pub -p 7000 -i me -t a -m hello -q 1", ci=True),
}


# Alone, or under strace: a process of its own, which is the first one of a PID namespace.

def sockets_waiting():
    """What listens or waits for datagrams in this network."""
    found = set()
    for name in ("tcp", "tcp6", "udp", "udp6"):
        for line in pathlib.Path("/proc/net", name).read_text().splitlines()[1:]:
            words = line.split()
            if words[3] == ("0A" if name.startswith("tcp") else "07"):
                found.add(words[9])
    return found


def wait_for_server(process, before):
    """Until it waits for others, and no new socket of its has come for a while."""
    seen, since, end = before, time.monotonic(), time.monotonic() + 20
    while time.monotonic() < end and process.poll() is None:
        now = sockets_waiting()
        if now != seen:
            seen, since = now, time.monotonic()
        if now != before and time.monotonic() - since > QUIET:
            return
        time.sleep(0.01)


def strace_words(path):
    return ["strace", "-D", "-f", "-qq", "-yy", "-s", "0", "--seccomp-bpf", "-o", path, "-e",
            "trace=%network,read,readv,write,writev,sendfile,splice,close,dup,dup2,dup3"]


def alone_inside(folder, traced, programs):
    """Runs the programs, one after the other; what each printed is in FOLDER/N.out, the status of
    each in FOLDER/alone.json."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    pathlib.Path("/proc/sys/net/ipv4/ip_unprivileged_port_start").write_text("0")
    running, statuses = [], []
    for i, words in enumerate(programs):
        with open(f"{folder}/{i}.out", "wb") as out:
            drop = ["setpriv", "--inh-caps=-all", "--ambient-caps=-all", "--"]
            spy = strace_words(f"{folder}/{i}.strace") if traced else []
            before = sockets_waiting()
            running.append(subprocess.Popen([*drop, *spy, *words], stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                                            start_new_session=True))
        if i < len(programs) - 1:
            wait_for_server(running[-1], before)
    try:
        running[-1].wait(40)
    except subprocess.TimeoutExpired:
        pass
    end_all(running)
    pathlib.Path(folder, "alone.json").write_text(json.dumps([process.poll() for process in running]))


def others(strace):
    """The processes here beside this one, which is process 1; strace's, or all but these."""
    for path in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            if path.name != "1" and (path / "stat").read_text().split()[2] != "Z" and \
                    strace == ((path / "comm").read_text() == "strace\n"):
                yield int(path.name)
        except OSError:
            pass


def end_all(running):
    """As pktladder does; then strace has time to write all."""
    for number in (0, signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
        for pid in others(False):
            os.kill(pid, number)
        end = time.monotonic() + 0.6
        while time.monotonic() < end and any(others(False)):
            time.sleep(0.02)
            for process in running:
                process.poll()
    end = time.monotonic() + 5
    while time.monotonic() < end and any(others(True)):
        time.sleep(0.02)


def run_alone(pair, traced):
    """The statuses of the programs, and what each printed."""
    words = ["unshare", "-U", "--map-current-user", "-n", "-p", "-f", "--kill-child", "--mount-proc", "--keep-caps",
             "python3", os.path.abspath(__file__), "--alone", str(pair.folder), str(int(traced)),
             json.dumps(pair.programs())]
    pair.write()
    done = subprocess.run([*ordinary_user(), *words], env=pair.environment(), cwd=pair.folder, capture_output=True,
                          text=True, timeout=120)
    check(done.returncode == 0, f"alone: {done.stderr}")
    statuses = json.loads((pair.folder / "alone.json").read_text())
    return statuses, [(pair.folder / f"{i}.out").read_text(errors="replace") for i in range(len(statuses))]


# strace's word.

LINE = re.compile(r"^(\d+) +(\w+)\((.*)\) += (-?\d+|\?)(?:<[^ ]*>)?(?: (\w+))?")
INET = re.compile(r"^\d+<(TCP|UDP)(v6)?:\[")


def strace_lines(path):
    """The lines of strace, each call whole."""
    begun = {}
    for line in path.read_text(errors="replace").splitlines():
        pid, _, text = line.partition(" ")
        text = text.strip()
        if text.endswith("<unfinished ...>"):
            begun[pid] = text[:-len("<unfinished ...>")]
            continue
        again = re.match(r"<\.\.\. \w+ resumed>(.*)", text)
        if again:
            text = begun.pop(pid, "") + again.group(1)
        yield f"{pid} {text}"


def strace_calls(path):
    """Of calls of sockets of the internet: {(name, result): how many}, and bytes by direction."""
    calls, moved = collections.Counter(), collections.Counter()
    for line in strace_lines(path):
        found = LINE.match(line)
        if not found:
            continue
        _, name, arguments, value, error = found.groups()
        arguments = arguments.rstrip()
        result = error if value in ("-1", "?") and error else value
        if name == "socket":
            about = re.match(r"AF_INET6?, SOCK_(STREAM|DGRAM)", arguments)
            about = about and {"STREAM": "TCP", "DGRAM": "UDP"}[about.group(1)]
        else:
            about = INET.match(arguments)
            if name == "splice" and not about:
                about = INET.match(arguments.split(", ")[2])
            about = about and about.group(1)
        if not about:
            continue
        if name == "sendto" and arguments.endswith("NULL, 0"):
            name = "send"
        if name == "recvfrom" and arguments.endswith("NULL, NULL"):
            name = "recv"
        note(calls, moved, name, about, result, "MSG_PEEK" in arguments or "MSG_ERRQUEUE" in arguments)
    return calls, moved


def note(calls, moved, name, transport, result, aside):
    """Counts a call; its result is a number, as text, or the name of an error."""
    if name not in COMPARED or result in CHANCE:
        return
    good = not result[0].isalpha()
    kind = "ok" if good else result
    if name in RECEIVES and result == "0" and transport == "TCP":
        kind = "EOF"
    if name == "shutdown" and result == "ENOTCONN":  # the other end was faster
        kind = "ok"
    calls[name, kind] += 1
    if good and name in RECEIVES | SENDS and "mmsg" not in name and not aside:
        moved["received" if name in RECEIVES else "sent"] += int(result)


# pktladder's word.

class Call:
    """A call of the ladder: `first` and `last` are its rows, `last` None where it did not return."""

    def __init__(self, cell, row):
        self.entry, self.back, self.first, self.last = cell["entry"], None, row, None
        self.lane, self.name = cell["lane"], cell["entry"]["name"]

    def returned(self, cell, row):
        self.back, self.last = cell["return"], row
        check(cell["lane"] == self.lane, f"{self.entry} returns in another column")

    def ends(self):
        """Its own end and the peer's, as far as the kernel told them."""
        both = {**self.entry, **(self.back or {})}
        return both.get("local"), both.get("peer") or both.get("address")

    def value(self):
        return self.back["value"] if self.back else None


class Watched:
    """A recording as the ladder has it."""

    def __init__(self, recording):
        words = [PROGRAM, "figure", recording, "--calls", "all", "--format", "json"]
        self.ladder = json.loads(subprocess.run(words, capture_output=True, text=True, check=True).stdout)
        told = subprocess.run([ITEMS, recording], capture_output=True, text=True, check=True).stdout
        self.items = [line.split("\t") for line in told.splitlines()]
        self.rows = self.ladder["rows"]
        self.calls, self.packets = {}, collections.defaultdict(list)
        for at, row in enumerate(self.rows):
            if "packet" in row:
                self.packets[row["conversation"]].append((at, row))
            for cell in row.get("cells", []):
                if "entry" in cell:
                    self.calls[cell["entry"]["id"]] = Call(cell, at)
                if "return" in cell and cell["return"]["id"] in self.calls:
                    self.calls[cell["return"]["id"]].returned(cell, at)
        self.ends = {c["index"]: (c["client"]["endpoint"], c["server"]["endpoint"])
                     for c in self.ladder["conversations"]}

    def counted(self, program):
        """As strace_calls(), of a program (from 0): all that was recorded, also the calls of
        sockets that never had a conversation."""
        calls, moved = collections.Counter(), collections.Counter()
        for words in self.items:
            if words[0] == "call" and words[3] == "return" and words[15] == str(program) and \
                    words[13] in ("TCP", "UDP"):
                result = int(words[9])
                word = words[9] if result >= 0 else errno.errorcode.get(-result, "?")
                note(calls, moved, words[4], words[13], word, int(words[14]) & ASIDE)
        return calls, moved

    def conversation(self, call):
        """Which one it is about, and whether its own end is the client's (0) or the server's (1);
        None where the kernel's word does not tell."""
        local, peer = call.ends()
        found = [(c, i) for c, ends in self.ends.items() for i in (0, 1)
                 if ends[1 - i] == peer and local and
                 (ends[i] == local or call.entry.get("transport") == "udp" and port(ends[i]) == port(local))]
        return found[0] if len(found) == 1 else None


def port(endpoint):
    return endpoint.rpartition(":")[2]


def wrong_columns(watched):
    """Calls that do not stand beside their own end of the arrows; and how many were looked at."""
    wrong, looked = [], 0
    lanes = {c: (packets[0][1]["from"], packets[0][1]["to"]) for c, packets in watched.packets.items()}
    for c, packets in watched.packets.items():
        for _, row in packets:
            if {row["from"], row["to"]} != set(lanes[c]):
                wrong.append(f"arrow {row['label']} leaves the lanes of its conversation")
    for call in watched.calls.values():
        mine = watched.conversation(call)
        if not mine or mine[0] not in lanes:
            continue
        looked += 1
        if call.lane != lanes[mine[0]][mine[1]]:
            wrong.append(f"{call.entry['text']} of {call.ends()} stands in lane {call.lane}")
    return wrong, looked


def first_row(packets, side, wanted):
    """The first row of an end's packets that is as wanted; None where there is none."""
    return next((at for at, row in packets if row["side"] == side and wanted(row["packet"])), None)


def wrong_order(watched):
    """Returns above their cause, and segments above their call; and how many were looked at."""
    wrong, looked = [], 0
    lanes = {c: (packets[0][1]["from"], packets[0][1]["to"]) for c, packets in watched.packets.items()}
    for c, packets in watched.packets.items():
        for _, row in packets:
            row["side"] = lanes[c].index(row["from"]) if row["from"] in lanes[c] else None
    mine = collections.defaultdict(list)
    for call in watched.calls.values():
        found = watched.conversation(call)
        if found and "SCM_RIGHTS" not in call.entry["text"]:
            mine[found].append(call)
    for (c, side), calls in mine.items():
        packets = watched.packets.get(c)
        if not packets:
            continue
        tcp = "flags" in packets[0][1]["packet"]
        for text in (order_of_tcp if tcp else order_of_datagrams)(packets, side, calls):
            looked += 1
            if text:
                wrong.append(text)
    return wrong, looked


def order_of_tcp(packets, side, calls):
    """For each thing looked at None, or what is wrong with it."""
    peer = 1 - side
    got = 0
    for call in sorted((c for c in calls if c.back), key=lambda c: c.back["time_ns"]):
        what = f"{call.entry['text']} = {call.back['text']} in row {call.last}"
        cause = None
        if call.name in ("accept", "accept4") and call.value() >= 0:
            cause = first_row(packets, peer, lambda p: "ACK" in p["flags"] and "SYN" not in p["flags"])
        elif call.name == "connect" and call.value() == 0:
            cause = first_row(packets, peer, lambda p: {"SYN", "ACK"} <= set(p["flags"]))
        elif call.name in RECEIVES and call.back["text"] == "EOF":
            cause = first_row(packets, peer, lambda p: "FIN" in p["flags"] or "RST" in p["flags"])
        elif call.name in RECEIVES and call.value() > 0 and not call.entry.get("flags", 0) & ASIDE:
            got += call.value()
            cause = first_row(packets, peer, lambda p: p["length"] and p["seq"] - 1 + p["length"] >= got)
            if cause is None and not any("SYN" in row["packet"]["flags"] for _, row in packets):
                continue
            if cause is None:
                yield f"{what}: no segment brought these bytes"
                continue
        if cause is not None:
            yield None if call.last >= cause else f"{what} above its cause in row {cause}"
    sends = sorted((c for c in calls if c.name in SENDS), key=lambda c: c.first)
    for at, row in packets:
        packet = row["packet"]
        if row["side"] != side:
            continue
        if packet["length"]:
            begun = [c for c in sends if c.first <= at]
            given = sum(max(c.value() or 0, 0) if c.last is not None and c.last <= at else
                        c.entry.get("size", 1 << 40) for c in begun)
            yield None if given >= packet["seq"] - 1 + packet["length"] else \
                f"segment {row['label']} in row {at} above the call that sends it"
        if "FIN" in packet["flags"]:
            yield None if any(c.name in CLOSES and c.first <= at for c in calls) else f"{row['label']} without a cause"


def order_of_datagrams(packets, side, calls):
    arrived = [at for at, row in packets if row["side"] != side]
    got = 0
    for call in sorted((c for c in calls if c.back), key=lambda c: c.back["time_ns"]):
        if call.name in RECEIVES and call.value() >= (call.name != "recvmmsg") - 1 and call.value() >= 0:
            if call.entry.get("flags", 0) & ASIDE:
                continue
            got += call.value() if call.name == "recvmmsg" else 1
            if got > len(arrived):
                yield f"{call.entry['text']}: no datagram"
            else:
                yield None if call.last >= arrived[got - 1] else f"{call.entry['text']} above its datagram"


def wrong_bars(watched):
    """Bars of calls that did not sleep, and sleeps without a bar."""
    wrong = []
    for call in test_waits.calls_of(watched.ladder):
        handshake = call.name == "connect" and call.text in ("0", "ECONNREFUSED") and call.last > call.first
        if call.name != "exit" and call.slept is not None and call.bar != (call.slept or handshake):
            wrong.append(f"bar: {call}")
    return wrong


def wrong_calls(pair, watched):
    """What strace and the ladder count differently, and how many calls the ladder has."""
    wrong, total = [], 0
    for i in range(len(pair.commands)):
        there, moved_there = strace_calls(pair.folder / f"{i}.strace")
        here, moved_here = watched.counted(i)
        total += sum(here.values())
        for name, kind in sorted(here.keys() | there.keys()):
            both = here[name, kind], there[name, kind]
            # In how many pieces a stream is read depends on when they come; the bytes are the same.
            # Its end is read, or a signal comes before.
            pieces = name in RECEIVES and (kind == "EOF" or kind == "ok" and all(both))
            if both[0] != both[1] and not pieces and name not in pair.loose:
                wrong.append(f"program {i + 1}: {name} = {kind}: strace {both[1]}, the ladder {both[0]}")
        if moved_here != moved_there and "bytes" not in pair.loose:
            wrong.append(f"program {i + 1}: bytes {dict(moved_there)} under strace, {dict(moved_here)} on the ladder")
    return wrong, total


def plain(pair, text):
    """What was printed, without what differs from run to run and the forms that pktladder changes."""
    text = text.replace("\r", "\n").expandtabs(8)
    if pair.differs:
        text = re.sub(pair.differs, "~", text, flags=re.M)
    return [line.rstrip() for line in text.splitlines() if line.strip()]


def printed(pair, said):
    """What the client printed, of what pktladder said."""
    who = "client: " if len(pair.commands) == 2 else f"program {len(pair.commands)}: "
    return plain(pair, "\n".join(line[len(who):] for line in said.splitlines() if line.startswith(who)))


def run_watched(pair, recording):
    """`pktladder run` as text: its status, and what it said."""
    pair.write()
    words = [PROGRAM, "run", "--text", "--wait", "60", "-w", recording]
    for i, program in enumerate(pair.programs()):
        words += ["--and" if i else "--", *program]
    done = subprocess.run([*ordinary_user(), *map(str, words)], env=pair.environment(), cwd=pair.folder,
                          capture_output=True, text=True, errors="replace", timeout=120, stdin=subprocess.DEVNULL)
    return done.returncode, done.stderr


class Result:
    """What became of a pair."""

    def __init__(self, name):
        self.name, self.wrong, self.tcp = name, [], False
        self.calls = self.packets = self.order = self.columns = self.states = self.times = 0

    def row(self):
        """For docs/TESTING.md."""
        pair = PAIRS[self.name]
        return f"| {self.name} | {pair.language} | {pair.kind} | {self.calls} | {self.packets} | {self.states} | " + \
            (f"{pair.known}" if pair.known else "differs" if self.wrong else "as alone") + \
            (f"; {', '.join(sorted(pair.loose))} not compared: {pair.why}" if pair.loose else "") + " |"

    def line(self):
        failed = "KNOWN" if PAIRS[self.name].known else "FAILED"
        return (f"{failed if self.wrong else 'ok'} {self.name}: {self.calls} calls, {self.packets} packets, "
                f"{self.order} in order, {self.columns} in their columns, {self.states} states at {self.times} times"
                + "".join(f"\n  {line} ({self.wrong.count(line)} times)" for line in dict.fromkeys(self.wrong)))


def missing(pair):
    return [program for program in pair.needs if not shutil.which(program) and not os.path.isdir(program)]


def judge(name):
    """Runs a pair in all ways; what is wrong with it."""
    pair, result = PAIRS[name], Result(name)
    try:
        folder = work_folder()
        folder.chmod(0o755)
        pair.prepare(folder)
        compare_runs(pair, result)
        if result.tcp:
            compare_states(pair, result)
    except (AssertionError, subprocess.SubprocessError, OSError, ValueError, KeyError) as error:
        result.wrong.append(f"{type(error).__name__}: {error}")
    return result


def compare_runs(pair, result):
    statuses, outputs = run_alone(pair, False)
    check(statuses[-1] == pair.status, f"alone the client ends with {statuses[-1]}: {outputs}")
    recording = pair.folder / "run.pcapng"
    status, said = run_watched(pair, recording)
    if KEEP:
        shutil.copy(recording, f"{KEEP}/{result.name.replace('/', ' ')}.pcapng")
    if status != pair.status:
        result.wrong.append(f"pktladder ends with {status}, the client alone with {pair.status}: {said[-500:]}")
    alone, watched = plain(pair, outputs[-1]), printed(pair, said)
    if sorted(alone) != sorted(watched):
        result.wrong.append(f"the client prints {[x for x in watched if x not in alone][:3]}, alone "
                            f"{[x for x in alone if x not in watched][:3]}")
    run_alone(pair, True)
    ladder = Watched(recording)
    calls, result.calls = wrong_calls(pair, ladder)
    columns, result.columns = wrong_columns(ladder)
    order, result.order = wrong_order(ladder)
    result.packets = sum(map(len, ladder.packets.values()))
    result.tcp = any(c["transport"] == "tcp" for c in ladder.ladder["conversations"])
    result.wrong += calls + columns + order + wrong_bars(ladder)


def compare_states(pair, result):
    recording = pair.folder / "step.pcapng"
    pair.write()
    test_oracle.EXPLAINED[result.name] = pair.explained
    told = test_oracle.step_through(recording, pair.programs(), ordinary_user(), pair.environment(), STEPS)
    wrong, result.states = test_oracle.compare(result.name, told, test_oracle.drawn_states(recording),
                                                LATE_NS)
    result.times = len(told)
    result.wrong += wrong


def packages(programs):
    return sorted({PACKAGES.get(program, program) for program in programs})


# Killed at random moments.

KILLED = ("prefork", "redis", "nginx, curl", "postgresql, psql", "python, haproxy, curl")
KILLS = 6  # of each pair


def network_of(pid):
    try:
        return os.readlink(f"/proc/{pid}/ns/net")
    except OSError:
        return None


def everybody():
    return [int(path.name) for path in pathlib.Path("/proc").glob("[0-9]*")]


def kill_once(pair, chance, temporary):
    """Kills pktladder, or its tracer, a while after its start; how many processes were there."""
    words = [PROGRAM, "run", "--text", "-w", pair.folder / "killed.pcapng"]
    for i, program in enumerate(pair.programs()):
        words += ["--and" if i else "--", *program]
    process = subprocess.Popen([*ordinary_user(), *map(str, words)], cwd=pair.folder, stdin=subprocess.DEVNULL,
                               env={**pair.environment(), "TMPDIR": str(temporary)}, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    time.sleep(chance.uniform(0, 1.2))
    family = [process.pid, *descendants(process.pid)]
    networks = {network_of(pid) for pid in family} - {network_of("self"), None}
    tracers = [pid for pid in family if pathlib.Path(f"/proc/{pid}/comm").exists() and
               pathlib.Path(f"/proc/{pid}/comm").read_text() == "pktladder-trace\n"]
    os.kill(chance.choice([process.pid, *tracers]), signal.SIGKILL)
    process.wait(20)
    end = time.monotonic() + 10
    while time.monotonic() < end:
        left = [pid for pid in everybody() if pid in family and running(pid) or network_of(pid) in networks]
        if not left:
            break
        time.sleep(0.02)
    check(not left, f"left: {[(pid, pathlib.Path(f'/proc/{pid}/cmdline').read_text()) for pid in left]}")
    check(not list(temporary.iterdir()), f"left: {list(temporary.iterdir())}")
    return len(family)


def kill_at_random(names):
    """No process, so no namespace, and no file is left; they are gone with the last process."""
    chance = random.Random(15)
    for name in names:
        pair = PAIRS[name]
        folder = work_folder()
        folder.chmod(0o755)
        pair.prepare(folder)
        temporary = folder / "temporary"
        temporary.mkdir()
        pair.write()
        most = 0
        for _ in range(KILLS):
            pair.write()
            most = max(most, kill_once(pair, chance, temporary))
            for path in folder.glob("data/postmaster.pid"):
                path.unlink()
        check(most > 4, f"{name}: never more than {most} processes were there")
        print(f"ok {name}: killed {KILLS} times, of up to {most} processes none was left", flush=True)
    return 0


def main():
    need("tmux", "ss", "nsenter", "strace", "unshare", "setpriv", "ip")
    names = [name for name in PAIRS if not WANTED or name in WANTED]
    absent = [name for name in names if missing(PAIRS[name])]
    if absent:
        programs = sum((missing(PAIRS[name]) for name in absent), [])
        skip_part(f"{len(absent)} of {len(names)} pairs are not installed ({'; '.join(absent)}): "
                  f"apt-get install {' '.join(packages(programs))}")
    names = [name for name in names if name not in absent]
    if KILL:
        return kill_at_random([name for name in names if WANTED or name in KILLED])
    if not names:
        skip("no pair is installed")
    # They wait most of the time.
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        results = []
        for result in pool.map(judge, names):
            print(result.row() if TABLE and not result.wrong else result.line(), flush=True)
            results.append(result)
    def differs(result):
        return bool(result.wrong) != bool(PAIRS[result.name].known)

    # Six at once on two processors meet time limits of their own: what differs is run again, alone.
    failed = []
    for result in filter(differs, results):
        again = judge(result.name)
        print(f"again, alone: {again.line()}", flush=True)
        failed += [result.name] * differs(again)
    print(f"{len(results)} pairs, {sum(r.calls for r in results)} calls, {sum(r.states for r in results)} states; "
          f"{len(failed)} differ" + ": " * bool(failed) + ", ".join(failed))
    return bool(failed)


if __name__ == "__main__":
    if ALONE:
        alone_inside(sys.argv[2], sys.argv[3] == "1", json.loads(sys.argv[4]))
    elif LIST:
        print(*packages(program for pair in PAIRS.values() if pair.ci for program in pair.needs))
    else:
        sys.exit(main())

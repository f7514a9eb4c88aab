"""The windows of Benchmarks/windows.rules on other engines: Redis, DuckDB, SQLite, PostgreSQL.

Reads lines `scenario path late each`; a file holds `key,time,amount,clock,measured` per event. Prints
lines `peer scenario nanoseconds-per-event checksum`: of a pass over the whole table, and as
`peer_each` of `each` events inserted and asked about one by one. Peers that are not installed are
left out.
"""

import csv
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time

HOUR = 3_600_000_000
MODULUS = 1_000_000_007

# The members of a window are a sorted set. A running total holds the day before the clock; what
# comes late is answered from that and the entries between the two ends of the windows. Events before
# any is timed are not asked about.
SCRIPT = """
local function each(from, to)
  local sum = 0
  for _, m in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], from, to)) do
    sum = sum + tonumber(string.match(m, ':(%d+)$'))
  end
  return sum
end
local function num(x) return string.format('%.0f', x) end
local t, clock, late = tonumber(ARGV[2]), tonumber(ARGV[4]), tonumber(ARGV[5])
redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1] .. ':' .. ARGV[3])
local total = redis.call('HINCRBY', KEYS[2], 's', ARGV[3])
local before = redis.call('HGET', KEYS[2], 'c')
if before ~= ARGV[4] then
  redis.call('HSET', KEYS[2], 'c', ARGV[4])
  if before then
    local gone = each('(' .. num(tonumber(before) - 86400000000), num(clock - 86400000000))
    if gone > 0 then total = redis.call('HINCRBY', KEYS[2], 's', num(-gone)) end
  end
  redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', num(clock - 86400000000 - late))
end
if ARGV[6] == '0' then return {0, 0, 0} end
local n1 = redis.call('ZCOUNT', KEYS[1], '(' .. num(t - 3600000000), ARGV[2])
local day = num(t - 86400000000)
local n24 = redis.call('ZCOUNT', KEYS[1], '(' .. day, ARGV[2])
local sum = total
if t < clock then
  sum = total + each('(' .. day, num(clock - 86400000000)) - each('(' .. ARGV[2], '+inf')
end
return {n1, n24, sum}
"""

SQL = """
SELECT sum(CASE WHEN measured = 1 THEN n1 + 3 * n24 + 7 * s24 ELSE 0 END) FROM (
  SELECT measured,
    count(*) OVER (PARTITION BY k ORDER BY t RANGE BETWEEN 3599999999 PRECEDING AND CURRENT ROW) n1,
    count(*) OVER w n24, sum(amount) OVER w s24
  FROM e
  WINDOW w AS (PARTITION BY k ORDER BY t RANGE BETWEEN 86399999999 PRECEDING AND CURRENT ROW)
) windows
"""

# The same asked after one event, over a table with an index.
ASK = """
SELECT count(CASE WHEN t > {t} - 3600000000 THEN 1 END), count(*), sum(amount)
FROM e WHERE k = {k} AND t > {t} - 86400000000 AND t <= {t}
"""


def rows_of(path):
    with open(path) as file:
        return [tuple(map(int, row)) for row in csv.reader(file)]


def report(peer, scenario, nanoseconds, checksum):
    print(peer, scenario, f"{nanoseconds:.1f}", int(checksum) % MODULUS, flush=True)


def answered(row):
    return row[0] + 3 * row[1] + 7 * int(row[2])


def one_by_one(peer, scenario, rows, apply):
    """Times an insert and a question for each of some events."""
    spent = 0
    checksum = 0
    for k, t, amount, _, _ in rows:
        begin = time.perf_counter_ns()
        row = apply(k, t, amount)
        spent += time.perf_counter_ns() - begin
        checksum += answered(row)
    report(f"{peer}_each", scenario, spent / len(rows), checksum)


def command(*parts):
    parts = [str(part).encode() for part in parts]
    head = b"*%d\r\n" % len(parts)
    return head + b"".join(b"$%d\r\n%s\r\n" % (len(part), part) for part in parts)


class Redis:
    """A server of its own on a socket, spoken to in pipelines of 1,000 events."""

    def __init__(self, folder):
        self.path = os.path.join(folder, "redis.sock")
        self.process = subprocess.Popen(
            ["redis-server", "--port", "0", "--unixsocket", self.path, "--save", "", "--appendonly", "no"],
            stdout=subprocess.DEVNULL,
        )
        for _ in range(100):
            if os.path.exists(self.path):
                break
            time.sleep(0.05)
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(self.path)
        self.buffer = b""

    def line(self):
        while b"\r\n" not in self.buffer:
            self.buffer += self.socket.recv(1 << 20)
        line, self.buffer = self.buffer.split(b"\r\n", 1)
        return line

    def replies(self, count, lines):
        data = [self.buffer]
        have = self.buffer.count(b"\r\n")
        while have < count * lines:
            piece = self.socket.recv(1 << 20)
            data.append(piece)
            have += piece.count(b"\r\n")
        self.buffer = b""
        return b"".join(data)

    def run(self, rows, late):
        self.socket.sendall(command("FLUSHALL"))
        self.line()
        self.socket.sendall(command("SCRIPT", "LOAD", SCRIPT))
        self.line()
        sha = self.line().decode()
        spent = 0
        count = 0
        checksum = 0
        for start in range(0, len(rows), 1000):
            part = rows[start : start + 1000]
            data = b"".join(
                command("EVALSHA", sha, 2, f"z{k}", f"h{k}", start + i, t, amount, clock, late, measured)
                for i, (k, t, amount, clock, measured) in enumerate(part)
            )
            begin = time.perf_counter_ns()
            self.socket.sendall(data)
            answer = self.replies(len(part), 4)
            elapsed = time.perf_counter_ns() - begin
            if not part[-1][4]:
                continue
            spent += elapsed
            count += len(part)
            lines = answer.split(b"\r\n")
            for i in range(len(part)):
                n1, n24, s24 = (int(lines[4 * i + j][1:]) for j in (1, 2, 3))
                checksum += n1 + 3 * n24 + 7 * s24
        return spent / count, checksum

    def close(self):
        self.process.terminate()
        self.process.wait()


def duckdb_run(path):
    import duckdb

    database = duckdb.connect()
    database.execute("PRAGMA threads=1")
    database.execute(
        "CREATE TABLE e AS SELECT column0 k, column1 t, column2 amount, column4 measured "
        f"FROM read_csv('{path}', header=false)"
    )
    # The best of three passes, as ours is the best of three.
    passes = []
    for _ in range(3):
        begin = time.perf_counter_ns()
        checksum = database.execute(SQL).fetchone()[0]
        passes.append(time.perf_counter_ns() - begin)
    return min(passes) / database.execute("SELECT count(*) FROM e").fetchone()[0], checksum


def duckdb_each(scenario, path, rows):
    import duckdb

    database = duckdb.connect()
    database.execute("PRAGMA threads=1")
    database.execute(
        "CREATE TABLE e AS SELECT column0 k, column1 t, column2 amount "
        f"FROM read_csv('{path}', header=false) WHERE column4 = 0"
    )
    database.execute("CREATE INDEX i ON e (k)")
    database.execute("PREPARE put AS INSERT INTO e VALUES ($1, $2, $3)")
    database.execute("PREPARE ask AS " + ASK.format(t="$2::BIGINT", k="$1::BIGINT"))

    def apply(k, t, amount):
        database.execute(f"EXECUTE put({k}, {t}, {amount})")
        return database.execute(f"EXECUTE ask({k}, {t})").fetchone()

    one_by_one("duckdb", scenario, rows, apply)


def sqlite_each(scenario, filled, rows):
    database = sqlite3.connect(":memory:", isolation_level=None)
    database.execute("CREATE TABLE e (k INT, t INT, amount INT)")
    database.executemany("INSERT INTO e VALUES (?, ?, ?)", (row[:3] for row in filled))
    database.execute("CREATE INDEX i ON e (k, t, amount)")
    ask = ASK.format(t="?2", k="?1")

    def apply(k, t, amount):
        database.execute("INSERT INTO e VALUES (?, ?, ?)", (k, t, amount))
        return database.execute(ask, (k, t)).fetchone()

    one_by_one("sqlite", scenario, rows, apply)


def sqlite_run(rows):
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE e (k INT, t INT, amount INT, measured INT)")
    database.executemany("INSERT INTO e VALUES (?, ?, ?, ?)", ((k, t, a, m) for k, t, a, _, m in rows))
    begin = time.perf_counter_ns()
    checksum = database.execute(SQL).fetchone()[0]
    return (time.perf_counter_ns() - begin) / len(rows), checksum


class Postgres:
    """A cluster of its own, as the user postgres, for the server refuses to run as root."""

    def __init__(self, folder):
        self.bin = sorted(os.listdir("/usr/lib/postgresql"))[-1]
        self.bin = f"/usr/lib/postgresql/{self.bin}/bin"
        self.folder = os.path.join(folder, "postgres")
        os.mkdir(self.folder)
        shutil.chown(self.folder, "postgres")
        os.chmod(folder, 0o755)
        self.sudo = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
        data = self.folder + "/data"
        self.call(f"{self.bin}/initdb", "-D", data, "--no-sync")
        options = f"-c listen_addresses= -c unix_socket_directories={self.folder} -c fsync=off"
        options += " -c work_mem=512MB -c shared_buffers=512MB -c max_parallel_workers_per_gather=0"
        self.call(f"{self.bin}/pg_ctl", "-D", data, "-o", options, "-w", "-l", data + "/log", "start")

    def call(self, *parts, data=None):
        done = subprocess.run(
            self.sudo + list(parts), input=data, capture_output=True, check=True, cwd=self.folder
        )
        return done.stdout.decode()

    def sql(self, text, data=None):
        return self.call("psql", "-h", self.folder, "-qAt", "-c", text, "postgres", data=data)

    def run(self, path, count):
        self.sql("DROP TABLE IF EXISTS e")
        self.sql("CREATE TABLE e (k BIGINT, t BIGINT, amount BIGINT, clock BIGINT, measured INT)")
        with open(path, "rb") as file:
            self.sql("COPY e FROM STDIN CSV", data=file.read())
        self.sql("ANALYZE e")
        begin = time.perf_counter_ns()
        checksum = self.sql(SQL)
        return (time.perf_counter_ns() - begin) / count, int(checksum)

    def each(self, scenario, path, rows):
        import psycopg2

        self.sql("DROP TABLE IF EXISTS e")
        self.sql("CREATE TABLE e (k BIGINT, t BIGINT, amount BIGINT, clock BIGINT, measured INT)")
        with open(path, "rb") as file:
            self.sql("COPY e FROM STDIN CSV", data=file.read())
        self.sql("DELETE FROM e WHERE measured = 1")
        self.sql("CREATE INDEX i ON e (k, t) INCLUDE (amount)")
        self.sql("VACUUM ANALYZE e")
        connection = psycopg2.connect(host=self.folder, user="postgres", dbname="postgres")
        connection.autocommit = True
        cursor = connection.cursor()
        cursor.execute("PREPARE put (BIGINT, BIGINT, BIGINT) AS INSERT INTO e VALUES ($1, $2, $3)")
        cursor.execute("PREPARE ask (BIGINT, BIGINT) AS " + ASK.format(t="$2", k="$1"))

        def apply(k, t, amount):
            # Both in one round trip.
            cursor.execute(f"EXECUTE put({k}, {t}, {amount}); EXECUTE ask({k}, {t})")
            return cursor.fetchone()

        one_by_one("postgresql", scenario, rows, apply)
        connection.close()

    def close(self):
        self.call(f"{self.bin}/pg_ctl", "-D", self.folder + "/data", "-m", "fast", "stop")


def has_module(name):
    try:
        __import__(name)
        return True
    except ImportError:
        return False


def main():
    wanted = [line.split() for line in sys.stdin]
    folder = tempfile.mkdtemp()
    redis = Redis(folder) if shutil.which("redis-server") else None
    postgres = Postgres(folder) if os.path.isdir("/usr/lib/postgresql") else None
    try:
        for scenario, path, late, each in wanted:
            rows = rows_of(path)
            filled = [row for row in rows if row[4] == 0]
            first = rows[len(filled) : len(filled) + int(each)]
            os.chmod(path, 0o644)
            if has_module("duckdb"):
                duckdb_each(scenario, path, first)
            sqlite_each(scenario, filled, first)
            if postgres and has_module("psycopg2"):
                postgres.each(scenario, path, first)
            if redis:
                report("redis", scenario, *redis.run(rows, int(late)))
            if int(late) > 0:
                # Frames over a table see what came later; only engines that take events one by one
                # can say what was known then.
                continue
            if has_module("duckdb"):
                report("duckdb", scenario, *duckdb_run(path))
            report("sqlite", scenario, *sqlite_run(rows))
            if postgres:
                report("postgresql", scenario, *postgres.run(path, len(rows)))
    finally:
        if redis:
            redis.close()
        if postgres:
            postgres.close()
        shutil.rmtree(folder, ignore_errors=True)


main()

"""The questions of `Benchmarks graph` asked of networkx, SQLite and Kùzu.

usage: peers.py QUESTION HOPS WINDOW_SECONDS LOADED ASKED

LOADED and ASKED are tab-separated: `u account value`, `e from to second`, `l account`; in ASKED a
line `? account other second` asks after what stands before it. Each peer answers on one line of
JSON; one that is not installed is left out.
"""

import json
import sys
import time
from collections import defaultdict

MAX_DEGREE = 50


def read(path):
    with open(path) as lines:
        return [line.split() for line in lines]


class NetworkX:
    name = "networkx"

    def __init__(self, question, hops, window):
        import networkx
        self.nx, self.question, self.hops, self.window = networkx, question, hops, window
        self.uses, self.edges, self.bad = networkx.Graph(), networkx.DiGraph(), set()

    def load(self, rows):
        for row in rows:
            self.change(row)

    def change(self, row):
        if row[0] == "u":
            self.uses.add_edge("a" + row[1], "v" + row[2])
        elif row[0] == "e":
            self.edges.add_edge(row[1], row[2], last=int(row[3]))
        else:
            self.bad.add(row[1])

    def near(self, account, after):
        if self.window == 0:
            node = "a" + account
            if node not in self.uses:
                return
            for value in self.uses[node]:
                if self.uses.degree(value) <= MAX_DEGREE:
                    for other in self.uses[value]:
                        yield other[1:]
            return
        if account in self.edges:
            for other, edge in self.edges.succ[account].items():
                if edge["last"] > after:
                    yield other
            for other, edge in self.edges.pred[account].items():
                if edge["last"] > after:
                    yield other

    def ask(self, account, other, second):
        after = second - self.window if self.window else -1
        if self.question == "rings":
            if account == other:
                return 1
            live = self.edges if not self.window else self.nx.subgraph_view(
                self.edges, filter_edge=lambda a, b: self.edges[a][b]["last"] > after)
            if other not in live:
                return 0
            ways = self.nx.single_source_shortest_path_length(live, other, self.hops - 1)
            return ways[account] + 1 if account in ways else 0
        reached, level, depth = {other}, [other], 0
        if self.question == "hops" and other in self.bad:
            return 0
        while level and (self.question == "clusters" or depth < self.hops):
            depth, following = depth + 1, []
            for each in level:
                for next_one in self.near(each, after):
                    if next_one not in reached:
                        reached.add(next_one)
                        following.append(next_one)
                        if self.question == "hops" and next_one in self.bad:
                            return depth
            level = following
        return len(reached) if self.question == "clusters" else self.hops + 1


class SQLite:
    name = "sqlite"

    def __init__(self, question, hops, window):
        import sqlite3
        self.question, self.hops, self.window = question, hops, window
        self.db = sqlite3.connect(":memory:", isolation_level=None)
        self.db.executescript("""
            CREATE TABLE used(account INT, value INT, PRIMARY KEY(account, value)) WITHOUT ROWID;
            CREATE TABLE user(value INT, account INT, PRIMARY KEY(value, account)) WITHOUT ROWID;
            CREATE TABLE value(value INTEGER PRIMARY KEY, degree INT);
            CREATE TABLE edge(a INT, b INT, last INT, PRIMARY KEY(a, b)) WITHOUT ROWID;
            CREATE TABLE back(b INT, a INT, last INT, PRIMARY KEY(b, a)) WITHOUT ROWID;
            CREATE TABLE bad(account INTEGER PRIMARY KEY);
            """)
        if question == "clusters":
            joined = ("at CROSS JOIN used USING(account) CROSS JOIN value USING(value) CROSS JOIN user USING(value) "
                      "WHERE degree <= 50" if not window else
                      "at CROSS JOIN (SELECT a, b, last FROM edge UNION ALL SELECT b, a, last FROM back)"
                      " ON a = at.account WHERE last > :after")
            took = "user.account" if not window else "b"
            self.sql = f"""WITH RECURSIVE at(account) AS (SELECT :other UNION
                SELECT {took} FROM {joined}) SELECT count(*) FROM at"""
        elif question == "rings":
            self.sql = f"""WITH RECURSIVE at(account, depth) AS (SELECT :other, 0 UNION
                SELECT edge.b, depth + 1 FROM at CROSS JOIN edge ON edge.a = at.account
                WHERE last > :after AND depth < {hops - 1})
                SELECT coalesce(min(depth) + 1, 0) FROM at WHERE account = :account"""
        else:
            joined = ("at CROSS JOIN used USING(account) CROSS JOIN value USING(value) CROSS JOIN user USING(value) "
                      "WHERE degree <= 50 AND" if not window else
                      "at CROSS JOIN (SELECT a, b, last FROM edge UNION ALL SELECT b, a, last FROM back)"
                      " ON a = at.account WHERE last > :after AND")
            took = "user.account" if not window else "b"
            self.sql = f"""WITH RECURSIVE at(account, depth) AS (SELECT :other, 0 UNION
                SELECT {took}, depth + 1 FROM {joined} depth < {hops})
                SELECT coalesce(min(depth), {hops + 1}) FROM at JOIN bad USING(account)"""

    def load(self, rows):
        self.db.execute("BEGIN")
        for row in rows:
            self.change(row)
        self.db.execute("COMMIT")

    def change(self, row):
        if row[0] == "u":
            pair = (int(row[1]), int(row[2]))
            if self.db.execute("INSERT OR IGNORE INTO used VALUES(?,?)", pair).rowcount == 1:
                self.db.execute("INSERT INTO user VALUES(?,?)", pair[::-1])
                self.db.execute("INSERT INTO value VALUES(?,1) ON CONFLICT DO UPDATE SET "
                                "degree = degree + 1", pair[1:])
        elif row[0] == "e":
            a, b, last = int(row[1]), int(row[2]), int(row[3])
            self.db.execute("REPLACE INTO edge VALUES(?,?,?)", (a, b, last))
            self.db.execute("REPLACE INTO back VALUES(?,?,?)", (b, a, last))
        else:
            self.db.execute("INSERT OR IGNORE INTO bad VALUES(?)", (int(row[1]),))

    def ask(self, account, other, second):
        after = second - self.window if self.window else -1
        if self.question == "rings" and account == other:
            return 1
        values = {"account": int(account), "other": int(other), "after": after}
        return self.db.execute(self.sql, values).fetchone()[0]


class Kuzu:
    name = "kuzu"

    def __init__(self, question, hops, window):
        import kuzu
        import tempfile
        self.folder = tempfile.TemporaryDirectory()
        self.question, self.hops, self.window = question, hops, window
        self.db = kuzu.Connection(kuzu.Database(self.folder.name + "/graph"), num_threads=1)
        for table in ["NODE TABLE Account(id INT64 PRIMARY KEY, bad BOOL)",
                      "NODE TABLE Value(id INT64 PRIMARY KEY)",
                      "REL TABLE Uses(FROM Account TO Value)",
                      "REL TABLE Edge(FROM Account TO Account, last INT64)"]:
            self.db.execute("CREATE " + table)
        way = "Edge" if window else "Uses"
        live = "(r, n | WHERE r.last > $after)" if window else ""
        scale = 1 if window else 2
        if question == "rings":
            text = f"""MATCH p = (b:Account {{id: $other}})-[:Edge* SHORTEST 1..{hops - 1} {live}]
                ->(a:Account {{id: $account}}) RETURN length(p) + 1"""
        elif question == "clusters":
            text = f"""MATCH (b:Account {{id: $other}})-[:{way}* SHORTEST 1..30 {live}]-(c:Account)
                WHERE c.id <> $other RETURN count(DISTINCT c.id) + 1"""
        else:
            text = f"""MATCH p = (b:Account {{id: $other}})-[:{way}* SHORTEST 1..{hops * scale}
                {live}]-(c:Account) WHERE c.bad RETURN min(length(p) / {scale})"""
        self.text = text

    def load(self, rows):
        accounts, values, uses, edges, bad = {}, set(), set(), {}, set()
        users = defaultdict(set)
        for row in rows:
            if row[0] == "u":
                users[row[2]].add(row[1])
            elif row[0] == "e":
                edges[row[1], row[2]] = row[3]
                accounts[row[1]] = accounts[row[2]] = True
            else:
                bad.add(row[1])
                accounts[row[1]] = True
        for value, its in users.items():
            # A hub joins nobody, so it is not there.
            if len(its) <= MAX_DEGREE:
                values.add(value)
                uses.update((each, value) for each in its)
            for each in its:
                accounts[each] = True
        self.accounts, self.values = set(accounts), values
        tables = [("Account", ((a, "true" if a in bad else "false") for a in accounts)),
                  ("Value", ((v,) for v in values)), ("Uses", uses),
                  ("Edge", ((a, b, t) for (a, b), t in edges.items()))]
        for table, lines in tables:
            path = f"{self.folder.name}/{table}.csv"
            with open(path, "w") as file:
                file.writelines(",".join(line) + "\n" for line in lines)
            self.db.execute(f'COPY {table} FROM "{path}"')

    def node(self, table, known, key):
        if key not in known:
            known.add(key)
            rest = ", bad: false" if table == "Account" else ""
            self.db.execute(f"CREATE (:{table} {{id: {key}{rest}}})")

    def change(self, row):
        if row[0] == "u":
            self.node("Account", self.accounts, row[1])
            self.node("Value", self.values, row[2])
            self.db.execute(f"MATCH (a:Account {{id: {row[1]}}}), (v:Value {{id: {row[2]}}}) "
                            "MERGE (a)-[:Uses]->(v)")
        elif row[0] == "e":
            for key in row[1:3]:
                self.node("Account", self.accounts, key)
            self.db.execute(f"MATCH (a:Account {{id: {row[1]}}}), (b:Account {{id: {row[2]}}}) "
                            f"MERGE (a)-[e:Edge]->(b) SET e.last = {row[3]}")
        else:
            self.node("Account", self.accounts, row[1])
            self.db.execute(f"MATCH (a:Account {{id: {row[1]}}}) SET a.bad = true")

    def ask(self, account, other, second):
        if self.question == "rings" and account == other:
            return 1
        values = {"other": int(other)}
        if self.question == "rings":
            values["account"] = int(account)
        # What filters a path takes no parameter.
        text = self.text.replace("$after", str(second - self.window))
        if self.question == "hops":
            own = self.db.execute("MATCH (a:Account {id: $other}) RETURN a.bad", {"other": int(other)})
            if own.has_next() and own.get_next()[0]:
                return 0
        found = self.db.execute(text, values)
        answer = found.get_next()[0] if found.has_next() else None
        if answer is None:
            return 0 if self.question == "rings" else self.hops + 1
        return answer


def run(peer, loaded, asked):
    start = time.perf_counter()
    peer.load(loaded)
    load_seconds = time.perf_counter() - start
    times, answers, spent = [], [], 0.0
    for row in asked:
        start = time.perf_counter()
        if row[0] == "?":
            answers.append(peer.ask(row[1], row[2], int(row[3])))
            spent += time.perf_counter() - start
            times.append(round(spent * 1e9))
            spent = 0.0
        else:
            peer.change(row)
            spent += time.perf_counter() - start
    print(json.dumps({"peer": peer.name, "load_seconds": load_seconds, "nanoseconds": times,
                      "answers": answers}), flush=True)


def main():
    question, hops, window = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    loaded, asked = read(sys.argv[4]), read(sys.argv[5])
    for kind in [NetworkX, SQLite, Kuzu]:
        try:
            peer = kind(question, hops, window)
        except ImportError:
            continue
        run(peer, loaded, asked)
        del peer


main()

"""The dashboard's questions on DuckDB's own file: the data of src/agency.rs, made from the same formulas.

Usage: questions_duckdb.py CAMPAIGNS REPEAT FILE
"""

import json
import os
import resource
import statistics
import sys
import time

import duckdb

campaigns, repeat, path = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
clients = max(campaigns // 100, 6)
DAYS, HOURLY_DAYS, LAST = 400, 56, "date '2026-11-23'"


def counts(h):
    return (
        f"100 + {h} % 5000 as impressions, 1 + {h} % 97 as clicks, ((1000 + {h} % 90000) * 1000000)::bigint as cost, "
        f"(({h} % 7) * 1000000)::bigint as conversions, (({h} % 7) * (20000 + {h} % 30000) * 1000000)::bigint as revenue, "
        f"(({h} % 7) * 1000000)::bigint as conversions_all, (({h} % 7) * (20000 + {h} % 30000) * 1000000)::bigint as revenue_all"
    )


def days(number):
    return f"(select unnest(generate_series({LAST} - {number - 1}, {LAST}, interval 1 day))::date as date) g"


if os.path.exists(path):
    os.remove(path)
db = duckdb.connect(path)
db.execute(f"set memory_limit = '4GB'; set temp_directory = '{path}.spill'")
db.execute(
    f"""create table campaigns as select k::int as id, (1 + k % {clients})::int as client, '캠페인_' || k || '_상시' as name,
      (array['google_ads', 'meta_ads', 'naver_ads', 'kakao'])[1 + (k // {clients}) % 4] as platform,
      (((k // {clients}) % 4) * 3 + k % 3)::int as channel, (1 + ((k // {clients}) % 4) // 2)::int as kind
    from (select unnest(generate_series(1, {campaigns})) as k)"""
)
day = "(g.date - date '2000-01-01')::bigint"
h = f"((k.id::bigint * 7919 + {day} * 104729) % 1000003)"
db.execute(f"create table daily as select g.date, k.id as campaign, k.channel, k.kind, {counts(h)} from {days(DAYS)}, campaigns k order by g.date, k.id")
h = f"((k.id::bigint * 7919 + {day} * 104729 + o.hour * 15485863::bigint) % 1000003)"
db.execute(
    f"""create table hourly as select g.date, k.id as campaign, k.channel, k.kind, o.hour, {counts(h)}
    from {days(HOURLY_DAYS)}, campaigns k, (select unnest(generate_series(0, 23))::int as hour) o order by g.date, k.id, o.hour"""
)
db.execute("checkpoint")
db.close()
db = duckdb.connect(path, read_only=True)

SUMS = "sum(impressions), sum(clicks) as clicks, sum(cost) as cost, sum(conversions), sum(revenue), sum(conversions_all), sum(revenue_all)"


def last(number):
    return f"m.date between {LAST} - {number - 1} and {LAST}"


def question(table, group, where):
    return lambda of: (
        f"select {group + ', ' if group else ''}m.kind, {SUMS} from {table} m{of and ' join campaigns k on k.id = m.campaign'} where {where}{of} "
        f"group by {group + ', ' if group else ''}m.kind"
    )


def campaign_table(number):
    def text(of):
        return (
            f"select k.platform, k.id, k.name, s.* from (select m.campaign, m.kind, {SUMS} from daily m"
            f"{' join campaigns k on k.id = m.campaign' if of else ''} where {last(number)}{of} group by 1, 2) s join campaigns k on k.id = s.campaign"
        )

    return text


QUESTIONS = [
    ("kpi", question("daily", "", last(28))),
    ("trend", question("daily", "m.date", last(365))),
    ("channel", question("daily", "m.channel", last(28))),
    ("campaigns 30 days", campaign_table(30)),
    ("campaigns 7 days", campaign_table(7)),
    ("weekday × hour", question("hourly", "isodow(m.date), m.hour", last(HOURLY_DAYS))),
    ("months", question("daily", "date_trunc('month', m.date)", last(390))),
]


def cpu():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


for name, text in QUESTIONS:
    for scope, of in (("client", " and k.client = 3"), ("agency", "")):
        sql = text(of)
        cursor = db.execute(sql)
        columns = [column[0] for column in cursor.description]
        rows = cursor.fetchall()
        wall = []
        begun_cpu = cpu()
        for _ in range(repeat):
            begun = time.perf_counter()
            rows = db.execute(sql).fetchall()
            wall.append((time.perf_counter() - begun) * 1000)
        cpu_ms = (cpu() - begun_cpu) * 1000 / repeat
        at = {column: columns.index(column) for column in ("cost", "clicks")}
        sums = {column: str(sum(int(row[index]) for row in rows)) for column, index in at.items()}
        print(
            json.dumps({"bench": "questions", "peer": "duckdb", "campaigns": campaigns, "scope": scope, "question": name, "cpu_ms": cpu_ms, "wall_ms": statistics.median(wall), **sums}),
            flush=True,
        )

"""A workbook of ROWS × 20 with a formula in each row, by XlsxWriter or openpyxl.

Usage: workbook_xlsxwriter.py xlsxwriter|openpyxl ROWS FILE
"""

import json
import resource
import sys
import time

peer, rows, path = sys.argv[1], int(sys.argv[2]), sys.argv[3]
HEADS = ["날짜", "매체", "계정", "캠페인 ID", "캠페인", "채널", "통화", "VAT", "VAT율", "노출", "클릭", "비용", "전환", "매출", "전체 전환", "전체 매출", "CTR", "CPC", "CPA", "ROAS"]


def values(index):
    clicks = index * 7919 % 997
    texts = ["2026-11-01", "naver_ads", "모아스토어_검색", f"{7000000 + index % 400:010}", f"브랜드 키워드_상시 #{index % 400:03}", "naver_search", "KRW", "included"]
    return texts + [10, clicks * 40, clicks, clicks * 431, clicks * 0.031, clicks * 900, clicks * 0.04, clicks * 900]


def formulas(line):
    return [f"=IF(J{line}=0,0,K{line}/J{line})", f"=IF(K{line}=0,0,L{line}/K{line})", f"=IF(M{line}=0,0,L{line}/M{line})", f"=IF(L{line}=0,0,N{line}/L{line})"]


begun = time.perf_counter()
if peer == "xlsxwriter":
    import xlsxwriter

    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEADS)
    for index in range(rows):
        sheet.write_row(index + 1, 0, values(index))
        for at, formula in enumerate(formulas(index + 2)):
            sheet.write_formula(index + 1, 16 + at, formula)
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": ["Sheet1", 1, 11, 30, 11]})
    sheet.insert_chart("W2", chart)
    book.close()
else:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(HEADS)
    for index in range(rows):
        sheet.append(values(index) + formulas(index + 2))
    book.save(path)
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({"bench": "workbook", "peer": peer, "rows": rows, "cpu_s": used.ru_utime + used.ru_stime, "wall_s": time.perf_counter() - begun, "peak_mib": used.ru_maxrss / 1024}))

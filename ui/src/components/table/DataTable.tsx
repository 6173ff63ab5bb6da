import {
  createSortedRowModel,
  type ColumnDef,
  rowSortingFeature,
  type SortingState,
  tableFeatures,
  useTable,
} from "@tanstack/react-table";
import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown, ArrowUp } from "lucide-react";
import { type CSSProperties, type KeyboardEvent, type ReactNode, useMemo, useRef, useState } from "react";
import { compareDecimals, toPixels } from "../../format/decimal";
import { useT } from "../../i18n/language";
import "./data-table.css";

export interface Column<Row> {
  id: string;
  header: string;
  /** The whole name, where the header is an abbreviation. */
  title?: string;
  /** Smallest width in px, and how eagerly it takes what is left. */
  width: number;
  grow?: number;
  kind: "text" | "decimal";
  /** What is sorted by; `null` stands last either way. */
  value: (row: Row) => string | null;
  cell: (row: Row) => ReactNode;
  total?: ReactNode;
}

interface DataTableProps<Row> {
  rows: readonly Row[];
  columns: readonly Column<Row>[];
  rowKey: (row: Row) => string;
  label: string;
  initialSort: { id: string; desc: boolean };
  rowHeight?: number;
  maxHeight?: number;
  /** Rows that stand below all others, however the table is sorted: what is left over. */
  isLast?: (row: Row) => boolean;
  /** Given: rows can be opened by click and Enter. */
  onOpen?: (row: Row) => void;
  rowTestId?: (row: Row) => string;
  /** The row of totals, first column; the others come from the columns. */
  totalLabel?: ReactNode;
  testId?: string;
}

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() });

/** Up to here every row is drawn; beyond, only those in sight. */
const DRAW_ALL = 60;

function byDecimal(a: string | null, b: string | null): number {
  if (a === null || b === null) return 0;
  // The number decides all but ties beyond its precision.
  return toPixels(a) - toPixels(b) || compareDecimals(a, b);
}

const collator = new Intl.Collator("ko", { numeric: true });

/** The one table: sorted by header, virtual, sticky head and totals, arrows move between rows and Enter opens. */
export function DataTable<Row extends object>(props: DataTableProps<Row>) {
  const {
    rows,
    columns,
    rowKey,
    label,
    initialSort,
    rowHeight = 34,
    maxHeight = 560,
    isLast,
    onOpen,
    rowTestId,
    totalLabel,
    testId,
  } = props;
  const t = useT();
  const scroll = useRef<HTMLDivElement>(null);
  const [sorting, setSorting] = useState<SortingState>([initialSort]);
  const [active, setActive] = useState(0);

  const defs = useMemo(
    () =>
      columns.map((column): ColumnDef<typeof features, Row> => ({
        id: column.id,
        // An unknown figure is last whichever way the column is sorted.
        accessorFn: (row) => column.value(row) ?? undefined,
        sortUndefined: "last",
        sortDescFirst: column.kind === "decimal",
        sortFn: (a, b) =>
          column.kind === "decimal"
            ? byDecimal(column.value(a.original), column.value(b.original))
            : collator.compare(column.value(a.original) ?? "", column.value(b.original) ?? ""),
      })),
    [columns],
  );
  const data = useMemo(() => [...rows], [rows]);
  const table = useTable({
    features,
    columns: defs,
    data,
    getRowId: rowKey,
    state: { sorting },
    onSortingChange: setSorting,
    enableSortingRemoval: false,
    enableMultiSort: false,
  });
  const inOrder = table.getRowModel().rows;
  const sorted = isLast
    ? [
        ...inOrder.filter(({ original }) => !isLast(original)),
        ...inOrder.filter(({ original }) => isLast(original)),
      ]
    : inOrder;
  const drawAll = sorted.length <= DRAW_ALL;
  // eslint-disable-next-line react-hooks/incompatible-library -- the virtualizer answers anew on every scroll, so this component is not memoised
  const virtual = useVirtualizer({
    count: drawAll ? 0 : sorted.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  });

  const layout = {
    "--columns": columns.map(({ width, grow }) => `minmax(${width}px, ${grow ?? 1}fr)`).join(" "),
    "--row-height": `${rowHeight}px`,
    minWidth: columns.reduce((sum, { width }) => sum + width, 0),
  } as CSSProperties;

  const focusRow = (index: number) => {
    const next = Math.max(0, Math.min(sorted.length - 1, index));
    setActive(next);
    if (!drawAll) virtual.scrollToIndex(next);
    requestAnimationFrame(() =>
      scroll.current?.querySelector<HTMLElement>(`[data-index="${next}"]`)?.focus(),
    );
  };

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (!(event.target instanceof HTMLElement) || event.target.dataset["index"] === undefined) return;
    const moves: Record<string, number> = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      PageDown: active + 10,
      PageUp: active - 10,
      Home: 0,
      End: sorted.length - 1,
    };
    const row = sorted[active];
    if ((event.key === "Enter" || event.key === " ") && onOpen && row) {
      event.preventDefault();
      onOpen(row.original);
      return;
    }
    const move = moves[event.key];
    if (move === undefined) return;
    event.preventDefault();
    focusRow(move);
  };

  const drawRow = (index: number, style?: CSSProperties) => {
    const row = sorted[index];
    if (!row) return null;
    return (
      <div
        key={row.id}
        role="row"
        aria-rowindex={index + 2}
        data-index={index}
        data-testid={rowTestId?.(row.original)}
        className={onOpen ? "table__row table__row--open" : "table__row"}
        style={style}
        tabIndex={index === Math.min(active, sorted.length - 1) ? 0 : -1}
        onFocus={() => setActive(index)}
        onClick={onOpen ? () => !isSelecting() && onOpen(row.original) : undefined}
      >
        {columns.map((column) => (
          <div
            key={column.id}
            role="gridcell"
            className={`table__cell table__cell--${column.kind}`}
            data-column={column.id}
          >
            {column.cell(row.original)}
          </div>
        ))}
      </div>
    );
  };

  return (
    <div className="table" ref={scroll} style={{ maxHeight }} onKeyDown={onKeyDown} data-testid={testId}>
      <div
        role="grid"
        aria-label={label}
        aria-rowcount={sorted.length + 1}
        aria-colcount={columns.length}
        className="table__grid"
        style={layout}
      >
        <div role="row" className="table__head" aria-rowindex={1}>
          {columns.map((column) => {
            const sort =
              sorting[0]?.id === column.id ? (sorting[0].desc ? "descending" : "ascending") : "none";
            return (
              <div
                key={column.id}
                role="columnheader"
                aria-sort={sort}
                className={`table__header table__cell--${column.kind}`}
              >
                {column.header !== "" && (
                  <button
                    type="button"
                    title={column.title ?? column.header}
                    aria-label={t("table.sort_by", { column: column.title ?? column.header })}
                    onClick={() => {
                      table.getColumn(column.id)?.toggleSorting();
                      setActive(0);
                    }}
                  >
                    {column.kind === "decimal" && <SortMark sort={sort} />}
                    <span className="truncate">{column.header}</span>
                    {column.kind === "text" && <SortMark sort={sort} />}
                  </button>
                )}
              </div>
            );
          })}
        </div>
        {drawAll ? (
          sorted.map((_, index) => drawRow(index))
        ) : (
          <div style={{ height: virtual.getTotalSize(), position: "relative" }}>
            {virtual.getVirtualItems().map(({ index, start }) =>
              drawRow(index, {
                position: "absolute",
                top: 0,
                left: 0,
                right: 0,
                transform: `translateY(${start}px)`,
              }),
            )}
          </div>
        )}
        {totalLabel !== undefined && (
          <div
            role="row"
            className="table__total"
            aria-rowindex={sorted.length + 2}
            data-testid={testId && `${testId}-total`}
          >
            {columns.map((column, index) => (
              <div
                key={column.id}
                role="gridcell"
                className={`table__cell table__cell--${column.kind}`}
                data-column={column.id}
              >
                {index === 0 ? totalLabel : column.total}
              </div>
            ))}
          </div>
        )}
      </div>
    </div>
  );
}

/** A figure is being marked for copying: that is no click. */
function isSelecting(): boolean {
  return (window.getSelection()?.toString() ?? "") !== "";
}

function SortMark({ sort }: { sort: "none" | "ascending" | "descending" }) {
  if (sort === "none") return null;
  return sort === "ascending" ? <ArrowUp aria-hidden /> : <ArrowDown aria-hidden />;
}

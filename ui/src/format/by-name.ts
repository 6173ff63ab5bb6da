const collator = new Intl.Collator("ko", { numeric: true });

/** By name as a person sorts: 거래처 2 before 거래처 10. */
export function byName<T extends { name: string }>(list: readonly T[]): T[] {
  return [...list].sort((a, b) => collator.compare(a.name, b.name));
}

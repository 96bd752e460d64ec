import { infiniteQueryOptions } from '@tanstack/react-query';

export interface CursorPage<Row> {
  data: Row[];
  next_cursor: string | null;
}

type AskPage<Row> = (cursor: string | undefined) => Promise<CursorPage<Row>>;

/** A list that is shown page after page. `wait` tells, of the first page's rows, how long until it is asked for anew. */
export function cursorPages<Row, const Key extends readonly unknown[]>(
  queryKey: Key,
  ask: AskPage<Row>,
  wait: (rows: Row[]) => number | false = () => false,
) {
  return infiniteQueryOptions({
    queryKey,
    queryFn: ({ pageParam }) => ask(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    // Only the first page is worth watching.
    refetchInterval: (query) => {
      const pages = query.state.data?.pages ?? [];
      return pages.length === 1 && wait(pages[0]!.data);
    },
  });
}

/** All rows, for a file. */
export async function allRows<Row>(ask: AskPage<Row>): Promise<Row[]> {
  const rows: Row[] = [];
  let cursor: string | undefined;
  do {
    const page = await ask(cursor);
    rows.push(...page.data);
    cursor = page.next_cursor ?? undefined;
  } while (cursor);
  return rows;
}

/** How often to ask for something that changes by itself as long as `isOpen` says so of it; never before it is known. */
export function whileOpen<Data>(interval: number, isOpen: (data: Data) => boolean) {
  return (query: { state: { data: Data | undefined } }) =>
    query.state.data !== undefined && isOpen(query.state.data) ? interval : false;
}

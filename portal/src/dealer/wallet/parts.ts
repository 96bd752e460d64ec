interface Part {
  shown: string;
  /** The page that it leads to, if any. */
  to?: string;
}

const ids = /\b(MM-[0-9A-Z]{6}|batch [0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\b/;

/** What a transaction was for, taken apart where it names an order or a batch. */
export function partsOf(description: string): Part[] {
  return description
    .split(ids)
    .filter((part) => part !== '')
    .map((part) => {
      if (!ids.test(part)) return { shown: part };
      if (part.startsWith('MM-')) return { shown: part, to: `/orders/${part}` };
      const batch = part.slice('batch '.length);
      return { shown: `batch ${batch.slice(0, 8)}…`, to: `/verification/${batch}` };
    });
}

const names: Record<string, string> = {
  fulfil: 'Orders',
  mail: 'Mails',
  refund: 'Refunds',
  replacement: 'Replacements',
  webhook: 'Webhooks',
  esim: 'eSIMs',
};

/** The kinds of work, as the service calls them. */
export const jobKinds = Object.keys(names);

/** What a kind of work is about; one that is new is called as it is. */
export function kindName(kind: string): string {
  return names[kind] ?? kind;
}

const names: Record<string, string> = {
  bought: 'Delivered',
  'failing since': 'Failing since then',
  'mail refused': 'Mail refused',
  'sent again': 'Mailed once more',
  // What operators have done.
  'order.retried': 'Tried again by hand',
  'order.failed': 'Ended by hand',
  'order.resent': 'Mail asked for once more',
};

/** What happened to an order, as the timeline tells it. */
export function momentName(what: string): string {
  const plain = what.replaceAll('_', ' ');
  return names[what] ?? plain.charAt(0).toUpperCase() + plain.slice(1);
}

import { day, text } from '../search';

export interface AuditFilters {
  actor?: string;
  subject?: string;
  since?: string;
}

/** The filters in the page's address; what is none of them is left out. */
export function auditFilters(search: Record<string, unknown>): AuditFilters {
  return { actor: text(search.actor), subject: text(search.subject), since: day(search.since) };
}

import { plural } from '~/shared/text/format';
import type { Provider } from '../payments/data';
import type { Level } from '../stock/data';

export interface Line {
  key: string;
  /** The page that mends it. */
  to: string;
  text: string;
}

export interface Found {
  stuckOrders: number;
  providers: Pick<Provider, 'prefix' | 'held' | 'waiting'>[];
  failingJobs: number;
  refusedMails: number;
  unmatched: number;
  reviews: number;
  lowPools: Level[];
}

/** What waits for a person, the most urgent first. */
export function linesOf(found: Found): Line[] {
  const lines: (Line | false)[] = [
    found.stuckOrders > 0 && {
      key: 'stuck',
      to: '/orders?stuck=true',
      text: `${plural(found.stuckOrders, 'order')} stuck`,
    },
    ...found.providers.map(
      ({ prefix, held, waiting }) =>
        held !== null && {
          key: `held ${prefix}`,
          to: '/orders?status=processing',
          text: `${prefix} is held: ${plural(waiting, 'order waits', 'orders wait')}`,
        },
    ),
    found.failingJobs > 0 && {
      key: 'jobs',
      to: '/jobs',
      text: `${plural(found.failingJobs, 'job')} failing`,
    },
    found.unmatched > 0 && {
      key: 'unmatched',
      to: '/payments',
      text: `${plural(found.unmatched, 'event')} of Stripe that nothing belongs to`,
    },
    found.reviews > 0 && {
      key: 'reviews',
      to: '/reviews',
      text: `${plural(found.reviews, 'replacement')} to decide about`,
    },
    found.refusedMails > 0 && {
      key: 'mails',
      to: '/jobs?show=mails',
      text: `${plural(found.refusedMails, 'mail')} refused`,
    },
    ...found.lowPools.map(({ pool, available }) => ({
      key: pool,
      to: '/stock',
      text: `Stock of ${pool} is low: ${plural(available, 'eSIM')} left`,
    })),
  ];
  return lines.filter((line) => line !== false);
}

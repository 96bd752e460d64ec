import { Anchor, Skeleton } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Card } from '~/shared/ui/Card';
import { Failed } from '~/shared/ui/states';
import { jobsQuery, mailsQuery } from '../jobs/data';
import { ordersQuery } from '../orders/data';
import { providersQuery, unmatchedQuery } from '../payments/data';
import { reviewsQuery } from '../reviews/data';
import { levelsQuery } from '../stock/data';
import { linesOf } from './attention';
import { often } from './data';
import css from './overview.module.css';

export function Attention() {
  const stuck = useQuery({ ...ordersQuery({ stuck: true }), ...often });
  const providers = useQuery(providersQuery);
  const jobs = useQuery(jobsQuery({ failed: true }));
  const mails = useQuery({ ...mailsQuery(true), ...often });
  const unmatched = useQuery({ ...unmatchedQuery, ...often });
  const reviews = useQuery({ ...reviewsQuery, ...often });
  const levels = useQuery({ ...levelsQuery, ...often });
  const asked = [stuck, providers, jobs, mails, unmatched, reviews, levels];
  const failed = asked.find((query) => query.data === undefined && query.error);
  if (failed)
    return (
      <Card title="Needs attention">
        <Failed error={failed.error} retry={() => asked.forEach((query) => void query.refetch())} />
      </Card>
    );
  if (asked.some((query) => query.data === undefined))
    return (
      <Card title="Needs attention">
        <Skeleton height={18} />
      </Card>
    );
  const lines = linesOf({
    stuckOrders: stuck.data!.length,
    providers: providers.data!,
    failingJobs: jobs.data!.length,
    refusedMails: mails.data!.length,
    unmatched: unmatched.data!.length,
    reviews: reviews.data!.length,
    lowPools: levels.data!.filter((level) => level.low),
  });
  return (
    <Card title="Needs attention">
      {lines.length === 0 ? (
        <div className={css.calm}>
          <IconCircleCheck size={18} aria-hidden /> Nothing needs attention.
        </div>
      ) : (
        <ul className={css.lines}>
          {lines.map((line) => (
            <li key={line.key}>
              <IconAlertTriangle size={16} aria-hidden />
              <Anchor component={Link} to={line.to} size="sm">
                {line.text}
              </Anchor>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

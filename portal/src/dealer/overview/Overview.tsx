import { Anchor, Button, Progress, Skeleton } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useRouteContext } from '@tanstack/react-router';
import { Suspense, lazy, type ReactNode } from 'react';
import { count, moment, plural, usd } from '~/shared/text/format';
import { Card, Figure } from '~/shared/ui/Card';
import { DataTable, type Column } from '~/shared/ui/DataTable';
import { Page } from '~/shared/ui/Page';
import { Empty, Shown } from '~/shared/ui/states';
import ui from '~/shared/ui/ui.module.css';
import { webhooksQuery } from '../developers/data';
import type { ListedOrder } from '../orders/data';
import { StatusBadge } from '../orders/StatusBadge';
import { batchesQuery, checkedOf } from '../verification/data';
import { walletQuery } from '../wallet/data';
import { courseOf } from './course';
import { daysShown, failuresQuery, lowBalanceUsd, recentQuery, statementQuery } from './data';
import css from './overview.module.css';

const BalanceChart = lazy(() =>
  import('./BalanceChart').then((module) => ({ default: module.BalanceChart })),
);

export function Overview() {
  const { dealer } = useRouteContext({ from: '/inside' });
  return (
    <Page
      name="Overview"
      lead={dealer.company}
      actions={
        <Button component={Link} to="/shop" size="sm">
          New order
        </Button>
      }
    >
      <Money />
      <div className={ui.two}>
        <Recent />
        <div className={ui.stack}>
          <Attention />
          <Running />
        </div>
      </div>
    </Page>
  );
}

function Money() {
  const wallet = useQuery(walletQuery);
  const statement = useQuery(statementQuery);
  const days =
    wallet.data && statement.data
      ? courseOf(statement.data.text, statement.data.from, statement.data.to, wallet.data.balance)
      : undefined;
  const sales = days?.reduce((sum, day) => sum + Math.round(day.sales * 100), 0);
  return (
    <Card>
      <div className={css.figures}>
        <Shown of={wallet} lines={2}>
          {(data) => (
            <Figure
              label="Balance"
              value={usd(data.balance)}
              note={
                <Anchor component={Link} to="/wallet" size="sm">
                  Wallet and top-up
                </Anchor>
              }
            />
          )}
        </Shown>
        {wallet.data && (
          <Figure
            label={`Sales of ${daysShown} days`}
            value={sales === undefined ? '…' : usd(sales / 100)}
            note="Purchases, less what came back"
          />
        )}
      </div>
      <Suspense fallback={<Skeleton height={180} mt="md" />}>
        {days ? <BalanceChart days={days} /> : !statement.error && <Skeleton height={180} mt="md" />}
      </Suspense>
    </Card>
  );
}

const columns: Column<ListedOrder>[] = [
  {
    name: 'Order',
    cell: (order) => (
      <Anchor component={Link} to={`/orders/${order.shortId}`} size="sm" fw={550} className="figures">
        {order.shortId}
      </Anchor>
    ),
  },
  { name: 'Product', cell: (order) => order.productName },
  { name: 'Status', cell: (order) => <StatusBadge status={order.status} /> },
  { name: 'Total', right: true, cell: (order) => usd(order.totalUsd) },
];

function Recent() {
  const recent = useQuery(recentQuery);
  return (
    <Card
      title="Latest orders"
      flush
      actions={
        <Anchor component={Link} to="/orders" size="sm">
          All orders
        </Anchor>
      }
    >
      <Shown of={recent}>
        {(page) => (
          <DataTable
            caption="Latest orders"
            columns={columns}
            rows={page.data}
            keyOf={(order) => order.id}
            empty={
              <Empty
                title="No orders yet"
                action={
                  <Button component={Link} to="/shop" size="sm">
                    Go to the shop
                  </Button>
                }
              >
                Your first eSIM is three clicks away.
              </Empty>
            }
          />
        )}
      </Shown>
    </Card>
  );
}

function Attention() {
  const wallet = useQuery(walletQuery);
  const failures = useQuery(failuresQuery);
  const hooks = useQuery(webhooksQuery);
  const lines: { key: string; text: ReactNode }[] = [];
  if (wallet.data && wallet.data.balance < lowBalanceUsd)
    lines.push({
      key: 'balance',
      text: (
        <>
          The balance is low.{' '}
          <Anchor component={Link} to="/wallet" size="sm">
            Top up
          </Anchor>
        </>
      ),
    });
  for (const order of failures.data?.data ?? [])
    lines.push({
      key: order.id,
      text: (
        <>
          <Anchor component={Link} to={`/orders/${order.shortId}`} size="sm">
            {order.shortId}
          </Anchor>{' '}
          failed, {moment(order.createdAt)}
        </>
      ),
    });
  for (const hook of (hooks.data ?? []).filter((one) => one.disabled))
    lines.push({
      key: hook.id,
      text: (
        <>
          A webhook is disabled.{' '}
          <Anchor component={Link} to="/developers" size="sm">
            Look
          </Anchor>
        </>
      ),
    });
  const isKnown = wallet.data && failures.data && hooks.data;
  return (
    <Card title="Needs attention">
      {lines.length > 0 ? (
        <ul className={css.lines}>
          {lines.map((line) => (
            <li key={line.key}>
              <IconAlertTriangle size={16} aria-hidden /> <span>{line.text}</span>
            </li>
          ))}
        </ul>
      ) : isKnown ? (
        <div className={css.calm}>
          <IconCircleCheck size={18} aria-hidden /> Nothing does.
        </div>
      ) : (
        <Skeleton height={18} />
      )}
    </Card>
  );
}

function Running() {
  const batches = useQuery(batchesQuery(1));
  const running = batches.data?.batches.filter((batch) => !batch.completed_at) ?? [];
  if (running.length === 0) return null;
  return (
    <Card title="Running batches">
      <ul className={css.lines}>
        {running.map((batch) => {
          const checked = checkedOf(batch.progress);
          return (
            <li key={batch.id} className={css.batch}>
              <Anchor component={Link} to={`/verification/${batch.id}`} size="sm">
                {batch.label}
              </Anchor>
              <Progress
                value={(100 * checked) / batch.total_rows}
                size="sm"
                aria-label={`${batch.label}: ${count(checked)} of ${plural(batch.total_rows, 'code')} checked`}
              />
            </li>
          );
        })}
      </ul>
    </Card>
  );
}

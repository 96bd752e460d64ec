import { Anchor, Button, Progress, Skeleton } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useRouteContext } from '@tanstack/react-router';
import { Suspense, lazy, type ReactNode } from 'react';
import { count, moment, usd } from '~/shared/text/format';
import { Card, Figure } from '~/shared/ui/Card';
import { DataTable, type Column } from '~/shared/ui/DataTable';
import { Page } from '~/shared/ui/Page';
import { Empty, Failed, Shown } from '~/shared/ui/states';
import ui from '~/shared/ui/ui.module.css';
import { webhooksQuery } from '../developers/data';
import type { ListedOrder } from '../orders/data';
import { whatOf } from '../orders/words';
import { StatusBadge } from '../orders/StatusBadge';
import { batchesQuery, checkedOf } from '../verification/data';
import { batchName } from '../verification/words';
import { walletQuery } from '../wallet/data';
import { t } from '../words';
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
      name={t.pages.overview}
      lead={dealer.company}
      actions={
        <Button component={Link} to="/shop" size="sm">
          {t.overview.newOrder}
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
  const isBroken = statement.data === undefined && statement.error !== null;
  const sales = days?.reduce((sum, day) => sum + Math.round(day.sales * 100), 0);
  return (
    <Card>
      <div className={css.figures}>
        <Shown of={wallet} lines={2}>
          {(data) => (
            <Figure
              label={t.fields.balance}
              value={usd(data.balance)}
              note={
                <Anchor component={Link} to="/wallet" size="sm">
                  {t.overview.toWallet}
                </Anchor>
              }
            />
          )}
        </Shown>
        {wallet.data && !isBroken && (
          <Figure
            label={t.overview.sales(daysShown)}
            value={sales === undefined ? '…' : usd(sales / 100)}
            note={t.overview.salesNote}
          />
        )}
      </div>
      {wallet.data && isBroken ? (
        <Failed error={statement.error} retry={() => void statement.refetch()} />
      ) : (
        <Suspense fallback={<Skeleton height={180} mt="md" />}>
          {days ? <BalanceChart days={days} /> : !wallet.error && <Skeleton height={180} mt="md" />}
        </Suspense>
      )}
    </Card>
  );
}

const columns = (): Column<ListedOrder>[] => [
  {
    name: t.overview.order,
    cell: (order) => (
      <Anchor component={Link} to={`/orders/${order.shortId}`} size="sm" fw={550} className="figures">
        {order.shortId}
      </Anchor>
    ),
  },
  { name: t.fields.product, cell: whatOf },
  { name: t.overview.status, cell: (order) => <StatusBadge status={order.status} /> },
  { name: t.fields.total, right: true, cell: (order) => usd(order.totalUsd) },
];

function Recent() {
  const recent = useQuery(recentQuery);
  return (
    <Card
      title={t.overview.latest}
      flush
      actions={
        <Anchor component={Link} to="/orders" size="sm">
          {t.overview.allOrders}
        </Anchor>
      }
    >
      <Shown of={recent}>
        {(page) => (
          <DataTable
            caption={t.overview.latest}
            columns={columns()}
            rows={page.data}
            keyOf={(order) => order.id}
            empty={
              <Empty
                title={t.overview.noOrders}
                action={
                  <Button component={Link} to="/shop" size="sm">
                    {t.overview.toShop}
                  </Button>
                }
              >
                {t.overview.noOrdersText}
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
  if (wallet.data && hooks.data && wallet.data.balance < lowBalanceUsd(hooks.data))
    lines.push({
      key: 'balance',
      text: (
        <>
          {t.overview.lowBalance}{' '}
          <Anchor component={Link} to="/wallet" size="sm">
            {t.overview.topUp}
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
          {t.overview.failed(moment(order.createdAt))}
        </>
      ),
    });
  for (const hook of (hooks.data ?? []).filter((one) => one.disabled))
    lines.push({
      key: hook.id,
      text: (
        <>
          {t.overview.hookDisabled}{' '}
          <Anchor component={Link} to="/developers" size="sm">
            {t.overview.look}
          </Anchor>
        </>
      ),
    });
  const asked = [wallet, failures, hooks];
  const broken = asked.find((query) => query.data === undefined && query.error);
  const isKnown = asked.every((query) => query.data !== undefined);
  return (
    <Card title={t.overview.attention}>
      {broken ? (
        <Failed error={broken.error} retry={() => asked.forEach((query) => void query.refetch())} />
      ) : lines.length > 0 ? (
        <ul className={css.lines}>
          {lines.map((line) => (
            <li key={line.key}>
              <IconAlertTriangle size={16} aria-hidden /> <span>{line.text}</span>
            </li>
          ))}
        </ul>
      ) : isKnown ? (
        <div className={css.calm}>
          <IconCircleCheck size={18} aria-hidden /> {t.overview.nothing}
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
  if (batches.data === undefined && batches.error)
    return (
      <Card title={t.overview.running}>
        <Failed error={batches.error} retry={() => void batches.refetch()} />
      </Card>
    );
  if (running.length === 0) return null;
  return (
    <Card title={t.overview.running}>
      <ul className={css.lines}>
        {running.map((batch) => {
          const checked = checkedOf(batch.progress);
          return (
            <li key={batch.id} className={css.batch}>
              <Anchor component={Link} to={`/verification/${batch.id}`} size="sm">
                {batchName(batch)}
              </Anchor>
              <Progress
                value={(100 * checked) / batch.total_rows}
                size="sm"
                aria-label={t.overview.progress(
                  batchName(batch),
                  count(checked),
                  t.units.codes(batch.total_rows),
                )}
              />
            </li>
          );
        })}
      </ul>
    </Card>
  );
}

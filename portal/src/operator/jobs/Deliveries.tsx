import { Anchor, Checkbox } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { count } from '~/shared/text/format';
import { Card } from '~/shared/ui/Card';
import { ExportButton, type Column } from '~/shared/ui/DataTable';
import { PagedTable } from '~/shared/ui/PagedTable';
import { Empty, Shown } from '~/shared/ui/states';
import { Tag } from '~/shared/ui/Tag';
import ui from '~/shared/ui/ui.module.css';
import { Action } from '../act/Action';
import { SearchField } from '../SearchField';
import type { Tone } from '../tone';
import { when } from '../when';
import { deliveriesQuery, replayDelivery, type Delivery } from './data';

const looks: Record<Delivery['status'], { name: string; tone: Tone }> = {
  pending: { name: 'Is tried', tone: 'blue' },
  delivered: { name: 'Delivered', tone: 'green' },
  failed: { name: 'Given up', tone: 'red' },
};

function State({ delivery }: { delivery: Delivery }) {
  const look = looks[delivery.status];
  return (
    <>
      <Tag color={look.tone}>{look.name}</Tag>{' '}
      {delivery.disabledAt && <Tag color="gray">Webhook disabled</Tag>}
      {delivery.failure && <div className={ui.lead}>{delivery.failure}</div>}
    </>
  );
}

const columns: Column<Delivery>[] = [
  {
    name: 'Message',
    cell: (one) => (
      <>
        <span className="mono">{one.event}</span>
        <div className={ui.lead} style={{ overflowWrap: 'anywhere' }}>
          {one.url}
        </div>
      </>
    ),
    csv: (one) => one.event,
  },
  {
    name: 'Dealer',
    cell: (one) => (
      <Anchor component={Link} to={`/dealers/${one.dealer}`} size="sm">
        {one.dealer}
      </Anchor>
    ),
    csv: (one) => one.dealer,
  },
  { name: 'Time', cell: (one) => when(one.createdAt), csv: (one) => one.createdAt },
  { name: 'State', cell: (one) => <State delivery={one} />, csv: (one) => one.status },
  { name: 'HTTP', right: true, cell: (one) => one.httpStatus ?? '–', csv: (one) => one.httpStatus },
  { name: 'Tries', right: true, cell: (one) => count(one.attempts), csv: (one) => one.attempts },
  { name: '', right: true, cell: (one) => !one.disabledAt && <ReplayAction delivery={one} /> },
];

/** What only an exported file has as columns of their own. */
const exportedColumns: Column<Delivery>[] = [
  ...columns,
  { name: 'Address', cell: () => null, csv: (one) => one.url },
  { name: 'Failure', cell: () => null, csv: (one) => one.failure },
  { name: 'Id', cell: () => null, csv: (one) => one.id },
];

function ReplayAction({ delivery }: { delivery: Delivery }) {
  return (
    <Action
      name="Replay"
      about={`${delivery.event} to ${delivery.url}`}
      look={{ size: 'compact-sm' }}
      role="support"
      title="Tell the webhook once more"
      says={
        <>
          {delivery.url} is sent {delivery.event} again, under the same id, by which the receiver knows a
          message that it has had before.
        </>
      }
      confirm="Send"
      run={async () => {
        await replayDelivery(delivery.id);
        return 'The message is on its way.';
      }}
    />
  );
}

/** What dealers' webhooks were told, and what did not arrive. */
export function Deliveries() {
  const [isFailed, setFailed] = useState(true);
  const [dealer, setDealer] = useState<string>();
  const deliveries = useQuery(deliveriesQuery({ failed: isFailed, dealer }));
  const rows = deliveries.data ?? [];
  return (
    <Card
      title="Messages to webhooks"
      flush
      actions={
        <ExportButton
          file="webhooks.csv"
          columns={exportedColumns}
          rows={() => rows}
          disabled={rows.length === 0}
        />
      }
    >
      <div className={ui.filters}>
        <SearchField label="Dealer" placeholder="Email address" value={dealer} set={setDealer} />
        <Checkbox
          label="Only what did not arrive"
          pb="xs"
          checked={isFailed}
          onChange={(event) => setFailed(event.currentTarget.checked)}
        />
      </div>
      <Shown of={deliveries} lines={6}>
        {(all) => (
          <PagedTable
            caption="Messages to webhooks"
            noun="message"
            columns={columns}
            rows={all}
            keyOf={(one) => one.id}
            empty={
              isFailed ? (
                <Empty title="Everything arrived">What a webhook did not take appears here, and why.</Empty>
              ) : (
                <Empty title="No webhook was told anything yet" />
              )
            }
          />
        )}
      </Shown>
    </Card>
  );
}
